package org.xrv.zoo.lock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.PlacedReference;
import org.xrv.zoo.name.SemanticVersion;
import org.xrv.zoo.name.Tag;
import org.xrv.zoo.store.Resolved;
import org.xrv.zoo.store.ZooJson;

/**
 * What references meant when they were locked; whoever pulls by it gets the same bytes until it is
 * written anew. Immutable.
 *
 * @param models by the text of their reference
 */
public record LockFile(SortedMap<String, Resolved> models) {
  /** What it is called when nothing else is said. */
  public static final String NAME = "xrv-zoo.lock";

  private static final int FORMAT = 1;

  public LockFile {
    models = Collections.unmodifiableSortedMap(new TreeMap<>(models));
    models.forEach(
        (reference, model) -> {
          if (!PlacedReference.parse(reference).model().name().equals(model.model().name())) {
            throw new ProblemException(
                ProblemKind.BAD_DATA, "'" + reference + "' is locked to " + model.model());
          }
        });
  }

  /** One without models. */
  public static LockFile empty() {
    return new LockFile(new TreeMap<>());
  }

  /** This one with more models, which take the places of those with the same references. */
  public LockFile with(Map<PlacedReference, Resolved> more) {
    SortedMap<String, Resolved> all = new TreeMap<>(models);
    more.forEach((reference, model) -> all.put(reference.toString(), model));
    return new LockFile(all);
  }

  public Collection<PlacedReference> references() {
    return models.keySet().stream().map(PlacedReference::parse).toList();
  }

  /** The version and digest that a reference is locked to, as a reference. */
  public Optional<PlacedReference> pinned(PlacedReference reference) {
    return Optional.ofNullable(models.get(reference.toString()))
        .map(
            m ->
                new PlacedReference(
                    reference.place(),
                    new ModelReference(
                        m.model().name(),
                        new Tag.Exact(m.model().version()),
                        true,
                        Optional.of(m.digest()))));
  }

  /**
   * Reads a lock file.
   *
   * @throws ProblemException BAD_DATA, naming file and entry
   */
  public static LockFile read(Path file) {
    ObjectNode json = ZooJson.parse(ZooJson.read(file), file.toString());
    if (!json.path("format").isInt() || json.path("format").asInt() != FORMAT) {
      throw bad(file, "has format " + json.path("format") + ", known is " + FORMAT);
    }
    if (!json.path("models").isArray()) {
      throw bad(file, "has no list 'models'");
    }
    SortedMap<String, Resolved> models = new TreeMap<>();
    for (JsonNode entry : json.path("models")) {
      try {
        PlacedReference reference = PlacedReference.parse(text(entry, "reference"));
        Resolved model =
            new Resolved(
                new ModelVersion(
                    ModelName.parse(text(entry, "name")),
                    SemanticVersion.parse(text(entry, "version"))),
                Digest.parse(text(entry, "digest")));
        if (models.put(reference.toString(), model) != null) {
          throw bad(file, "has '" + reference + "' twice");
        }
      } catch (ProblemException e) {
        throw bad(file, "entry " + models.size() + ": " + e.getMessage());
      }
    }
    try {
      return new LockFile(models);
    } catch (ProblemException e) {
      throw bad(file, e.getMessage());
    }
  }

  private static String text(JsonNode entry, String key) {
    if (!entry.path(key).isTextual()) {
      throw new ProblemException(ProblemKind.BAD_DATA, "'" + key + "' should be a text");
    }
    return entry.path(key).asText();
  }

  private static ProblemException bad(Path file, String what) {
    return new ProblemException(
        ProblemKind.BAD_DATA, file + ": " + what + "; delete it and lock again");
  }

  /**
   * Writes it, whole or not at all.
   *
   * @throws ProblemException DISK
   */
  public void write(Path file) {
    AtomicFiles.write(file, (toJson().toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** The document. */
  public ObjectNode toJson() {
    ObjectNode json = ZooJson.object().put("format", FORMAT);
    ArrayNode array = json.putArray("models");
    models.forEach(
        (reference, model) ->
            array
                .addObject()
                .put("reference", reference)
                .put("name", model.model().name().toString())
                .put("version", model.model().version().toString())
                .put("digest", model.digest().toString()));
    return json;
  }
}
