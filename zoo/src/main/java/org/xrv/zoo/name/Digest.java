package org.xrv.zoo.name;

import java.util.regex.Pattern;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.Digests;

/**
 * The SHA-256 digest of some bytes, as OCI writes it: {@code sha256:} and 64 hexadecimal digits.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Digest(String hex) implements Comparable<Digest> {
  private static final String PREFIX = "sha256:";
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  public Digest {
    if (!HEX.matcher(hex).matches()) {
      throw refused(hex);
    }
  }

  /**
   * Parses {@code sha256:<64 hex>}.
   *
   * @throws ProblemException USAGE for anything else
   */
  public static Digest parse(String text) {
    if (!text.startsWith(PREFIX)) {
      throw refused(text);
    }
    return new Digest(text.substring(PREFIX.length()));
  }

  /** Whether a text may be the hexadecimal digits of a digest. */
  public static boolean isHex(String text) {
    return HEX.matcher(text).matches();
  }

  public static Digest of(byte[] bytes) {
    return new Digest(Digests.sha256(bytes));
  }

  /** The first twelve digits, for directory names that people read. */
  public String abbreviated() {
    return hex.substring(0, 12);
  }

  @Override
  public int compareTo(Digest other) {
    return hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return PREFIX + hex;
  }

  private static ProblemException refused(String text) {
    return new ProblemException(
        ProblemKind.USAGE,
        "'" + text + "' is not a digest; write sha256: and 64 hexadecimal digits in lower case");
  }
}
