package org.xrv.zoo.cli;

import java.nio.file.Path;
import org.xrv.zoo.release.PackageInventory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "sbom",
    description =
        "Write a package's bill of materials (CycloneDX 1.6) from what the package says: networks,"
            + " data sets, licences, libraries.")
final class SbomCommand implements Runnable {
  @ParentCommand private XrvZoo program;

  @Parameters(paramLabel = "DIR", description = "Holds the files and xrv-model.json.")
  private Path directory;

  @Override
  public void run() {
    Path file = PackageInventory.write(directory);
    program.result(Json.object().put("sbom", file.toString()), file.toString());
  }
}
