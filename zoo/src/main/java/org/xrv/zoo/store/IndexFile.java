package org.xrv.zoo.store;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SortedMap;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;
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

  IndexFile(ZooPaths paths, PartialFiles partial, VersionRefs refs) {
    this.paths = paths;
    this.partial = partial;
    this.refs = refs;
  }

  /** Writes the index and the layout's marker anew. */
  void rebuild(ModelName name) {
    Path marker = paths.marker(name);
    if (!holds(marker, MARKER)) {
      partial.replace(marker, MARKER);
    }
    SortedMap<SemanticVersion, Digest> listed;
    SortedMap<SemanticVersion, Digest> again = refs.all(name);
    do {
      listed = again;
      partial.replace(paths.index(name), content(name, listed));
      again = refs.all(name);
    } while (!again.equals(listed));
  }

  /** Whether the index says what the version files say. */
  boolean isCurrent(ModelName name) {
    return holds(paths.marker(name), MARKER)
        && holds(paths.index(name), content(name, refs.all(name)));
  }

  private static boolean holds(Path file, byte[] content) {
    try {
      return Files.isRegularFile(file) && Arrays.equals(Files.readAllBytes(file), content);
    } catch (IOException e) {
      return false;
    }
  }

  private byte[] content(ModelName name, SortedMap<SemanticVersion, Digest> versions) {
    ObjectNode index =
        ZooJson.object()
            .put("schemaVersion", 2)
            .put("mediaType", "application/vnd.oci.image.index.v1+json");
    ArrayNode manifests = index.putArray("manifests");
    versions.forEach(
        (version, digest) -> {
          Path manifest = paths.blob(name, digest);
          if (Files.isRegularFile(manifest)) { // a lost manifest must not hide the others
            ObjectNode entry =
                Manifest.descriptor(
                    Manifest.MEDIA_TYPE, new Blob(digest, manifest.toFile().length()));
            entry
                .put("artifactType", Manifest.ARTIFACT_TYPE)
                .putObject("annotations")
                .put("org.opencontainers.image.ref.name", version.toString());
            manifests.add(entry);
          }
        });
    return ZooJson.bytes(index);
  }
}
