package org.xrv.core.modelpackage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.Resize;

/**
 * A directory that holds a model, verified to have what its description names.
 *
 * @param directory where the files lie
 */
public record ModelPackage(Path directory, ModelDescription description) {
  /** The file that makes a directory a model package. */
  public static final String DESCRIPTION = "xrv-model.json";

  /** The model card. */
  public static final String CARD = "README.md";

  /** Where the model came from. */
  public static final String PROVENANCE = "provenance.json";

  /** How well the runtimes agree about it. */
  public static final String PARITY = "parity.json";

  /** What it is made of, for those who keep inventories. */
  public static final String BILL_OF_MATERIALS = "sbom.cdx.json";

  /** Who says that these are the files. */
  public static final String SIGNATURE = "model.sig";

  private static final int MAX_BYTES = 1 << 20;
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(32).build())
                  .build())
          // A later version may add facts; what changes the meaning changes the format number.
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  /**
   * Reads a package's description and looks for its files.
   *
   * @throws ProblemException BAD_DATA when the description is missing or malformed, a file is
   *     missing, or the preprocessing is not one that this version knows
   */
  public static ModelPackage read(Path directory) {
    Path file = directory.resolve(DESCRIPTION);
    if (!Files.isRegularFile(file)) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, directory + " is not a model package: it has no " + DESCRIPTION);
    }
    ModelDescription description;
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new ProblemException(ProblemKind.BAD_DATA, file + " is too large to be true");
      }
      description = JSON.readValue(Files.readAllBytes(file), ModelDescription.class);
    } catch (JsonProcessingException e) {
      if (e.getCause() instanceof ProblemException problem) {
        throw new ProblemException(
            ProblemKind.BAD_DATA, directory + ": " + problem.getMessage(), e);
      }
      throw new ProblemException(
          ProblemKind.BAD_DATA, file + ": " + e.getOriginalMessage().replaceAll("\\s+", " "), e);
    } catch (IOException e) {
      throw new ProblemException(ProblemKind.BAD_DATA, file + ": " + e.getMessage(), e);
    }
    ModelPackage read = new ModelPackage(directory, description);
    description.files().values().forEach(name -> requireFile(directory.resolve(name)));
    String id = description.preprocessing().id();
    if (Resize.ofId(id).isEmpty()) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          directory + " expects preprocessing '" + id + "'; this version knows " + Resize.ids());
    }
    return read;
  }

  private static void requireFile(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, file + " is missing, although " + DESCRIPTION + " names it");
    }
  }

  /** The file of a role, such as "decoder". */
  public Path file(String role) {
    String name = description.files().get(role);
    if (name == null) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          directory + " has no " + role + "; it has " + description.files().keySet());
    }
    return directory.resolve(name);
  }

  /** Writes a description into a directory that is being filled. */
  public static void writeDescription(Path directory, ModelDescription description)
      throws IOException {
    Files.writeString(
        directory.resolve(DESCRIPTION),
        JSON.writeValueAsString(description) + "\n",
        StandardCharsets.UTF_8);
  }
}
