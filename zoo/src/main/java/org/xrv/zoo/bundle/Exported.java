package org.xrv.zoo.bundle;

import java.util.List;
import org.xrv.zoo.store.IndexEntry;

/**
 * What an export wrote.
 *
 * @param versions in the order of their names
 * @param blobs how many it holds
 * @param bytes of these together
 * @param leftOut how many blobs the receiver has
 */
public record Exported(List<IndexEntry> versions, int blobs, long bytes, int leftOut) {
  public Exported {
    versions = List.copyOf(versions);
  }
}
