package org.xrv.zoo.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.Digests;

/**
 * Reads a blob of a source and tells at its end whether it was the right one. Nobody may use the
 * bytes for good before the end was reached.
 */
public final class VerifiedStream extends FilterInputStream {
  private final Blob blob;
  private final BlobSource source;
  private final MessageDigest digest = Digests.sha256();
  private long size;

  private VerifiedStream(InputStream in, Blob blob, BlobSource source) {
    super(in);
    this.blob = blob;
    this.source = source;
  }

  /**
   * Opens a blob.
   *
   * @throws ProblemException DIGEST_MISMATCH when there is none; the same from reading when its
   *     bytes are others
   */
  public static VerifiedStream open(BlobSource source, Blob blob) throws IOException {
    InputStream in =
        source.open(blob.digest()).orElseThrow(() -> damaged(source, blob, "is missing"));
    return new VerifiedStream(in, blob, source);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int n;
    try {
      n = super.read(bytes, offset, length);
    } catch (IOException e) {
      throw damaged(source, blob, "cannot be read (" + e.getMessage() + ")");
    }
    if (n < 0) {
      requireSame();
      return n;
    }
    digest.update(bytes, offset, n);
    size += n;
    if (size > blob.size()) {
      throw damaged(source, blob, "has more bytes than the " + blob.size() + " announced");
    }
    return n;
  }

  @Override
  public long skip(long n) {
    return 0; // what was skipped would not be verified
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void requireSame() throws IOException {
    if (size != blob.size()) {
      throw damaged(source, blob, "has " + size + " bytes instead of " + blob.size());
    }
    byte[] found = ((MessageDigest) clone(digest)).digest();
    String hex = HexFormat.of().formatHex(found);
    if (!hex.equals(blob.digest().hex())) {
      throw damaged(source, blob, "has digest sha256:" + hex);
    }
  }

  /** The end may be read more than once. */
  private static Object clone(MessageDigest digest) throws IOException {
    try {
      return digest.clone();
    } catch (CloneNotSupportedException e) {
      throw new IOException("SHA-256 of this Java cannot be copied", e);
    }
  }

  private static ProblemException damaged(BlobSource source, Blob blob, String damage) {
    return new ProblemException(
        ProblemKind.DIGEST_MISMATCH,
        source.title()
            + " is damaged: blob "
            + blob.digest()
            + " "
            + damage
            + "; "
            + source.remedy());
  }
}
