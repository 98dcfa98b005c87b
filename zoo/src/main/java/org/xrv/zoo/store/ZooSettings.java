package org.xrv.zoo.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * What a zoo says about itself, in {@code _zoo.json} at its root.
 *
 * @param isPublic whether anybody may read it
 */
public record ZooSettings(boolean isPublic) {
  static final String FILE = "_zoo.json";

  /**
   * Reads the settings of a zoo; one without the file is not public.
   *
   * @throws ProblemException BAD_DATA when the file says something else than true or false
   */
  public static ZooSettings read(Path root) {
    Path file = root.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return new ZooSettings(false);
    }
    JsonNode stated = ZooJson.parse(ZooJson.read(file), file.toString()).path("public");
    if (!stated.isMissingNode() && !stated.isBoolean()) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, file + ": 'public' should be true or false, not " + stated);
    }
    return new ZooSettings(stated.asBoolean());
  }
}
