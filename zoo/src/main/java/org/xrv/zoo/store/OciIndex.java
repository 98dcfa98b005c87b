package org.xrv.zoo.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.SemanticVersion;
import org.xrv.zoo.name.Tag;

/**
 * The index of an OCI image layout with versions of several models, each under the reference name
 * {@code [namespace/]name:version}. An index has no digest, so ours states one of the names and
 * digests that it lists: a damaged name is noticed as a damaged byte of a blob is.
 *
 * @param entries in the order of names and versions, each version once
 * @param statements about these versions: marks as annotations of their entries, aliases as entries
 *     of their own
 */
public record OciIndex(List<IndexEntry> entries, Statements statements) {
  /** The file of a layout that holds the index. */
  public static final String FILE = "index.json";

  /** The file that makes a directory a layout. */
  public static final String MARKER_FILE = "oci-layout";

  private static final String MARKER = "{\"imageLayoutVersion\":\"1.0.0\"}";
  private static final String NAME = "org.opencontainers.image.ref.name";
  private static final String CHECK = "org.xrv.zoo.versions";

  /** Beside an alias: which version it means, since several may have the same manifest. */
  static final String ALIAS = "org.xrv.alias-of";

  private static final int MAX_ENTRIES = 10_000;

  /** Of all manifests together; they are in memory at the same time. */
  private static final long MAX_MANIFEST_BYTES = 64L << 20;

  /** Says what is there, and nothing about it. */
  public OciIndex(List<IndexEntry> entries) {
    this(entries, Statements.none());
  }

  public OciIndex {
    statements = statements.about(entries.stream().map(IndexEntry::model).toList());
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
      annotate(add(entry.manifest(), entry.model().toString(), manifests), entry.model());
    }
    for (IndexEntry entry : entries) {
      statements
          .aliases(entry.model().name())
          .forEach(
              (alias, version) -> {
                if (version.equals(entry.model().version())) {
                  add(entry.manifest(), entry.model().name() + ":" + alias, manifests)
                      .put(ALIAS, version.toString());
                }
              });
    }
    index.putObject("annotations").put(CHECK, check().toString());
    return ZooJson.bytes(index);
  }

  private static ObjectNode add(Blob manifest, String name, ArrayNode manifests) {
    ObjectNode json = Manifest.descriptor(Manifest.MEDIA_TYPE, manifest);
    manifests.add(json.put("artifactType", Manifest.ARTIFACT_TYPE));
    return json.putObject("annotations").put(NAME, name);
  }

  private void annotate(ObjectNode annotations, ModelVersion model) {
    annotate(annotations, statements.of(model));
  }

  /** Adds the marks of a version to the annotations of its entry. */
  static void annotate(ObjectNode annotations, VersionState state) {
    for (Mark mark : Mark.values()) {
      state.of(mark).ifPresent(message -> annotations.put(mark.annotation(), message));
    }
  }

  private Digest check() {
    StringBuilder text = new StringBuilder();
    for (IndexEntry entry : entries) {
      text.append(entry.model()).append('@').append(entry.manifest().digest()).append('\n');
    }
    statements
        .states()
        .forEach(
            (model, state) -> {
              for (Mark mark : Mark.values()) {
                state
                    .of(mark)
                    .ifPresent(m -> text.append(model + " " + mark + " " + m).append('\n'));
              }
            });
    statements
        .aliases()
        .forEach(
            (name, aliases) ->
                aliases.forEach((a, v) -> text.append(name + ":" + a + " " + v).append('\n')));
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
    SortedMap<ModelVersion, VersionState> states = new TreeMap<>();
    Map<ModelReference, AliasOf> named = new LinkedHashMap<>();
    for (JsonNode manifest : json.path("manifests")) {
      JsonNode name = manifest.path("annotations").path(NAME);
      if (!name.isTextual()) {
        throw bad(where, "has an entry without " + NAME);
      }
      Blob blob = Manifest.blob(manifest, where);
      Optional<ModelReference> alias = alias(name.asText());
      if (alias.isPresent()) {
        named.put(
            alias.get(),
            new AliasOf(blob.digest(), manifest.path("annotations").path(ALIAS).asText()));
        continue;
      }
      ModelVersion model = model(name.asText(), where);
      entries.add(new IndexEntry(model, blob));
      states.put(
          model,
          new VersionState(
              message(manifest, Mark.YANKED, where), message(manifest, Mark.DEPRECATED, where)));
    }
    OciIndex index = new OciIndex(entries, new Statements(states, aliases(named, entries)));
    JsonNode check = json.path("annotations").path(CHECK);
    if (!check.isMissingNode() && !check.asText().equals(index.check().toString())) {
      throw new ProblemException(
          ProblemKind.DIGEST_MISMATCH,
          where + " is damaged: a name or digest in it changed; copy the bundle again");
    }
    return index;
  }

  private static Optional<String> message(JsonNode manifest, Mark mark, String where) {
    JsonNode message = manifest.path("annotations").path(mark.annotation());
    if (!message.isMissingNode() && !VersionStates.isLine(message.asText())) {
      throw bad(where, "has a " + mark.annotation() + " that is not one line of text");
    }
    return Optional.of(message).filter(JsonNode::isTextual).map(JsonNode::asText);
  }

  /** A name whose tag is an alias. */
  private static Optional<ModelReference> alias(String text) {
    try {
      ModelReference reference = ModelReference.parse(text);
      return reference.tag() instanceof Tag.Alias && reference.digest().isEmpty()
          ? Optional.of(reference)
          : Optional.empty();
    } catch (ProblemException e) {
      return Optional.empty(); // said of it as of a version
    }
  }

  /**
   * What an alias means.
   *
   * @param version as written; empty where another tool wrote the index
   */
  private record AliasOf(Digest digest, String version) {
    boolean means(IndexEntry entry) {
      return entry.manifest().digest().equals(digest)
          && (version.isEmpty() || entry.model().version().toString().equals(version));
    }
  }

  /** An alias is another name of a listed version's manifest: of the highest, if there are more. */
  private static SortedMap<ModelName, SortedMap<String, SemanticVersion>> aliases(
      Map<ModelReference, AliasOf> named, List<IndexEntry> entries) {
    SortedMap<ModelName, SortedMap<String, SemanticVersion>> aliases = new TreeMap<>();
    named.forEach(
        (reference, alias) ->
            entries.stream()
                .filter(e -> e.model().name().equals(reference.name()))
                .filter(alias::means)
                .map(e -> e.model().version())
                .max(Comparator.naturalOrder())
                .ifPresent(
                    version ->
                        aliases
                            .computeIfAbsent(reference.name(), n -> new TreeMap<>())
                            .put(reference.tag().toString(), version)));
    return aliases;
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
