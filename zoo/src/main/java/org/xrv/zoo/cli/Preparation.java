package org.xrv.zoo.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
   * Signs a package if that is wanted, tells what its card lacks, and refuses a signature of other
   * files.
   *
   * @param key names the key to sign with
   */
  void of(Path directory, ModelVersion model, Optional<String> key) {
    if (key.isPresent()) {
      PackageName.set(directory, model);
    }
    require(directory, key.isPresent());
    key.ifPresent(k -> PackageSigner.sign(directory, Keys.signing(program, k)));
    PackageSigner.requireFitting(directory);
  }

  private void require(Path directory, boolean isNamed) {
    List<Gap> gaps =
        CardCheck.of(PackageContent.of(directory)).stream()
            // The reference names an unsigned package.
            .filter(g -> isNamed || !(g.field().equals("name") || g.field().equals("version")))
            .toList();
    if (gaps.isEmpty()) {
      return;
    }
    String lacking =
        gaps.stream()
                .collect(
                    Collectors.groupingBy(
                        Gap::file,
                        java.util.TreeMap::new,
                        Collectors.mapping(Gap::field, Collectors.joining(", "))))
                .entrySet()
                .stream()
                .map(e -> e.getKey() + ": " + e.getValue())
                .collect(Collectors.joining("; "))
            + " (xrv-zoo check "
            + directory
            + " says what to write)";
    if (strict) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, directory + " does not say all that it has to: " + lacking);
    }
    program.remark("the model does not say all that others want to know: " + lacking);
  }
}
