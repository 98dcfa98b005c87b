package org.xrv.zoo.store;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a garbage collection did, or would do.
 *
 * @param items what no version needs, deleted or kept
 * @param freed bytes that the file system gets back; names of the same file count once
 * @param reachable how many names of blobs versions need
 * @param reachableBytes of the pool's files among them
 */
public record GarbageReport(List<Item> items, long freed, long reachable, long reachableBytes) {
  public GarbageReport {
    items = List.copyOf(items);
  }

  /** What happens to something that no version needs. */
  public enum Outcome {
    /** It is gone; or would be, in a dry run. */
    DELETED,
    /** It was written or linked a short while ago: somebody may be about to publish it. */
    YOUNG,
    /** A program that is publishing now said that it needs it. */
    IN_USE,
    /** It was moved aside, and put back since a program needs it now. */
    PUT_BACK
  }

  /**
   * One thing that no version needs.
   *
   * @param path relative to the zoo
   * @param bytes of the file, or of all files in the directory
   */
  public record Item(String path, long bytes, Outcome outcome) {
    public Item {
      Objects.requireNonNull(path);
      Objects.requireNonNull(outcome);
    }
  }

  /**
   * This report and that of a zoo within this one.
   *
   * @param directory of the other, relative to this one
   */
  public GarbageReport with(GarbageReport other, String directory) {
    return new GarbageReport(
        Stream.concat(
                items.stream(),
                other.items.stream()
                    .map(i -> new Item(directory + "/" + i.path(), i.bytes(), i.outcome())))
            .toList(),
        freed + other.freed,
        reachable + other.reachable,
        reachableBytes + other.reachableBytes);
  }

  public long count(Outcome outcome) {
    return items.stream().filter(i -> i.outcome() == outcome).count();
  }
}
