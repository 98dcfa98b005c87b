package org.xrv.zoo.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/** JSON documents from anywhere: small, shallow, without the same key twice. */
public final class ZooJson {
  /** What registries take as the size of a manifest; in bytes. */
  public static final int MAX_BYTES = 4 << 20;

  private static final int MAX_DEPTH = 64;
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxDocumentLength(MAX_BYTES)
                          .maxStringLength(1 << 20)
                          .maxNumberLength(100)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private ZooJson() {}

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** The same bytes for the same tree, always. */
  public static byte[] bytes(JsonNode node) {
    return node.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads a file of at most {@link #MAX_BYTES}.
   *
   * @throws ProblemException BAD_DATA when it is longer or cannot be read
   */
  public static byte[] read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new ProblemException(
            ProblemKind.BAD_DATA, file + " is larger than the " + MAX_BYTES + " bytes allowed");
      }
      return bytes;
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, "cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Parses a JSON object.
   *
   * @param where names the document in a message
   * @throws ProblemException BAD_DATA when it is something else
   */
  public static ObjectNode parse(byte[] bytes, String where) {
    try {
      if (MAPPER.readTree(bytes) instanceof ObjectNode object) {
        return object;
      }
      throw new ProblemException(ProblemKind.BAD_DATA, where + " should hold one JSON object");
    } catch (JsonProcessingException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          where
              + " is not JSON that is read here: "
              + e.getOriginalMessage().lines().findFirst().orElse("")
              + (e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")"),
          e);
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, "cannot read " + where + ": " + e.getMessage(), e);
    }
  }
}
