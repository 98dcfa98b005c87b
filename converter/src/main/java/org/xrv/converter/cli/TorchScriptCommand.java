package org.xrv.converter.cli;

import picocli.CommandLine.Command;

@Command(
    name = "torchscript",
    description =
        "Write a model as a TorchScript archive, for torch.jit.load in Python and for DJL. That of"
            + " an autoencoder has methods encode and decode.")
final class TorchScriptCommand extends ExportCommand {
  TorchScriptCommand() {
    super(
        "torchscript",
        "DJL, which runs the archive before it is kept, is not on the class path; start"
            + " bin/xrv-convert, which brings it");
  }
}
