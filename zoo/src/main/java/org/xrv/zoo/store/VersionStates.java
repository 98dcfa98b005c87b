package org.xrv.zoo.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.zoo.name.ModelVersion;

/**
 * The marks of versions. Each is a file of its own, so that two people who set different marks at
 * the same time do not undo each other's.
 */
final class VersionStates {
  private static final int LONGEST = 500;
  private final ZooPaths paths;
  private final PartialFiles partial;
  private final Clock clock;

  VersionStates(ZooPaths paths, PartialFiles partial, Clock clock) {
    this.paths = paths;
    this.partial = partial;
    this.clock = clock;
  }

  /**
   * Marks a version, or gives its mark another message.
   *
   * @throws ProblemException USAGE when the message is not one line; DISK
   */
  void set(ModelVersion model, Mark mark, String message) {
    String line = message.strip();
    if (line.isEmpty()
        || line.length() > LONGEST
        || line.codePoints().anyMatch(Character::isISOControl)) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "why "
              + model
              + " is "
              + mark
              + " should be one line of 1 to "
              + LONGEST
              + " characters: people read it when they ask for the version");
    }
    partial.replace(
        paths.mark(model, mark),
        ZooJson.bytes(
            ZooJson.object().put("message", line).put("time", clock.instant().toString())));
  }

  /**
   * Takes a mark away.
   *
   * @return whether there was one
   */
  boolean clear(ModelVersion model, Mark mark) {
    Path file = paths.mark(model, mark);
    try {
      boolean was = Files.deleteIfExists(file);
      if (was) {
        AtomicFiles.syncDirectory(file.getParent());
      }
      return was;
    } catch (IOException e) {
      throw AtomicFiles.disk(file, e);
    }
  }

  boolean isYanked(ModelVersion model) {
    return message(model, Mark.YANKED).isPresent();
  }

  VersionState of(ModelVersion model) {
    return new VersionState(message(model, Mark.YANKED), message(model, Mark.DEPRECATED));
  }

  /** The mark's message; a mark whose file is damaged still counts. */
  private Optional<String> message(ModelVersion model, Mark mark) {
    Path file = paths.mark(model, mark);
    return VersionRefs.content(file).map(text -> read(file));
  }

  private static String read(Path file) {
    try {
      String message = ZooJson.parse(ZooJson.read(file), file.toString()).path("message").asText();
      if (!message.isBlank()) {
        return message;
      }
    } catch (ProblemException e) {
      // said below: whoever withdrew a version must not be overruled by a damaged file
    }
    return "the reason is lost, " + file + " is damaged";
  }
}
