package org.xrv.zoo.store;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.xrv.zoo.name.Digest;

/** Something that holds blobs: a zoo, or a bundle that travels. What it hands out is unverified. */
public interface BlobSource {
  /** Whether there is a file for a blob; its bytes may still be wrong. */
  boolean has(Digest digest);

  /**
   * Opens a blob.
   *
   * @return empty when there is none
   */
  Optional<InputStream> open(Digest digest) throws IOException;

  /** What messages call the source. */
  String title();

  /** What a user should do about a damaged blob, as the end of a sentence. */
  String remedy();
}
