package org.xrv.zoo.store;

/** Blobs that no collection of garbage takes until this is closed. */
public interface PinnedBlobs extends AutoCloseable {
  /** Tells, during long work, that the program is alive; cheap. */
  void renew();

  @Override
  void close();
}
