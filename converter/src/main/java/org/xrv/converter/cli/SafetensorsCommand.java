package org.xrv.converter.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.xrv.converter.published.SafetensorsExport;
import org.xrv.converter.published.WeightFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "safetensors",
    description = "Write the weights of a model package, a PyTorch or an ONNX file as safetensors.")
final class SafetensorsCommand implements Runnable {
  @ParentCommand private XrvConvert program;

  @Parameters(
      paramLabel = "DIR|FILE",
      description = "A model package, or a .pt, .pth, .ckpt, .bin, .safetensors or .onnx file.")
  private Path source;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The file to be.")
  private Path out;

  @Override
  public void run() {
    WeightFile weights = WeightFile.read(source);
    weights.remarks().forEach(program::remark);
    SafetensorsExport.write(weights, out);
    if (program.isJson()) {
      ObjectNode result = new ObjectMapper().createObjectNode();
      result.put("file", out.toString());
      result.put("found", weights.found());
      result.put("tensors", weights.tensors().names().size());
      weights.converted().forEach(result.putObject("converted")::put);
      weights.skipped().forEach(result.putArray("skipped")::add);
      program.out().println(result);
      return;
    }
    program.out().println(out);
    program.remark(
        weights.tensors().names().size()
            + " tensors of "
            + weights.what()
            + (weights.skipped().isEmpty()
                ? ""
                : "; " + weights.skipped().size() + " that are no weights were left out"));
  }
}
