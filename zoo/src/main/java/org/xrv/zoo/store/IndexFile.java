package org.xrv.zoo.store;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.SemanticVersion;

/**
 * The layout's {@code index.json}, for tools that know OCI only. It is derived from the version
 * files and can be written by several programs at once: each writes what it listed, then lists
 * again, until both agree. Whoever writes last has listed after writing, so nothing is lost.
 */
final class IndexFile {
  private static final byte[] MARKER =
      "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.US_ASCII);

  private final ZooPaths paths;
  private final PartialFiles partial;
  private final VersionRefs refs;
  private final VersionStates states;
  private final Aliases aliases;

  IndexFile(
      ZooPaths paths,
      PartialFiles partial,
      VersionRefs refs,
      VersionStates states,
      Aliases aliases) {
    this.paths = paths;
    this.partial = partial;
    this.refs = refs;
    this.states = states;
    this.aliases = aliases;
  }

  /** All that an index tells. */
  private record Listing(
      SortedMap<SemanticVersion, Digest> versions,
      Map<SemanticVersion, VersionState> states,
      SortedMap<String, SemanticVersion> aliases) {}

  private Listing list(ModelName name) {
    SortedMap<SemanticVersion, Digest> versions = refs.all(name);
    Map<SemanticVersion, VersionState> marks = new HashMap<>();
    versions.keySet().forEach(v -> marks.put(v, states.of(new ModelVersion(name, v))));
    return new Listing(versions, marks, aliases.all(name));
  }

  /** Writes the index and the layout's marker anew. */
  void rebuild(ModelName name) {
    Path marker = paths.marker(name);
    if (!holds(marker, MARKER)) {
      partial.replace(marker, MARKER);
    }
    Listing listed;
    Listing again = list(name);
    do {
      listed = again;
      partial.replace(paths.index(name), content(name, listed));
      again = list(name);
    } while (!again.equals(listed));
  }

  /** Whether the index says what the version files say. */
  boolean isCurrent(ModelName name) {
    return holds(paths.marker(name), MARKER) && holds(paths.index(name), content(name, list(name)));
  }

  private static boolean holds(Path file, byte[] content) {
    try {
      return Files.isRegularFile(file) && Arrays.equals(Files.readAllBytes(file), content);
    } catch (IOException e) {
      return false;
    }
  }

  private byte[] content(ModelName name, Listing listing) {
    ObjectNode index =
        ZooJson.object()
            .put("schemaVersion", 2)
            .put("mediaType", "application/vnd.oci.image.index.v1+json");
    ArrayNode manifests = index.putArray("manifests");
    listing
        .versions()
        .forEach(
            (version, digest) ->
                entry(name, digest, version.toString())
                    .ifPresent(
                        entry -> {
                          OciIndex.annotate(
                              (ObjectNode) entry.path("annotations"),
                              listing.states().get(version));
                          manifests.add(entry);
                        }));
    listing
        .aliases()
        .forEach(
            (alias, version) -> {
              Digest digest = listing.versions().get(version);
              if (digest != null) {
                entry(name, digest, alias)
                    .ifPresent(
                        entry -> {
                          ((ObjectNode) entry.path("annotations"))
                              .put(OciIndex.ALIAS, version.toString());
                          manifests.add(entry);
                        });
              }
            });
    return ZooJson.bytes(index);
  }

  /** One name of a manifest; none when it is lost, which must not hide the others. */
  private Optional<ObjectNode> entry(ModelName name, Digest digest, String tag) {
    Path manifest = paths.blob(name, digest);
    if (!Files.isRegularFile(manifest)) {
      return Optional.empty();
    }
    ObjectNode entry =
        Manifest.descriptor(Manifest.MEDIA_TYPE, new Blob(digest, manifest.toFile().length()));
    entry
        .put("artifactType", Manifest.ARTIFACT_TYPE)
        .putObject("annotations")
        .put("org.opencontainers.image.ref.name", tag);
    return Optional.of(entry);
  }
}
