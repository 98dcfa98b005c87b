package org.xrv.converter.cli;

import java.nio.file.Path;
import java.util.stream.Collectors;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnx.OnnxReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "inspect", description = "Print what a model file holds.")
final class InspectCommand implements Runnable {
  @ParentCommand private XrvConvert program;

  @Parameters(paramLabel = "FILE", description = "An ONNX file.")
  private Path file;

  @Override
  public void run() {
    OnnxModel model = OnnxReader.read(file);
    program
        .out()
        .println(
            model.graph().nodes().stream().map(Object::toString).collect(Collectors.joining("\n")));
  }
}
