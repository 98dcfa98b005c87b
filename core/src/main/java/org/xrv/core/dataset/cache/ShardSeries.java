package org.xrv.core.dataset.cache;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.xrv.core.error.ProblemException;
import org.xrv.core.io.AtomicFiles;

/**
 * The shards of a cache that is being written. A shard appears whole or not at all; what it holds
 * is in its trailer, so that a preparation that was killed knows what is done.
 */
final class ShardSeries {
  private final Path directory;
  private final int perShard;
  private final int imageBytes;
  private final int[] positions;
  private final List<CacheDescription.Shard> written = new ArrayList<>();
  private int done;
  private int unreadable;

  /**
   * @param items how many there are to be, numbered from 0
   */
  ShardSeries(Path directory, int perShard, int imageBytes, int items) {
    this.directory = directory;
    this.perShard = perShard;
    this.imageBytes = imageBytes;
    this.positions = new int[items];
    Arrays.fill(positions, -1);
  }

  /** Takes over the shards of an earlier attempt, up to the first damaged one. */
  void resume(CacheWriter.Listener listener) throws IOException {
    Optional<ShardFile> earlier = earlier(listener);
    while (earlier.isPresent()) {
      took(earlier.get());
      listener.progress(done, positions.length, 0);
      earlier = earlier(listener);
    }
    // Later ones would be taken for those of this attempt.
    int later = written.size();
    while (Files.deleteIfExists(file(later))) {
      later++;
    }
  }

  private Optional<ShardFile> earlier(CacheWriter.Listener listener) {
    Path file = file(written.size());
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try (OpenFiles files = new OpenFiles(1)) {
      ShardFile found = ShardFile.open(file, files, imageBytes);
      found.verify();
      int[] items = found.trailer().items();
      if (items.length > perShard
          || Arrays.stream(items).anyMatch(i -> i < 0 || i >= positions.length || has(i))) {
        listener.warning("made again: " + file + ": holds other images");
        return Optional.empty();
      }
      return Optional.of(found);
    } catch (ProblemException e) {
      listener.warning("made again: " + e.getMessage());
      return Optional.empty();
    }
  }

  private void took(ShardFile shard) {
    int[] items = shard.trailer().items();
    for (int slot = 0; slot < items.length; slot++) {
      positions[items[slot]] = written.size() * perShard + slot;
    }
    done += items.length;
    unreadable += shard.trailer().problems().size();
    written.add(
        new CacheDescription.Shard(
            name(written.size()), items.length, shard.size(), shard.sha256()));
  }

  /** Writes all items of a stream; the last shard may be a small one. */
  void write(ItemStream stream, int resumed, CacheWriter.Listener listener) {
    while (stream.hasNext()) {
      Path file = file(written.size());
      AtomicFiles.write(file, out -> writeShard(out, stream, resumed, listener));
      try (OpenFiles files = new OpenFiles(1)) {
        took(ShardFile.open(file, files, imageBytes));
      }
    }
  }

  private void writeShard(
      OutputStream out, ItemStream stream, int resumed, CacheWriter.Listener listener)
      throws IOException {
    int[] checksums = new int[perShard];
    int[] items = new int[perShard];
    Map<Integer, String> problems = new TreeMap<>();
    int slot = 0;
    for (; slot < perShard && stream.hasNext(); slot++) {
      ItemStream.Item item = stream.next();
      if (!item.problem().isEmpty()) {
        problems.put(slot, item.problem());
        listener.warning("left out: " + item.problem());
      }
      checksums[slot] = ShardTrailer.checksum(ByteBuffer.wrap(item.bytes()));
      items[slot] = item.number();
      out.write(item.bytes());
      listener.progress(done + slot + 1, positions.length, resumed);
    }
    out.write(
        new ShardTrailer(Arrays.copyOf(checksums, slot), Arrays.copyOf(items, slot), problems)
            .encode());
  }

  /** Whether an item is in a shard. */
  boolean has(int item) {
    return positions[item] >= 0;
  }

  /** Where it is: shard * perShard + slot. */
  int position(int item) {
    return positions[item];
  }

  /** Items in shards. */
  int done() {
    return done;
  }

  int unreadable() {
    return unreadable;
  }

  List<CacheDescription.Shard> shards() {
    return Collections.unmodifiableList(written);
  }

  private Path file(int shard) {
    return directory.resolve(name(shard));
  }

  private static String name(int shard) {
    return String.format(Locale.ROOT, "shard-%05d.bin", shard);
  }
}
