package org.xrv.trainer.cli;

import java.util.concurrent.Callable;
import org.xrv.core.dataset.manifest.DataManifests;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.error.Suggestions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a built-in manifest: what users start their own from. */
@Command(
    name = "manifest",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Prints the manifest of a built-in data set.",
      "Save it as own.yaml, change it to how your files are laid out, and use --data own.yaml."
    })
final class DataManifestCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(arity = "1", paramLabel = "NAME", description = "A data set of data list.")
  private String name;

  @Override
  public Integer call() {
    if (!DataManifests.NAMES.contains(name)) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "no built-in manifest \""
              + name
              + "\""
              + Suggestions.didYouMean(name, DataManifests.NAMES)
              + " (known: "
              + String.join(", ", DataManifests.NAMES)
              + ")");
    }
    spec.commandLine().getOut().print(DataManifests.text(name));
    spec.commandLine().getOut().flush();
    return 0;
  }
}
