package org.xrv.core.modelpackage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * provenance.json: an in-toto statement v1 about the networks of a package, with the SLSA
 * provenance v1 predicate. What the user chose is in {@code externalParameters}, what the machine
 * brought along in {@code internalParameters}, what went in under a digest in {@code
 * resolvedDependencies}. There is no time in it.
 */
public final class PackageProvenance {
  public static final String STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
  public static final String PREDICATE_TYPE = "https://slsa.dev/provenance/v1";

  private static final String CONVERSIONS = "conversions";
  private static final String NAME = "name";
  private static final String SHA256 = "sha256";

  /** Of a run's document, what nobody chose. */
  private static final List<String> INTERNAL = List.of("engine", "machine");

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(64).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private PackageProvenance() {}

  /**
   * The statement that these files come from a run or an import.
   *
   * @param document what is known about how they came to be, a JSON object such as a run's run.json
   * @param networks SHA-256 digests of the networks, with or without sha256: before them, by file
   */
  public static String of(String document, Map<String, String> networks) {
    return text(statement(predicate(object(bytes(document), ModelPackage.PROVENANCE)), networks));
  }

  /**
   * The statement that these files were made of those of another package, whose history it goes on
   * with.
   *
   * @param original the other package's provenance.json, or an empty JSON object
   * @param where names the original in a message
   * @param conversion what was done
   * @param sources SHA-256 digests of the networks that went in, by file
   * @param networks those of the networks that came out
   * @throws ProblemException BAD_DATA when the original is no JSON object
   */
  public static String converted(
      byte[] original,
      String where,
      Map<String, String> conversion,
      Map<String, String> sources,
      Map<String, String> networks) {
    ObjectNode given = object(original, where);
    ObjectNode predicate =
        isStatement(given) && given.path("predicate") instanceof ObjectNode known
            ? known
            : predicate(given);
    ObjectNode definition = predicate.withObject("/buildDefinition");
    ObjectNode step =
        definition.withObject("/externalParameters").withArray("/" + CONVERSIONS).addObject();
    conversion.forEach(step::put);
    ArrayNode dependencies = definition.withArray("/resolvedDependencies");
    new TreeMap<>(sources).forEach((name, digest) -> dependency(dependencies, name, digest));
    return text(statement(predicate, networks));
  }

  /** Whether a document is a statement, and not what earlier versions wrote. */
  public static boolean isStatement(JsonNode document) {
    return document.path("_type").asText().equals(STATEMENT_TYPE);
  }

  /**
   * The parameters that nobody chose: engine and machine; empty when the document is no statement.
   */
  public static JsonNode internalParameters(JsonNode document) {
    return document.at("/predicate/buildDefinition/internalParameters");
  }

  /** Names and versions of the programs that made a package. */
  public static Map<String, String> programs(JsonNode document) {
    Map<String, String> programs = new TreeMap<>();
    document
        .at("/predicate/runDetails/builder/version")
        .properties()
        .forEach(p -> programs.put(p.getKey(), p.getValue().asText()));
    return programs;
  }

