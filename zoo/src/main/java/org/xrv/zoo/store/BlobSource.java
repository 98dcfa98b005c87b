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

  /** The first source, and the second one for what the first one lacks, as with a delta. */
  static BlobSource either(BlobSource first, BlobSource second) {
    return new BlobSource() {
      @Override
      public boolean has(Digest digest) {
        return first.has(digest) || second.has(digest);
      }

      @Override
      public Optional<InputStream> open(Digest digest) throws IOException {
        return first.has(digest) ? first.open(digest) : second.open(digest);
      }

      @Override
      public String title() {
        return first.title();
      }

      @Override
      public String remedy() {
        return first.remedy();
      }
    };
  }
}
