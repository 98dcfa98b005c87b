package org.xrv.zoo.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
    requireLine(model, mark, line);
    partial.replace(
        paths.mark(model, mark),
        ZooJson.bytes(
            ZooJson.object().put("message", line).put("time", clock.instant().toString())));
  }

  /**
   * Marks a version as another zoo does, unless somebody decided about that here.
   *
   * @return whether it is marked now and was not before
   * @throws ProblemException USAGE when the message is not one line; DISK
   */
  boolean take(ModelVersion model, Mark mark, String message) {
    if (Files.exists(paths.mark(model, mark)) || Files.exists(paths.cleared(model, mark))) {
      return false;
    }
    set(model, mark, message);
    return true;
  }

  /** Whether a text may be a message. */
  static boolean isLine(String text) {
    return !text.isBlank()
        && text.length() <= LONGEST
        && text.codePoints().noneMatch(Character::isISOControl);
  }

  private static void requireLine(ModelVersion model, Mark mark, String line) {
    if (!isLine(line)) {
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
  }

  /**
   * Takes a mark away.
   *
   * @return whether there was one
   */
  boolean clear(ModelVersion model, Mark mark) {
    Path file = paths.mark(model, mark);
    try {
      if (Files.exists(file)) { // first, so that at no moment nobody seems to have decided
        partial.replace(paths.cleared(model, mark), new byte[0]);
      }
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
    return VersionRefs.content(file).map(text -> read(text, file));
  }

  private static String read(String text, Path file) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1); // as content() read it
      String message = ZooJson.parse(bytes, file.toString()).path("message").asText();
      if (!message.isBlank()) {
        return message;
      }
    } catch (ProblemException e) {
      // said below: whoever withdrew a version must not be overruled by a damaged file
    }
    return "the reason is lost, " + file + " is damaged";
  }
}
