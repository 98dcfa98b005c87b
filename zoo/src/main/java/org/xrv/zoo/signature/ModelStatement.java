package org.xrv.zoo.signature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.Digests;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.core.modelpackage.PackageProvenance;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.store.ZooJson;

/**
 * What a signature says: a package has these files. An in-toto statement with the predicate of
 * OpenSSF Model Signing 1.0: one resource per file, and one subject, the digest of their digests.
 *
 * @param subject what the signer calls the model; means nothing
 * @param files digests by path, without the signature's own
 */
record ModelStatement(String subject, SortedMap<String, Digest> files) {
  static final String PREDICATE_TYPE = "https://model_signing/signature/v1.0";

  private static final String SHA256 = "sha256";
  private static final String FILES = "files";

  ModelStatement {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    if (files.isEmpty()) {
      throw bad("lists no files");
    }
  }

  private static ProblemException bad(String what) {
    return new ProblemException(ProblemKind.TRUST, ModelPackage.SIGNATURE + " " + what);
  }

  byte[] toJson() {
    ObjectNode json = ZooJson.object().put("_type", PackageProvenance.STATEMENT_TYPE);
    MessageDigest root = Digests.sha256();
    files.values().forEach(d -> root.update(HexFormat.of().parseHex(d.hex())));
    json.putArray("subject")
        .addObject()
        .put("name", subject)
        .putObject("digest")
        .put(SHA256, HexFormat.of().formatHex(root.digest()));
    json.put("predicateType", PREDICATE_TYPE);
    ObjectNode predicate = json.putObject("predicate");
    ArrayNode resources = predicate.putArray("resources");
    files.forEach(
        (path, digest) ->
            resources
                .addObject()
                .put("name", path)
                .put("algorithm", SHA256)
                .put("digest", digest.hex()));
    ObjectNode serialization = predicate.putObject("serialization");
    serialization.put("method", FILES).put("hash_type", SHA256).put("allow_symlinks", false);
    ArrayNode ignored = serialization.putArray("ignore_paths");
    ModelSignature.LEFT_OUT.forEach(ignored::add);
    ignored.add(ModelPackage.SIGNATURE);
    return ZooJson.bytes(json);
  }

  /**
   * Reads a statement whose signature was verified.
   *
   * @throws ProblemException TRUST when it is another statement than one about the files of a model
   */
  static ModelStatement parse(byte[] payload) {
    ObjectNode json = object(payload);
    requireText(json, "_type", PackageProvenance.STATEMENT_TYPE);
    requireText(json, "predicateType", PREDICATE_TYPE);
    JsonNode serialization = json.at("/predicate/serialization");
    requireText(serialization, "method", FILES);
    requireText(serialization, "hash_type", SHA256);
    SortedMap<String, Digest> files = new TreeMap<>();
    for (JsonNode resource : json.at("/predicate/resources")) {
      requireText(resource, "algorithm", SHA256);
      String name = resource.path("name").asText();
      Digest digest;
      try {
        digest = new Digest(resource.path("digest").asText());
      } catch (ProblemException e) {
        throw bad("gives " + name + " no SHA-256 digest");
      }
      if (files.put(name, digest) != null) {
        throw bad("lists " + name + " twice");
      }
    }
    return new ModelStatement(json.at("/subject/0/name").asText(), files);
  }

  private static ObjectNode object(byte[] payload) {
    try {
      return ZooJson.parse(payload, "the statement");
    } catch (ProblemException e) {
      throw bad("holds no statement: " + e.getMessage());
    }
  }

  private static void requireText(JsonNode json, String key, String expected) {
    if (!json.path(key).asText().equals(expected)) {
      throw bad("has " + key + " '" + json.path(key).asText() + "' where " + expected + " is read");
    }
  }

  /**
   * Whether a package has exactly the files of this statement.
   *
   * @param present digests by path, without the signature's own
   * @return what is different, as the end of a sentence
   */
  Optional<String> difference(Map<String, Digest> present) {
    TreeSet<String> all = new TreeSet<>(files.keySet());
    all.addAll(present.keySet());
    for (String path : all) {
      if (!present.containsKey(path)) {
        return Optional.of(path + " was signed and is missing");
      }
      if (!files.containsKey(path)) {
        return Optional.of(path + " is there and was not signed");
      }
      if (!files.get(path).equals(present.get(path))) {
        return Optional.of(path + " is another than the one that was signed");
      }
    }
    return Optional.empty();
  }
}
