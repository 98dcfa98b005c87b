package org.xrv.core.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * Settings as a tree of keys before they are bound to a record. Immutable.
 *
 * @param source where they come from, for messages
 */
public record ConfigTree(String source, ObjectNode root) {
  private static final int MAX_BYTES = 1 << 20;
  private static final ObjectMapper YAML = mapper();
  private static final ObjectMapper PARTIAL =
      mapper()
          .disable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);

  public ConfigTree {
    root = root.deepCopy();
  }

  @Override
  public ObjectNode root() {
    return root.deepCopy();
  }

  private static ObjectMapper mapper() {
    YAMLFactory factory =
        YAMLFactory.builder()
            .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(32).build())
            .build();
    return YAMLMapper.builder(factory)
        .addModule(new JavaTimeModule())
        .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .build();
  }

  /**
   * Reads a YAML file.
   *
   * @throws ProblemException USAGE when it is missing, too large, or no YAML mapping
   */
  public static ConfigTree read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new ProblemException(ProblemKind.USAGE, file + " is too large for settings");
      }
      return parse(file.toString(), Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.USAGE,
          file + ": " + (Files.exists(file) ? "cannot be read: " + e.getMessage() : "no such file"),
          e);
    }
  }

  /** Reads YAML text. */
  public static ConfigTree parse(String source, String text) {
    try {
      JsonNode node = YAML.readTree(text);
      if (node != null && node.isMissingNode()) {
        node = YAML.createObjectNode();
      }
      if (!(node instanceof ObjectNode root)) {
        throw new ProblemException(
            ProblemKind.USAGE, source + ": expected keys and values, such as 'train: {lr: 1e-4}'");
      }
      return new ConfigTree(source, root);
    } catch (JsonProcessingException e) {
      throw new ProblemException(
          ProblemKind.USAGE, source + line(e) + ": " + e.getOriginalMessage(), e);
    }
  }

  /** Where lists are nested too deep, the parser does not say at which line. */
  private static String line(JsonProcessingException e) {
    return e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
  }

  /** A record's values as a tree, so that others can be laid over them. */
  public static ConfigTree of(String source, Object values) {
    return new ConfigTree(source, YAML.valueToTree(values));
  }

  /** This tree with another laid over it: its values win, lists are replaced whole. */
  public ConfigTree with(ConfigTree over) {
    ObjectNode merged = root();
    merge(merged, over.root());
    return new ConfigTree(source + " + " + over.source, merged);
  }

  private static void merge(ObjectNode into, ObjectNode from) {
    from.properties()
        .forEach(
            entry -> {
              if (entry.getValue() instanceof ObjectNode child
                  && into.get(entry.getKey()) instanceof ObjectNode present) {
                merge(present, child);
              } else {
                into.set(entry.getKey(), entry.getValue());
              }
            });
  }

  /**
   * This tree with one value set.
   *
   * @param assignment such as "train.lr=3e-4"; the value is read as YAML
   */
  public ConfigTree set(String assignment) {
    int equals = assignment.indexOf('=');
    if (equals < 1) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "'" + assignment + "' sets nothing; expected KEY=VALUE, as in train.lr=3e-4");
    }
    return set(assignment.substring(0, equals).strip(), assignment.substring(equals + 1));
  }

  /** This tree with one value set, which is read as YAML. */
  public ConfigTree set(String key, String value) {
    try {
      JsonNode node = YAML.readTree(value);
      return put(key, node.isMissingNode() ? YAML.nullNode() : node);
    } catch (JsonProcessingException e) {
      throw new ProblemException(
          ProblemKind.USAGE, "the value of '" + key + "': " + e.getOriginalMessage(), e);
    }
  }

  /** This tree with one value set: text, a number, a list ... */
  public ConfigTree put(String key, Object value) {
    ObjectNode tree = YAML.createObjectNode();
    ObjectNode at = tree;
    String[] parts = key.split("\\.", -1);
    for (int i = 0; i < parts.length - 1; i++) {
      at = at.putObject(parts[i]);
    }
    at.set(parts[parts.length - 1], YAML.valueToTree(value));
    return new ConfigTree(source, with(new ConfigTree("", tree)).root);
  }

  /**
   * Binds the tree to a record.
   *
   * @throws ProblemException USAGE that names the key: unknown (with the nearest known one),
   *     missing, of the wrong kind, or refused by the record
   */
  public <T> T as(Class<T> type) {
    return as(type, YAML);
  }

  /**
   * Binds the tree to a record whose keys need not all be there: what is absent is null, and the
   * record says itself what it cannot do without.
   *
   * @throws ProblemException USAGE as {@link #as} does
   */
  public <T> T partial(Class<T> type) {
    return as(type, PARTIAL);
  }

  private <T> T as(Class<T> type, ObjectMapper mapper) {
    RecordKeys.unknown(root, type)
        .ifPresent(
            what -> {
              throw problem(what, null);
            });
    try {
      return mapper.treeToValue(root, type);
    } catch (MismatchedInputException e) {
      throw problem("key '" + path(e) + "': " + reason(e), e);
    } catch (JsonProcessingException e) {
      for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
        if (cause instanceof ProblemException problem) {
          throw problem;
        }
      }
      throw problem(e.getOriginalMessage(), e);
    }
  }

  private ProblemException problem(String what, Exception cause) {
    return new ProblemException(ProblemKind.USAGE, source + ": " + what, cause);
  }

  private static String reason(MismatchedInputException e) {
    String type = e.getTargetType() == null ? "another kind of value" : named(e.getTargetType());
    String message = e.getOriginalMessage();
    boolean absent = message.startsWith("Null value") || message.startsWith("Missing");
    return (absent ? "is missing; expected " : "expected ") + type;
  }

  private static String named(Class<?> type) {
    if (type.isEnum()) {
      return "one of "
          + java.util.Arrays.stream(type.getEnumConstants())
              .map(c -> YAML.valueToTree(c).asText().toLowerCase(Locale.ROOT))
              .collect(Collectors.joining(", "));
    }
    return switch (type.getSimpleName()) {
      case "int", "long", "Integer", "Long" -> "a whole number";
      case "double", "float", "Double", "Float" -> "a number";
      case "boolean", "Boolean" -> "true or false";
      case "String" -> "a text";
      case "List", "ArrayList" -> "a list";
      default -> "keys and values";
    };
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : r.getFieldName())
        .collect(Collectors.joining("."))
        .replace(".[", "[");
  }

  /** As YAML text that {@link #parse} reads to the same tree. */
  public String toYaml() {
    try {
      return YAML.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
