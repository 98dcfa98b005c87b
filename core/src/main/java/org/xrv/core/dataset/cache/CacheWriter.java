package org.xrv.core.dataset.cache;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.Sample;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.GrayImage;
import org.xrv.core.image.Preprocessing;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.io.Digests;
import org.xrv.core.io.Toolkit;

/**
 * Makes a cache of a data set. Shards appear whole or not at all, in order; a preparation that was
 * killed goes on after the last of them. The bytes do not depend on the number of threads or on
 * interruptions.
 */
public final class CacheWriter {
  static final String LOCK = "lock";

  /** Small enough to lose little work when killed, large enough for few files. */
  private static final int SHARD_BYTES = 128 << 20;

  private static final int PROBE = 32;
  private final Dataset source;
  private final CacheSettings settings;
  private final int threads;
  private final boolean skipUnreadable;
  private final List<Sample> samples;
  private final List<MaskItem> masks;
  private final byte[] index;
  private final int perShard;

  /** Hears how far the writing is. */
  public interface Listener {
    /**
     * Is told after each image.
     *
     * @param done images and masks, those of an earlier attempt included
     * @param resumed of which an earlier attempt wrote
     */
    void progress(int done, int total, int resumed);

    void warning(String line);
  }

  /**
   * What was made.
   *
   * @param unreadable images whose places hold nothing
   * @param wasThere whether the cache was whole already
   * @param bytes of all its files
   */
  public record Outcome(int samples, int masks, int unreadable, boolean wasThere, long bytes) {}

  /**
   * Lists what will be written; with masks, each is drawn once at a small size to know whether it
   * is there.
   *
   * @param skipUnreadable leave a place empty for an image that cannot be read, instead of stopping
   */
  public CacheWriter(Dataset source, CacheSettings settings, int threads, boolean skipUnreadable) {
    this.source = source;
    this.settings = settings;
    this.threads = threads;
    this.skipUnreadable = skipUnreadable;
    this.samples = source.samples();
    this.masks = settings.masks() ? masks(source) : List.of();
    this.index = CacheIndex.encode(samples, masks);
    this.perShard = Math.max(1, SHARD_BYTES / settings.imageBytes());
  }

  private static List<MaskItem> masks(Dataset source) {
    List<MaskItem> found = new ArrayList<>();
    for (int i = 0; i < source.samples().size(); i++) {
      Sample sample = source.samples().get(i);
      for (String target : new TreeSet<>(sample.labels().keySet())) {
        if (source.mask(sample, target, PROBE).isPresent()) {
          found.add(new MaskItem(i, target));
        }
      }
    }
    return found;
  }

  /** Images and masks. */
  public int items() {
    return Math.addExact(samples.size(), masks.size());
  }

  /**
   * Bytes of shards and index, exact when every image can be read; cache.json and plan.json come to
   * some kilobytes.
   */
  public long bytes() {
    long bytes = index.length + (long) items() * settings.imageBytes();
    for (int shard = 0; shard < shards(); shard++) {
      bytes += ShardTrailer.bytes(itemsIn(shard));
    }
    return bytes;
  }

  private int shards() {
    return (items() + perShard - 1) / perShard;
  }

  private int itemsIn(int shard) {
    return Math.min(perShard, items() - shard * perShard);
  }

