package org.xrv.zoo.registry;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.error.Suggestions;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.SemanticVersion;
import org.xrv.zoo.name.Tag;
import org.xrv.zoo.store.Resolved;

/** Finds the version that a reference means in a registry, by its tags. */
final class RemoteResolver {
  private final RegistryClient client;

  RemoteResolver(RegistryClient client) {
    this.client = client;
  }

  /**
   * Asks the registry.
   *
   * @throws ProblemException NOT_FOUND with what there is; DIGEST_MISMATCH when tag and digest do
   *     not agree
   */
  RemoteVersion resolve(ModelReference reference) {
    RemoteVersion version =
        reference.tagged() || reference.digest().isEmpty()
            ? tagged(reference)
            : withDigest(reference, reference.digest().get());
    Resolved found = version.resolved();
    found.requireAgrees(reference, "at " + client.address());
    if (reference.digest().isEmpty()) {
      version
          .state()
          .yanked()
          .ifPresent(
              reason -> {
                throw new ProblemException(
                    ProblemKind.YANKED,
                    found.model()
                        + " at "
                        + client.address()
                        + " is yanked: "
                        + reason
                        + "; choose another version, or ask for "
                        + found.model()
                        + "@"
                        + found.digest()
                        + " to get it nevertheless");
              });
    }
    return version;
  }

  private RemoteVersion tagged(ModelReference reference) {
    ModelName name = reference.name();
    if (reference.tag() instanceof Tag.Exact exact) {
      return version(name, exact.version()).orElseThrow(() -> noVersion(reference));
    }
    if (reference.tag() instanceof Tag.Alias alias) {
      Digest digest = client.digest(name, alias.alias()).orElseThrow(() -> noVersion(reference));
      return withDigest(reference, digest);
    }
    return newest(reference);
  }

  private Optional<RemoteVersion> version(ModelName name, SemanticVersion version) {
    return client
        .tagged(name, version.toString())
        .map(
            t ->
                new RemoteVersion(
                    new Resolved(new ModelVersion(name, version), t.digest()), t.state()));
  }

  /** The highest release of a series, or of all, that is not yanked. */
  private RemoteVersion newest(ModelReference reference) {
    List<SemanticVersion> meant =
        model(reference.name()).versions().stream()
            .filter(v -> !v.isPreRelease())
            .filter(v -> !(reference.tag() instanceof Tag.Series s) || s.contains(v))
            .sorted(Comparator.reverseOrder())
            .toList();
    Optional<RemoteVersion> yanked = Optional.empty();
    for (SemanticVersion one : meant) {
      Optional<RemoteVersion> found = version(reference.name(), one);
      if (found.isPresent() && found.get().state().yanked().isEmpty()) {
        return found.get();
      }
      yanked = yanked.or(() -> found);
    }
    return yanked.orElseThrow(() -> noVersion(reference)); // which resolve() refuses by name
  }

  /** The highest version whose manifest has a digest. */
  private RemoteVersion withDigest(ModelReference reference, Digest digest) {
    List<SemanticVersion> versions = model(reference.name()).versions();
    for (int i = versions.size() - 1; i >= 0; i--) {
      Optional<RemoteVersion> one = version(reference.name(), versions.get(i));
      if (one.isPresent() && one.get().resolved().digest().equals(digest)) {
        return one.get();
      }
    }
    throw noVersion(reference);
  }

  /**
   * A model with what its tags say.
   *
   * @throws ProblemException NOT_FOUND
   */
  RemoteModel model(ModelName name) {
    List<String> tags = client.tags(name).orElse(List.of());
    List<SemanticVersion> versions =
        tags.stream()
            .filter(SemanticVersion::isVersion)
            .map(SemanticVersion::parse)
            .sorted()
            .toList();
    if (versions.isEmpty()) {
      throw new ProblemException(
          ProblemKind.NOT_FOUND,
          "no model '"
              + name
              + "' in the zoo "
              + client.address()
              + (tags.isEmpty() ? "" : ", only a repository without versions: " + some(tags))
              + "; xrv-zoo list --zoo "
              + client.address()
              + " may tell what there is");
    }
    return new RemoteModel(name, versions, tags.stream().filter(Tag.Alias::isAlias).toList());
  }

  private ProblemException noVersion(ModelReference reference) {
    RemoteModel model = model(reference.name());
    List<String> known =
        java.util.stream.Stream.concat(
                model.versions().stream().map(SemanticVersion::toString), model.aliases().stream())
            .toList();
    String wanted = reference.tagged() ? reference.tag().toString() : Tag.LATEST;
    String suggestion = reference.tagged() ? Suggestions.didYouMean(wanted, known) : "";
    return new ProblemException(
        ProblemKind.NOT_FOUND,
        "no version "
            + (reference.tagged()
                ? "'" + wanted + "'"
                : reference.digest().map(d -> "with digest " + d).orElse("'" + wanted + "'"))
            + " of "
            + reference.name()
            + " at "
            + client.address()
            + (suggestion.isEmpty() ? "." : suggestion)
            + " It has: "
            + some(known));
  }

  private static String some(List<String> known) {
    return known.stream().limit(20).collect(Collectors.joining(", "))
        + (known.size() > 20 ? " and " + (known.size() - 20) + " more" : "");
  }
}
