package org.xrv.zoo.signature;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/** Keys as text (RFC 7468). */
final class Pem {
  static final String PUBLIC = "PUBLIC KEY";
  static final String PRIVATE = "PRIVATE KEY";
  static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";

  private static final int MAX_BYTES = 1 << 16;
  private static final int COLUMNS = 64;

  private Pem() {}

  /** The text of a file that holds keys. */
  static String read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new ProblemException(ProblemKind.USAGE, file + " is too large to be a key");
      }
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw new ProblemException(ProblemKind.USAGE, "no key " + file, e);
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.USAGE, "cannot read the key " + file + ": " + e.getMessage(), e);
    }
  }

  /** The first block with a label. */
  static Optional<byte[]> block(String text, String label) {
    Matcher matcher =
        Pattern.compile("-----BEGIN " + label + "-----([A-Za-z0-9+/=\\s]*+)-----END " + label)
            .matcher(text);
    if (!matcher.find()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Base64.getDecoder().decode(matcher.group(1).replaceAll("\\s+", "")));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  static String text(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(COLUMNS, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }
}