  /**
   * Writes the cache, or goes on with it.
   *
   * @throws ProblemException USAGE when the directory holds something else; DISK when there is not
   *     enough space; BAD_DATA when an image cannot be read and such are not skipped
   */
  public Outcome write(Path directory, Listener listener) {
    String digest = SourceDigest.of(samples);
    String files = SourceDigest.ofFiles(source);
    if (CacheDescription.isIn(directory)) {
      return present(directory, digest, files);
    }
    try {
      Files.createDirectories(directory);
      try (FileChannel channel =
              FileChannel.open(
                  directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = lock(channel)) {
        if (lock == null) {
          throw taken(directory);
        }
        new CachePlan(
                CacheDescription.FORMAT, settings, digest, files, samples.size(), masks.size())
            .claim(directory);
        removeTemporaries(directory);
        CacheDescription description = writeShards(directory, digest, files, listener);
        AtomicFiles.write(directory.resolve(CacheIndex.FILE), index);
        description.write(directory);
        return outcome(description, false);
      } catch (OverlappingFileLockException e) {
        throw taken(directory);
      }
    } catch (IOException e) {
      throw AtomicFiles.disk(directory, e);
    }
  }

  private static FileLock lock(FileChannel channel) throws IOException {
    return channel.tryLock();
  }

  private static ProblemException taken(Path directory) {
    return new ProblemException(
        ProblemKind.USAGE, directory + ": another process is preparing this cache; let it finish");
  }

  private Outcome present(Path directory, String digest, String files) {
    CacheDescription there = CacheDescription.read(directory);
    List<String> differences = new ArrayList<>(there.settings().differences(settings));
    if (!there.sourceDigest().equals(digest)) {
      differences.add("its samples are not those of the data set");
    } else if (!SourceDigest.sameFiles(there.filesDigest(), files)) {
      differences.add("its images' files had other sizes");
    }
    if (!differences.isEmpty()) {
      throw new ProblemException(
          ProblemKind.USAGE,
          directory
              + " holds a cache of something else ("
              + String.join("; ", differences)
              + "); delete it or choose another directory");
    }
    return outcome(there, true);
  }

  private Outcome outcome(CacheDescription made, boolean wasThere) {
    long bytes = index.length;
    for (CacheDescription.Shard shard : made.shards()) {
      bytes += shard.bytes();
    }
    return new Outcome(made.samples(), made.masks(), made.unreadable(), wasThere, bytes);
  }

  /** What a killed preparation left behind. */
  private static void removeTemporaries(Path directory) throws IOException {
    try (var files = Files.newDirectoryStream(directory, AtomicFiles.TEMPORARY + "*")) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
  }

  private CacheDescription writeShards(
      Path directory, String digest, String files, Listener listener) throws IOException {
    List<CacheDescription.Shard> written = new ArrayList<>();
    int unreadable = 0;
    int first = 0;
    for (; first < shards(); first++) {
      Optional<ShardFile> earlier = earlier(directory.resolve(name(first)), first, listener);
      if (earlier.isEmpty()) {
        break;
      }
      written.add(described(name(first), earlier.get()));
      unreadable += earlier.get().trailer().problems().size();
      listener.progress(Math.min(items(), (first + 1) * perShard), items(), 0);
    }
    int resumed = Math.min(items(), first * perShard);
    requireSpace(directory, first);
    try (ItemStream stream = new ItemStream(this::item, resumed, items(), threads)) {
      for (int shard = first; shard < shards(); shard++) {
        Path file = directory.resolve(name(shard));
        int from = shard * perShard;
        int count = itemsIn(shard);
        AtomicFiles.write(file, out -> writeShard(out, stream, from, count, resumed, listener));
        ShardFile made = ShardFile.open(file, new OpenFiles(1), count, settings.imageBytes());
        written.add(described(name(shard), made));
        unreadable += made.trailer().problems().size();
      }
    }
    if (unreadable == samples.size()) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, "none of the " + samples.size() + " images can be read");
    }
    return new CacheDescription(
        CacheDescription.FORMAT,
        "xrv-train " + Toolkit.version(),
        source.name(),
        source.provenance(),
        settings,
        digest,
        files,
        samples.size(),
        masks.size(),
        unreadable,
        Digests.sha256(index),
        perShard,
        written);
  }

  private static String name(int shard) {
    return String.format(Locale.ROOT, "shard-%05d.bin", shard);
  }

  private static CacheDescription.Shard described(String name, ShardFile shard) {
    return new CacheDescription.Shard(name, shard.size(), shard.sha256());
  }

  private Optional<ShardFile> earlier(Path file, int shard, Listener listener) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      ShardFile found =
          ShardFile.open(file, new OpenFiles(1), itemsIn(shard), settings.imageBytes());
      found.verify();
      return Optional.of(found);
    } catch (ProblemException e) {
      listener.warning("made again: " + e.getMessage());
      return Optional.empty();
    }
  }

  private void requireSpace(Path directory, int first) throws IOException {
    long needed = (long) (items() - Math.min(items(), first * perShard)) * settings.imageBytes();
    long free = Files.getFileStore(directory).getUsableSpace();
    if (needed > free) {
      throw new ProblemException(
          ProblemKind.DISK,
          String.format(
              Locale.ROOT,
              "%s: the cache needs %.1f GB more, %.1f GB are free; free some space, choose another"
                  + " place, a lower resolution or --pixels int16",
              directory,
              needed / 1e9,
              free / 1e9));
    }
  }

  private void writeShard(
      OutputStream out, ItemStream stream, int from, int count, int resumed, Listener listener)
      throws IOException {
    int[] checksums = new int[count];
    Map<Integer, String> problems = new TreeMap<>();
    for (int slot = 0; slot < count; slot++) {
      ItemStream.Item item = stream.next();
      if (!item.problem().isEmpty()) {
        problems.put(slot, item.problem());
        listener.warning("left out: " + item.problem());
      }
      checksums[slot] = ShardTrailer.checksum(ByteBuffer.wrap(item.bytes()));
      out.write(item.bytes());
      listener.progress(from + slot + 1, items(), resumed);
    }
    out.write(new ShardTrailer(checksums, problems).encode());
  }

  /** Reads and encodes one image or mask; by several threads. */
  private ItemStream.Item item(int number) {
    byte[] bytes = new byte[settings.imageBytes()];
    int resolution = settings.resolution();
    if (number >= samples.size()) {
      MaskItem mask = masks.get(number - samples.size());
      GrayImage drawn =
          source.mask(samples.get(mask.sample()), mask.target(), resolution).orElseThrow();
      settings.pixels().encode(drawn.pixels(), CachedDataset.MASK_RANGE, bytes);
      return new ItemStream.Item(bytes, "");
    }
    try {
      GrayImage image = source.image(samples.get(number), resolution);
      settings.pixels().encode(image.pixels(), Preprocessing.RANGE, bytes);
      return new ItemStream.Item(bytes, "");
    } catch (ProblemException e) {
      if (e.kind() != ProblemKind.BAD_DATA || !skipUnreadable) {
        throw e;
      }
      return new ItemStream.Item(bytes, e.getMessage());
    }
  }
}
