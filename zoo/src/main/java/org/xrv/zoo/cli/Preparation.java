package org.xrv.zoo.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.card.CardCheck;
import org.xrv.zoo.card.Gap;
import org.xrv.zoo.card.PackageContent;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.release.PackageName;
import org.xrv.zoo.release.PackageSigner;

/** What happens to a directory before it is pushed, wherever it is pushed to. */
final class Preparation {
  private final XrvZoo program;
  private final boolean strict;

  Preparation(XrvZoo program, boolean strict) {
    this.program = program;
    this.strict = strict;
  }

  /**
   * Signs a package if that is wanted, and refuses a signature of other files.
   *
   * @param key names the key to sign with
   * @return what its card lacks, for telling it once the package is published
   */
  Optional<String> of(Path directory, ModelVersion model, Optional<String> key) {
    if (key.isPresent()) {
      PackageName.set(directory, model);
    }
    PackageContent content = PackageContent.of(directory);
    Optional<String> lacking = lacking(directory, content, key.isPresent());
    if (strict && lacking.isPresent()) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, directory + " does not say all that it has to: " + lacking.get());
    }
    if (key.isPresent()) {
      PackageSigner.sign(directory, content.digests(), Keys.signing(program, key.get()));
    } else {
      PackageSigner.requireFitting(directory, content.digests());
    }
    return lacking;
  }

  private static Optional<String> lacking(Path directory, PackageContent content, boolean isNamed) {
    List<Gap> gaps =
        CardCheck.of(content).stream()
            // The reference names an unsigned package.
            .filter(g -> isNamed || !(g.field().equals("name") || g.field().equals("version")))
            .toList();
    Map<String, String> byFile =
        gaps.stream()
            .collect(
                Collectors.groupingBy(
                    Gap::file,
                    TreeMap::new,
                    Collectors.mapping(Gap::field, Collectors.joining(", "))));
    return gaps.isEmpty()
        ? Optional.empty()
        : Optional.of(
            byFile.entrySet().stream()
                    .map(e -> e.getKey() + ": " + e.getValue())
                    .collect(Collectors.joining("; "))
                + " (xrv-zoo check "
                + directory
                + " says what to write)");
  }
}
