package org.xrv.converter.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnx.OnnxReader;
import org.xrv.converter.torch.TorchReader;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.tensor.Safetensors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "inspect",
    description = {
      "Print what a model file holds.",
      "Of ONNX: inputs, outputs, opset, metadata, and parameters and multiply-adds (for one image)"
          + " by layer. Of PyTorch checkpoints and safetensors: the tensors."
    })
final class InspectCommand implements Runnable {
  @ParentCommand private XrvConvert program;

  @Parameters(paramLabel = "FILE", description = "An .onnx, .pt, .pth or .safetensors file.")
  private Path file;

  @Option(names = "--all", description = "List layers without parameters and multiply-adds too.")
  private boolean all;

  @Override
  public void run() {
    if (!Files.isRegularFile(file)) {
      throw new ProblemException(ProblemKind.BAD_DATA, file + ": no such model file");
    }
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".safetensors")) {
      print(TensorInspection.of(file.toString(), Safetensors.read(file), size()));
    } else if (name.matches(".*\\.(pt|pth|pkl|ckpt|bin)")) {
      print(TensorInspection.of(file.toString(), TorchReader.read(file), size()));
    } else {
      onnx();
    }
  }

  private void onnx() {
    OnnxInspection inspection = new OnnxInspection(file.toString(), OnnxReader.facts(file));
    OnnxModel model;
    try {
      model = OnnxReader.read(file);
    } catch (ProblemException e) {
      // What the file says about itself helps to see why its layers cannot be read.
      if (!program.isJson()) {
        print(inspection.header());
      }
      throw e;
    }
    print(inspection.whole(model.graph(), all));
  }

  private void print(Inspection inspection) {
    if (program.isJson()) {
      program.out().println(inspection.json().toPrettyString());
    } else {
      inspection.lines().forEach(program.out()::println);
    }
  }

  private long size() {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, file + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
