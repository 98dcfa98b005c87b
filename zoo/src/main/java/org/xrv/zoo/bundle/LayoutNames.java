package org.xrv.zoo.bundle;

import java.util.Optional;
import java.util.regex.Pattern;
import org.xrv.zoo.name.Digest;

/** How files of an OCI image layout are called. */
final class LayoutNames {
  static final String BLOBS = "blobs/sha256/";

  /** An index is JSON in memory. */
  static final int MAX_INDEX_BYTES = 4 << 20;

  /** Members of one archive; their headers are in memory when it is read. */
  static final int MAX_MEMBERS = 30_000;

  private static final Pattern BLOB = Pattern.compile(BLOBS + "([0-9a-f]{64})");

  private LayoutNames() {}

  static String of(Digest digest) {
    return BLOBS + digest.hex();
  }

  /** The digest that is in a blob's name; empty for all other names. */
  static Optional<Digest> digest(String name) {
    var matcher = BLOB.matcher(name);
    return matcher.matches() ? Optional.of(new Digest(matcher.group(1))) : Optional.empty();
  }
}