  /**
   * Refuses a statement that speaks of other networks than those of its package. What earlier
   * versions wrote speaks of no files and passes.
   *
   * @param where names the package in a message
   * @param files SHA-256 digests, written sha256:..., of all files of the package, by their names
   * @throws ProblemException BAD_DATA, naming the file
   */
  public static void require(String where, byte[] document, Map<String, String> files) {
    String name = where + ": " + ModelPackage.PROVENANCE;
    ObjectNode statement = object(document, name);
    if (!isStatement(statement)) {
      return;
    }
    if (!statement.path("predicateType").asText().equals(PREDICATE_TYPE)) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          name
              + " has predicateType '"
              + statement.path("predicateType").asText()
              + "'; expected "
              + PREDICATE_TYPE);
    }
    Map<String, String> subjects = new TreeMap<>();
    for (JsonNode subject : statement.path("subject")) {
      subjects.put(
          subject.path(NAME).asText(), "sha256:" + subject.at("/digest/" + SHA256).asText());
    }
    for (String network : new TreeSet<>(files.keySet())) {
      if (PackageParity.isNetwork(network) && !subjects.containsKey(network)) {
        throw other(name, "knows nothing of " + network);
      }
    }
    subjects.forEach(
        (file, digest) -> {
          if (!files.containsKey(file)) {
            throw other(name, "speaks of " + file + ", which is not there");
          }
          if (!files.get(file).equals(digest)) {
            throw other(name, "speaks of another " + file + " than the one that is there");
          }
        });
  }

  private static ProblemException other(String name, String what) {
    return new ProblemException(
        ProblemKind.BAD_DATA,
        name + " " + what + "; export the package again, or delete the file if nobody knows");
  }

  private static ObjectNode statement(ObjectNode predicate, Map<String, String> networks) {
    ObjectNode statement = JSON.createObjectNode().put("_type", STATEMENT_TYPE);
    ArrayNode subjects = statement.putArray("subject");
    new TreeMap<>(networks).forEach((name, digest) -> dependency(subjects, name, digest));
    statement.put("predicateType", PREDICATE_TYPE).set("predicate", predicate);
    return statement;
  }

  private static ObjectNode predicate(ObjectNode document) {
    String program = document.path("program").asText("unknown");
    int space = program.indexOf(' ');
    String maker = space < 0 ? program : program.substring(0, space);
    ObjectNode predicate = JSON.createObjectNode();
    ObjectNode definition = predicate.putObject("buildDefinition");
    definition.put("buildType", "urn:xrv:" + maker + ":1");
    ObjectNode chosen = definition.putObject("externalParameters");
    ObjectNode given = definition.putObject("internalParameters");
    document
        .properties()
        .forEach(
            p -> {
              if (INTERNAL.contains(p.getKey())) {
                given.set(p.getKey(), p.getValue());
              } else if (!p.getKey().equals("program") && !p.getKey().equals("format")) {
                chosen.set(p.getKey(), p.getValue());
              }
            });
    ArrayNode dependencies = definition.putArray("resolvedDependencies");
    dependencies(document, dependencies);
    ObjectNode builder = predicate.putObject("runDetails").putObject("builder");
    builder.put("id", "urn:xrv:" + maker);
    if (space > 0) {
      builder.putObject("version").put(maker, program.substring(space + 1));
    }
    return predicate;
  }

  private static void dependencies(ObjectNode document, ArrayNode into) {
    JsonNode data = document.path("data");
    if (data.has("samples")) {
      dependency(into, "samples of " + data.path("source").asText(), data.path("samples").asText());
    }
    data.path("manifests")
        .properties()
        .forEach(m -> dependency(into, "data manifest " + m.getKey(), m.getValue().asText()));
    document
        .at("/init/files")
        .properties()
        .forEach(f -> dependency(into, f.getKey(), f.getValue().asText()));
    JsonNode imported = document.path("importedFrom");
    if (imported.has(SHA256)) {
      dependency(into, imported.path(NAME).asText(), imported.path(SHA256).asText());
    }
  }

  private static void dependency(ArrayNode into, String name, String digest) {
    into.addObject()
        .put(NAME, name)
        .putObject("digest")
        .put(
            SHA256,
            digest.startsWith(PackageParity.PREFIX)
                ? digest.substring(PackageParity.PREFIX.length())
                : digest);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private static ObjectNode object(byte[] document, String where) {
    try {
      if (JSON.readTree(document) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, where + ": no JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new ProblemException(ProblemKind.BAD_DATA, where + ": " + e.getMessage(), e);
    }
    throw new ProblemException(ProblemKind.BAD_DATA, where + ": no JSON object");
  }

  private static String text(ObjectNode statement) {
    try {
      return JSON.writeValueAsString(statement) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
