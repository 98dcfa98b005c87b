package org.xrv.zoo.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.xrv.core.error.ProblemException;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.SemanticVersion;
import org.xrv.zoo.query.ModelSearch;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.ModelDetails;
import org.xrv.zoo.store.ModelVersions;
import org.xrv.zoo.store.VersionState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "search",
    description = {
      "Find models by words in their names and descriptions: targets, data sets, architecture, use.",
      "Of each model latest is searched, or its highest version when there is no latest."
    })
final class SearchCommand implements Runnable {
  @ParentCommand private XrvZoo program;

  @Parameters(
      paramLabel = "WORD",
      arity = "1..*",
      description = "A model has to have all of them; capitals do not matter.")
  private List<String> words;

  @Override
  public void run() {
    ModelSearch search = new ModelSearch(words);
    LocalZoo zoo = program.zoo();
    ArrayNode json = Json.array();
    List<String> lines = new ArrayList<>();
    for (ModelVersions model : zoo.list()) {
      SemanticVersion version =
          zoo.latest(model.name()).orElseGet(() -> model.versions().lastKey());
      try {
        ModelDetails details = zoo.show(ModelReference.of(new ModelVersion(model.name(), version)));
        if (search.finds(details)) {
          VersionState state = zoo.state(details.model());
          ObjectNode one =
              Json.withState(Json.model(details.model(), details.digest()), state)
                  .put("size", details.size());
          json.add(one);
          lines.add(
              details.model()
                  + (state.yanked().isPresent()
                      ? " (yanked)"
                      : state.deprecated().isPresent() ? " (deprecated)" : ""));
        }
      } catch (ProblemException e) {
        program.problem(e.getMessage()); // the others can be searched nevertheless
      }
    }
    if (lines.isEmpty()) {
      program.remark("no model of the zoo " + zoo.root() + " has " + String.join(", ", words));
    }
    if (!lines.isEmpty() || program.isJson()) {
      program.result(json, String.join(System.lineSeparator(), lines));
    }
  }
}
