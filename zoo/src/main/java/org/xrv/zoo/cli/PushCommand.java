package org.xrv.zoo.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.PlacedReference;
import org.xrv.zoo.store.Published;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "push", description = "Publish the model in a directory as a new version.")
final class PushCommand implements Runnable {
  @ParentCommand private XrvZoo program;

  @Parameters(index = "0", paramLabel = "DIR", description = "Holds the files and xrv-model.json.")
  private Path directory;

  @Parameters(
      index = "1",
      paramLabel = "NAME:VERSION",
      description = "Such as ae-resnet101:1.2.0 or zoo.example.org/mylab/ae-resnet101:1.2.0-rc.1.")
  private String model;

  @Option(
      names = "--sign",
      paramLabel = "KEY",
      description = "Sign the package first, as xrv-zoo sign does; this writes into DIR.")
  private String key;

  @Option(
      names = "--strict",
      description = "Refuse a package whose card has gaps; see xrv-zoo check.")
  private boolean strict;

  @Override
  public void run() {
    PlacedReference to = PlacedReference.parse(model);
    ModelVersion version = ModelVersion.parse(to.model().toString());
    Optional<String> lacking =
        new Preparation(program, strict).of(directory, version, Optional.ofNullable(key));
    Published published =
        program
            .remote(to.place())
            .map(zoo -> zoo.push(directory, version))
            .orElseGet(() -> program.zoo().push(directory, version));
    if (!published.isNew()) {
      program.remark(published.model() + " existed already with the same files");
    } else {
      lacking.ifPresent(l -> program.remark("the model does not say all that others ask: " + l));
    }
    program.result(
        Json.model(published.model(), published.digest()).put("new", published.isNew()),
        published.model() + "@" + published.digest());
  }
}
