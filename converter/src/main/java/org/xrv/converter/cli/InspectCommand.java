package org.xrv.converter.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xrv.converter.given.FileKind;
import org.xrv.converter.given.GivenModel;
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
      "Print what a model file, or each network of a package, holds.",
      "Of ONNX: inputs, outputs, opset, metadata, and parameters and multiply-adds (for one image)"
          + " by layer. Of PyTorch checkpoints and safetensors: the tensors."
    })
final class InspectCommand implements Runnable {
  @ParentCommand private XrvConvert program;

  @Parameters(
      paramLabel = "DIR|FILE",
      description = "A model package, a run, or an .onnx, .pt, .pth or .safetensors file.")
  private Path given;

  @Option(names = "--all", description = "List layers without parameters and multiply-adds too.")
  private boolean all;

  @Override
  public void run() {
    GivenModel model = GivenModel.at(given);
    if (model.described().isEmpty()) {
      print(inspected(given));
      return;
    }
    ObjectNode document = new ObjectMapper().createObjectNode().put("directory", given.toString());
    ObjectNode networks = document.putObject("networks");
    for (String role : model.roles()) {
      Inspection one = inspected(model.described().get().file(role));
      if (program.isJson()) {
        networks.set(role, one.json());
      } else {
        print(one);
      }
    }
    if (program.isJson()) {
      program.out().println(document.toPrettyString());
    }
  }

  private Inspection inspected(Path file) {
    return switch (FileKind.of(file)) {
      case ONNX -> onnx(file);
      case SAFETENSORS -> TensorInspection.of(file.toString(), Safetensors.read(file), size(file));
      case TORCH -> TensorInspection.of(file.toString(), TorchReader.read(file), size(file));
    };
  }

  private Inspection onnx(Path file) {
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
    return inspection.whole(model.graph(), all);
  }

  private void print(Inspection inspection) {
    if (program.isJson()) {
      program.out().println(inspection.json().toPrettyString());
    } else {
      inspection.lines().forEach(program.out()::println);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, file + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
