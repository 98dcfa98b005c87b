package org.xrv.core.dataset.files;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * A file on the disk or in an archive. Its toString is for messages, such as {@code
 * /data/NIH/images_001.zip!images/00000001_000.png}.
 */
public interface DataFile {
  /** No X-ray is larger; what claims to be, or turns out to be, is refused. */
  long MOST_BYTES = 1L << 28;

  /** A file that is no member of an archive. */
  static DataFile of(Path file) {
    return DiskFile.of(file);
  }

  /** The last part of its path. */
  String name();

  /**
   * Its bytes, each time from the start.
   *
   * @throws IOException when they cannot be read, now or while they are, also when they are not
   *     those that the archive vouches for
   */
  InputStream open() throws IOException;

  /** Where it lies when it is no member of an archive. */
  Optional<Path> path();

  /** How many bytes it has, unpacked; negative when that is unknown. */
  long size();

  /**
   * All its bytes.
   *
   * @throws ProblemException BAD_DATA, naming it, when it cannot be read or has more than {@link
   *     #MOST_BYTES}; NOT_FOUND when it or its archive is no longer there
   */
  default byte[] bytes() {
    try (InputStream in = open()) {
      byte[] bytes = in.readNBytes((int) MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new IOException("more than " + MOST_BYTES + " bytes, which no X-ray has");
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw vanished(Path.of(e.getFile()));
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, this + ": cannot be read: " + reason(e) + "; fetch it again", e);
    }
  }

  /** A file that was there when the data set was opened. */
  static ProblemException vanished(Path file) {
    return new ProblemException(
        ProblemKind.NOT_FOUND,
        file
            + ": has vanished since the data set was opened; is its disk still there? Start again"
            + " when it is");
  }

  /** One line. */
  static String reason(IOException e) {
    String message = e.getMessage();
    if (message == null) {
      message = e instanceof EOFException ? "it is cut off" : e.getClass().getSimpleName();
    }
    return message.replaceAll("\\s+", " ");
  }
}
