package org.xrv.zoo.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.card.CardCheck;
import org.xrv.zoo.card.Gap;
import org.xrv.zoo.card.PackageContent;
import org.xrv.zoo.name.ModelReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "check",
    description = {
      "Tell what a model does not say about itself, one line each: xrv-model.json, model card,",
      "provenance, bill of materials. The exit code is 2 when something is missing."
    })
final class CheckCommand implements Callable<Integer> {
  @ParentCommand private XrvZoo program;

  @Parameters(
      paramLabel = "DIR|REF",
      description = "A directory with a package, or a model of the zoo.")
  private String what;

  @Override
  public Integer call() {
    Path directory = Path.of(what);
    PackageContent content =
        Files.isDirectory(directory)
            ? PackageContent.of(directory)
            : PackageContent.of(program.zoo().arrival(ModelReference.parse(what)));
    List<Gap> gaps = CardCheck.of(content);
    ArrayNode json = Json.array();
    gaps.forEach(
        g ->
            json.addObject()
                .put("file", g.file())
                .put("field", g.field())
                .put("advice", g.advice()));
    if (!gaps.isEmpty() || program.isJson()) {
      program.result(
          json,
          gaps.stream().map(Gap::toString).collect(Collectors.joining(System.lineSeparator())));
    }
    if (gaps.isEmpty()) {
      program.remark(what + " says all that it has to; nobody checked whether it is true");
    }
    return gaps.isEmpty() ? 0 : program.exitCodes().of(ProblemKind.BAD_DATA);
  }
}
