package org.xrv.zoo.bundle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.Digest;

/** What the receiver of a delta has already. */
public final class KnownBlobs {
  private static final String PREFIX = "sha256:";
  private static final long MAX_LIST_BYTES = 64L << 20;

  private KnownBlobs() {}

  /**
   * The blobs of a bundle, of a copy of the receiver's zoo, or of a list of digests, one a line,
   * such as {@code ls ZOO/_blobs/sha256} prints. Names are believed: the import verifies.
   *
   * @throws ProblemException NOT_FOUND, BAD_DATA
   */
  public static Set<Digest> of(Path path) {
    try {
      if (Files.isRegularFile(path) && !TarBundle.isTar(path)) {
        return list(path);
      }
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, "cannot read " + path + ": " + e.getMessage(), e);
    }
    try (Bundle bundle = Bundle.open(path)) {
      return bundle.digests();
    }
  }

  private static Set<Digest> list(Path path) throws IOException {
    if (Files.size(path) > MAX_LIST_BYTES) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, path + " is neither a bundle nor a list of digests");
    }
    Set<Digest> digests = new HashSet<>();
    int number = 0;
    // Latin 1 reads all bytes; what is no digest is refused below.
    for (String line : Files.readAllLines(path, StandardCharsets.ISO_8859_1)) {
      number++;
      String text = line.strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        try {
          digests.add(text.startsWith(PREFIX) ? Digest.parse(text) : new Digest(text));
        } catch (ProblemException e) {
          throw new ProblemException(
              ProblemKind.BAD_DATA,
              path
                  + " line "
                  + number
                  + " is no digest; write one a line, 64 hexadecimal digits, or name a bundle",
              e);
        }
      }
    }
    return digests;
  }
}
