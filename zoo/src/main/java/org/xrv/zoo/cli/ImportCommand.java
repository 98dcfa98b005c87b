package org.xrv.zoo.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.xrv.zoo.bundle.Bundle;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.Published;
import org.xrv.zoo.terms.AcceptedTerms;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "import",
    description = "Publish all versions of a bundle here, or none when a byte of it is wrong.")
final class ImportCommand implements Runnable {
  @ParentCommand private XrvZoo program;
  @Mixin private TrustOptions trust;

  @Parameters(
      paramLabel = "FILE.tar|DIR",
      description = "What export wrote, an OCI image layout, or a copy of a zoo.")
  private Path path;

  @Override
  public void run() {
    ArrayNode json = Json.array();
    List<String> lines = new ArrayList<>();
    LocalZoo zoo = program.zoo(trust.admission(program), AcceptedTerms.of(program.user()));
    try (Bundle bundle = Bundle.open(path)) {
      for (Published published : zoo.adopt(bundle.versions(), bundle)) {
        if (!published.isNew()) {
          program.remark(published.model() + " existed already with the same files");
        }
        json.add(Json.model(published.model(), published.digest()).put("new", published.isNew()));
        lines.add(published.model() + "@" + published.digest());
      }
      program.say(program.zoo().take(bundle.statements()));
    }
    if (lines.isEmpty()) {
      program.remark(path + " holds no versions");
    }
    if (!lines.isEmpty() || program.isJson()) {
      program.result(json, String.join(System.lineSeparator(), lines));
    }
  }
}
