package org.xrv.zoo.store;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.error.Suggestions;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.SemanticVersion;
import org.xrv.zoo.name.Tag;

/** Finds the version that a reference means, or says what there is instead. */
final class Resolver {
  private final ZooPaths paths;
  private final VersionRefs refs;
  private final VersionStates states;
  private final Aliases aliases;

  Resolver(ZooPaths paths, VersionRefs refs, VersionStates states, Aliases aliases) {
    this.paths = paths;
    this.refs = refs;
    this.states = states;
    this.aliases = aliases;
  }

  /**
   * Finds a version.
   *
   * @throws ProblemException NOT_FOUND; YANKED when all versions that may be meant are; or
   *     DIGEST_MISMATCH when tag and digest do not agree
   */
  Resolved resolve(ModelReference reference) {
    SortedMap<SemanticVersion, Digest> versions = versions(reference.name());
    if (!reference.tagged() && reference.digest().isPresent()) {
      Digest digest = reference.digest().get();
      return highest(versions, v -> versions.get(v).equals(digest))
          .map(v -> resolved(reference, v, digest))
          .orElseThrow(() -> noVersion(reference, versions));
    }
    Optional<SemanticVersion> version;
    if (reference.tag() instanceof Tag.Exact exact) {
      version = exact(reference, exact.version(), versions);
    } else if (reference.tag() instanceof Tag.Alias alias) {
      version = aliases.read(reference.name(), alias).filter(v -> versions.containsKey(v));
    } else {
      version = newest(reference, versions);
    }
    Resolved found =
        version
            .map(v -> resolved(reference, v, versions.get(v)))
            .orElseThrow(() -> noVersion(reference, versions));
    found.requireAgrees(reference, "in this zoo");
    return found;
  }

  /**
   * The versions of a model, at least one.
   *
   * @throws ProblemException NOT_FOUND, with the nearest name
   */
  SortedMap<SemanticVersion, Digest> versions(ModelName name) {
    SortedMap<SemanticVersion, Digest> versions = refs.all(name);
    if (versions.isEmpty() && refs.named(name).isEmpty()) {
      throw noModel(name);
    }
    return versions;
  }

  private Optional<SemanticVersion> exact(
      ModelReference reference,
      SemanticVersion version,
      SortedMap<SemanticVersion, Digest> versions) {
    if (!versions.containsKey(version)) {
      // Tells an unfinished version file from a version that was never pushed.
      refs.read(new ModelVersion(reference.name(), version));
      return Optional.empty();
    }
    return Optional.of(version);
  }

  /** The highest release that is not yanked. */
  Optional<SemanticVersion> latest(ModelName name) {
    return refs.all(name).keySet().stream()
        .filter(v -> !v.isPreRelease() && !states.isYanked(new ModelVersion(name, v)))
        .max(Comparator.naturalOrder());
  }

  /** The highest release of a series, or of all, that is not yanked. */
  private Optional<SemanticVersion> newest(
      ModelReference reference, SortedMap<SemanticVersion, Digest> versions) {
    List<SemanticVersion> meant =
        versions.keySet().stream()
            .filter(v -> !v.isPreRelease())
            .filter(v -> !(reference.tag() instanceof Tag.Series s) || s.contains(v))
            .sorted(Comparator.reverseOrder())
            .toList();
    Optional<SemanticVersion> found =
        meant.stream()
            .filter(v -> !states.isYanked(new ModelVersion(reference.name(), v)))
            .findFirst();
    if (found.isEmpty() && !meant.isEmpty()) {
      ModelVersion highest = new ModelVersion(reference.name(), meant.get(0));
      throw new ProblemException(
          ProblemKind.YANKED,
          reference
              + " means yanked versions only, such as "
              + highest
              + states.of(highest).yanked().map(reason -> " (" + reason + ")").orElse("")
              + "; xrv-zoo versions "
              + reference.name()
              + " lists what else there is");
    }
    return found;
  }

  private static Resolved resolved(ModelReference r, SemanticVersion version, Digest digest) {
    return new Resolved(new ModelVersion(r.name(), version), digest);
  }

  private static Optional<SemanticVersion> highest(
      Map<SemanticVersion, Digest> versions, Predicate<SemanticVersion> wanted) {
    return versions.keySet().stream().filter(wanted).max(SemanticVersion::compareTo);
  }

  private ProblemException noModel(ModelName name) {
    List<String> known = refs.models().stream().map(ModelName::toString).toList();
    return new ProblemException(
        ProblemKind.NOT_FOUND,
        "no model '"
            + name
            + "' in the zoo "
            + paths.root()
            + (known.isEmpty()
                ? ", which is empty; push a model or name another zoo"
                : instead(name.toString(), known) + " It has: " + some(known)));
  }

  private ProblemException noVersion(
      ModelReference reference, SortedMap<SemanticVersion, Digest> versions) {
    List<String> known =
        Stream.concat(
                versions.keySet().stream().map(SemanticVersion::toString),
                aliases.all(reference.name()).keySet().stream())
            .toList();
    String wanted = reference.tagged() ? reference.tag().toString() : Tag.LATEST;
    boolean onlyPreReleases =
        !(reference.tag() instanceof Tag.Exact)
            && reference.digest().isEmpty()
            && !versions.isEmpty()
            && versions.keySet().stream().allMatch(SemanticVersion::isPreRelease);
    return new ProblemException(
        ProblemKind.NOT_FOUND,
        "no version "
            + (reference.tagged()
                ? "'" + wanted + "'"
                : reference.digest().map(d -> "with digest " + d).orElse("'" + wanted + "'"))
            + " of "
            + reference.name()
            + (onlyPreReleases
                ? ", which has pre-releases only; name one of them."
                : instead(wanted, known))
            + " It has: "
            + some(known));
  }

  private static String instead(String wanted, List<String> known) {
    String suggestion = Suggestions.didYouMean(wanted, known);
    return suggestion.isEmpty() ? "." : suggestion;
  }

  private static String some(List<String> known) {
    return known.stream().limit(20).collect(Collectors.joining(", "))
        + (known.size() > 20 ? " and " + (known.size() - 20) + " more" : "");
  }
}
