package org.xrv.core.modelpackage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * What a package's parity.json proves: that runtimes agreed about the very files that lie beside
 * it.
 *
 * @param limit that no relative error may reach
 * @param worst the largest relative error that was seen; NaN where one was no number
 * @param files SHA-256 digests, written sha256:..., by file name
 */
public record PackageParity(double limit, double worst, Map<String, String> files) {
  /** How digests begin. */
  public static final String PREFIX = "sha256:";

  /** What 8-bit variants may differ by (docs/converting/optimising.md). */
  private static final double LOOSEST = 0.1;

  private static final int MAX_BYTES = 1 << 20;
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              com.fasterxml.jackson.core.JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(32).build())
                  .build())
          .build();

  public PackageParity {
    files = Map.copyOf(files);
  }

  /**
   * Refuses a package with a network that is not proven: one whose ONNX files are not all listed in
   * parity.json with the digests that they have, or about which the runtimes disagreed. A package
   * without ONNX files needs no proof.
   *
   * @param present SHA-256 digests, written sha256:..., of all files in the directory, by their
   *     names relative to it
   * @throws ProblemException PARITY, naming the file and what to do
   */
  public static void require(Path directory, Map<String, String> present) {
    require(directory.toString(), directory.resolve(ModelPackage.PARITY), present);
  }

  /**
   * The same for a package that is in no directory of its own.
   *
   * @param directory what messages call it
   * @param proof where its parity.json lies, if it has one
   */
  public static void require(String directory, Path proof, Map<String, String> present) {
    if (present.keySet().stream().noneMatch(PackageParity::isNetwork)) {
      return;
    }
    if (!present.containsKey(ModelPackage.PARITY)) {
      throw refused(
          directory, "has no " + ModelPackage.PARITY + ", so nobody knows that runtimes agree");
    }
    PackageParity parity = read(proof, directory);
    if (!(parity.limit <= LOOSEST)) {
      throw refused(
          directory,
          "has a "
              + ModelPackage.PARITY
              + " whose limit is "
              + parity.limit
              + ", where "
              + LOOSEST
              + " is the loosest");
    }
    if (!(parity.worst < parity.limit)) {
      throw refused(
          directory,
          "holds networks about which runtimes differ by "
              + parity.worst
              + " where "
              + parity.limit
              + " is the limit ("
              + ModelPackage.PARITY
              + ")");
    }
    for (String file : new TreeMap<>(present).keySet()) {
      if (isNetwork(file) && !parity.files.containsKey(file)) {
        throw refused(
            directory, "holds " + file + ", of which " + ModelPackage.PARITY + " knows nothing");
      }
    }
    for (var stated : new TreeMap<>(parity.files).entrySet()) {
      String name = stated.getKey();
      if (!present.containsKey(name)) {
        throw refused(directory, "lacks " + name + ", of which " + ModelPackage.PARITY + " speaks");
      }
      if (!stated.getValue().equals(present.get(name))) {
        throw refused(
            directory,
            "holds another " + name + " than the one of which " + ModelPackage.PARITY + " speaks");
      }
    }
  }

  /** Whether a file of a package is a network, or holds the weights of one. */
  public static boolean isNetwork(String file) {
    return file.endsWith(".onnx") || file.endsWith(".onnx.data");
  }

  private static PackageParity read(Path file, String directory) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw refused(directory, "has a " + ModelPackage.PARITY + " that is too large to be true");
      }
      JsonNode json = JSON.readTree(Files.readAllBytes(file));
      Map<String, String> files = new TreeMap<>();
      json.path("files").properties().forEach(f -> files.put(f.getKey(), f.getValue().asText()));
      return new PackageParity(number(json, "limit"), number(json, "worst"), files);
    } catch (JsonProcessingException e) {
      throw refused(directory, "has a " + ModelPackage.PARITY + " that is no JSON document");
    } catch (IOException e) {
      throw new ProblemException(ProblemKind.BAD_DATA, file + ": " + e.getMessage(), e);
    }
  }

  private static double number(JsonNode json, String key) {
    JsonNode value = json.path(key);
    return value.isNumber() ? value.asDouble() : Double.NaN;
  }

  private static ProblemException refused(String directory, String what) {
    return new ProblemException(
        ProblemKind.PARITY,
        directory
            + " "
            + what
            + "; compare the runtimes again with: xrv-convert verify "
            + directory
            + " --write");
  }
}
