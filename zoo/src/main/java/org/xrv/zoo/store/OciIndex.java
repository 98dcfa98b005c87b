package org.xrv.zoo.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelVersion;

/**
 * The index of an OCI image layout with versions of several models, each under the reference name
 * {@code [namespace/]name:version}. An index has no digest, so ours states one of the names and
 * digests that it lists: a damaged name is noticed as a damaged byte of a blob is.
 *
 * @param entries in the order of names and versions, each version once
 */
public record OciIndex(List<IndexEntry> entries) {
  /** The file of a layout that holds the index. */
  public static final String FILE = "index.json";

  /** The file that makes a directory a layout. */
  public static final String MARKER_FILE = "oci-layout";

  private static final String MARKER = "{\"imageLayoutVersion\":\"1.0.0\"}";
  private static final String NAME = "org.opencontainers.image.ref.name";
  private static final String CHECK = "org.xrv.zoo.versions";
  private static final int MAX_ENTRIES = 10_000;

  /** Of all manifests together; they are in memory at the same time. */
  private static final long MAX_MANIFEST_BYTES = 64L << 20;

  public OciIndex {
    entries = entries.stream().sorted(Comparator.comparing(IndexEntry::model)).toList();
    Set<ModelVersion> seen = new HashSet<>();
    for (IndexEntry entry : entries) {
      if (!seen.add(entry.model())) {
        throw new ProblemException(
            ProblemKind.BAD_DATA, "an index lists " + entry.model() + " twice; which one is it?");
      }
    }
    if (entries.size() > MAX_ENTRIES
        || entries.stream().mapToDouble(e -> e.manifest().size()).sum() > MAX_MANIFEST_BYTES) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          "an index may list at most "
              + MAX_ENTRIES
              + " versions with manifests of together "
              + MAX_MANIFEST_BYTES
              + " bytes; make several bundles");
    }
  }

  /** The content of {@link #MARKER_FILE}. */
  public static byte[] marker() {
    return MARKER.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Refuses a layout of another kind.
   *
   * @param marker the content of {@link #MARKER_FILE}
   */
  public static void requireLayout(byte[] marker, String where) {
    if (!ZooJson.parse(marker, where).path("imageLayoutVersion").asText().equals("1.0.0")) {
      throw bad(where, "is of no OCI image layout of version 1.0.0");
    }
  }

  public byte[] toJson() {
    ObjectNode index =
        ZooJson.object()
            .put("schemaVersion", 2)
            .put("mediaType", "application/vnd.oci.image.index.v1+json");
    ArrayNode manifests = index.putArray("manifests");
    for (IndexEntry entry : entries) {
      ObjectNode json = Manifest.descriptor(Manifest.MEDIA_TYPE, entry.manifest());
      json.put("artifactType", Manifest.ARTIFACT_TYPE)
          .putObject("annotations")
          .put(NAME, entry.model().toString());
      manifests.add(json);
    }
    index.putObject("annotations").put(CHECK, check().toString());
    return ZooJson.bytes(index);
  }

  private Digest check() {
    StringBuilder text = new StringBuilder();
    for (IndexEntry entry : entries) {
      text.append(entry.model()).append('@').append(entry.manifest().digest()).append('\n');
    }
    return Digest.of(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads an index, ours or one by another tool.
   *
   * @param where names it in a message
   * @throws ProblemException BAD_DATA when it is no index of models; DIGEST_MISMATCH when a name or
   *     digest changed
   */
  public static OciIndex parse(byte[] bytes, String where) {
    if (bytes.length > ZooJson.MAX_BYTES) {
      throw bad(where, "is larger than the " + ZooJson.MAX_BYTES + " bytes allowed");
    }
    ObjectNode json = ZooJson.parse(bytes, where);
    if (json.path("schemaVersion").asInt() != 2 || !json.path("manifests").isArray()) {
      throw bad(where, "is no OCI image index");
    }
    List<IndexEntry> entries = new ArrayList<>();
    for (JsonNode manifest : json.path("manifests")) {
      JsonNode name = manifest.path("annotations").path(NAME);
      if (!name.isTextual()) {
        throw bad(where, "has an entry without " + NAME);
      }
      entries.add(new IndexEntry(model(name.asText(), where), Manifest.blob(manifest, where)));
    }
    OciIndex index = new OciIndex(entries);
    JsonNode check = json.path("annotations").path(CHECK);
    if (!check.isMissingNode() && !check.asText().equals(index.check().toString())) {
      throw new ProblemException(
          ProblemKind.DIGEST_MISMATCH,
          where + " is damaged: a name or digest in it changed; copy the bundle again");
    }
    return index;
  }

  private static ModelVersion model(String text, String where) {
    try {
      return ModelVersion.parse(text);
    } catch (ProblemException e) {
      throw bad(where, "lists a version under a name that is none of a zoo: " + e.getMessage());
    }
  }

  private static ProblemException bad(String where, String problem) {
    return new ProblemException(ProblemKind.BAD_DATA, where + " " + problem);
  }
}
