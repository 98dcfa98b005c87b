package org.xrv.core.dataset.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.ImageArchive;
import org.xrv.core.dataset.OnMissing;
import org.xrv.core.dataset.PackedImage;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.files.DataFile;
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
 *
 * <p>Images at hand come first, in the order of the samples. Then each archive that must be read
 * from its start to its end is read once, its images in its own order, a shard ending with it; then
 * come the masks. The index says where each sample's image lies.
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
  private final OnMissing missing;
  private final List<Sample> samples;
  private final List<MaskItem> masks;
  private final Map<String, Integer> numberOf = new HashMap<>();
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
   * @param samples that the cache has
   * @param unreadable images whose places hold nothing
   * @param wasThere whether the cache was whole already
   * @param bytes of all its files
   */
  public record Outcome(int samples, int masks, int unreadable, boolean wasThere, long bytes) {}

  /** As the other constructor; images that archives turn out not to hold stop the writing. */
  public CacheWriter(Dataset source, CacheSettings settings, int threads, boolean skipUnreadable) {
    this(source, settings, threads, skipUnreadable, OnMissing.FAIL);
  }

  /**
   * Lists what will be written; with masks, each is drawn once at a small size to know whether it
   * is there.
   *
   * @param skipUnreadable leave a place empty for an image that cannot be read, instead of stopping
   * @param missing what to do about samples whose images turn out to be in no archive
   */
  public CacheWriter(
      Dataset source,
      CacheSettings settings,
      int threads,
      boolean skipUnreadable,
      OnMissing missing) {
    this(source, settings, threads, skipUnreadable, missing, SHARD_BYTES);
  }

  CacheWriter(
      Dataset source,
      CacheSettings settings,
      int threads,
      boolean skipUnreadable,
      OnMissing missing,
      int shardBytes) {
    this.source = source;
    this.settings = settings;
    this.threads = threads;
    this.skipUnreadable = skipUnreadable;
    this.missing = missing;
    this.samples = source.samples();
    this.masks = settings.masks() ? masks(source) : List.of();
    for (int i = 0; i < samples.size() && !source.archives().isEmpty(); i++) {
      numberOf.put(samples.get(i).dataset() + "/" + samples.get(i).id(), i);
    }
    this.perShard = Math.max(1, shardBytes / settings.imageBytes());
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

  /** Whether all images are at hand, so that {@link #bytes} is exact. */
  public boolean exact() {
    return source.archives().isEmpty();
  }

  /**
   * Bytes of shards and index, exact when every image is at hand and can be read; cache.json and
   * plan.json come to some kilobytes. With archives whose content is unknown it is the most, but
   * for a hundred bytes for each of them.
   */
  public long bytes() {
    long index = CacheIndex.encode(samples, masks, new int[items()]).length;
    int shards = (items() + perShard - 1) / perShard;
    long trailers = shards * ShardTrailer.bytes(0) + 8L * items();
    return index + (long) items() * settings.imageBytes() + trailers;
  }

  /**
   * Writes the cache, or goes on with it.
   *
   * @throws ProblemException USAGE when the directory holds something else; DISK when there is not
   *     enough space; BAD_DATA when an image cannot be read or is missing, or an archive is
   *     damaged, and such are not skipped
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
        return new Preparation(directory, digest, files, listener).run();
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
    if (!CachedDataset.isOf(there, digest)) {
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
    return outcome(there, directory, true);
  }

  private static Outcome outcome(CacheDescription made, Path directory, boolean wasThere) {
    long bytes = directory.resolve(CacheIndex.FILE).toFile().length();
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

  /** One attempt. */
  private final class Preparation {
    private final Path directory;
    private final String digest;
    private final String files;
    private final Listener listener;
    private final ShardSeries series;
    private final FinishedArchives finished;
    private final int resumed;
    private final List<String> damaged = new ArrayList<>();

    Preparation(Path directory, String digest, String files, Listener listener) throws IOException {
      this.directory = directory;
      this.digest = digest;
      this.files = files;
      this.listener = listener;
      this.series = new ShardSeries(directory, perShard, settings.imageBytes(), items());
      series.resume(listener);
      this.finished = new FinishedArchives(directory, series.shards().size());
      this.resumed = series.done();
      requireSpace();
    }

    Outcome run() throws IOException {
      List<ImageArchive> archives = source.archives();
      if (archives.isEmpty()) {
        write(numbers(0, items()));
      } else {
        write(numbers(0, samples.size()));
        for (ImageArchive archive : archives) {
          if (!finished.has(archive.file())) {
            read(archive);
          }
        }
        judgeMissing();
        write(numbers(samples.size(), items()));
      }
      CacheDescription description = describe();
      description.write(directory);
      finished.delete();
      return outcome(description, directory, false);
    }

    /** Of images at hand and of masks, those that no shard holds yet. */
    private PrimitiveIterator.OfInt numbers(int from, int to) {
      return IntStream.range(from, to)
          .filter(i -> !series.has(i))
          .filter(i -> i < samples.size() ? source.atHand(samples.get(i)) : hasImage(i))
          .iterator();
    }

    /** Whether a mask's image is there. */
    private boolean hasImage(int mask) {
      int image = masks.get(mask - samples.size()).sample();
      return series.has(image) || source.atHand(samples.get(image));
    }

    private void write(PrimitiveIterator.OfInt numbers) {
      ItemStream.Tasks tasks =
          () -> {
            if (!numbers.hasNext()) {
              return null;
            }
            int number = numbers.nextInt();
            return new ItemStream.Task(0, () -> item(number));
          };
      try (ItemStream stream = new ItemStream(tasks, threads)) {
        series.write(stream, resumed, listener);
      }
    }

    private void read(ImageArchive archive) {
      try (ImageArchive.Pass pass = archive.pass()) {
        ArchiveTasks tasks = new ArchiveTasks(archive, pass, this);
        try (ItemStream stream = new ItemStream(tasks, threads)) {
          series.write(stream, resumed, listener);
        }
        tasks
            .problem()
            .ifPresentOrElse(
                this::damaged, () -> finished.add(archive.file(), series.shards().size()));
      } catch (IOException e) {
        damaged(
            archive.file().file() + ": cannot be read: " + DataFile.reason(e) + "; fetch it again");
      }
    }

    private void damaged(String line) {
      damaged.add(line);
      listener.warning(line);
    }

    /** The sample's number, when its image is wanted and in no shard. */
    private OptionalInt wanted(Sample sample) {
      Integer number = numberOf.get(sample.dataset() + "/" + sample.id());
      return number == null || series.has(number) || source.atHand(sample)
          ? OptionalInt.empty()
          : OptionalInt.of(number);
    }

    private void judgeMissing() {
      List<String> absent = new ArrayList<>();
      for (int i = 0; i < samples.size(); i++) {
        if (!series.has(i)) {
          absent.add(samples.get(i).id());
        }
      }
      if (missing == OnMissing.FAIL && !damaged.isEmpty()) {
        throw new ProblemException(
            ProblemKind.BAD_DATA, damaged.get(0) + ", or take what is there with --missing skip");
      }
      if (!absent.isEmpty()) {
        String line = missing.line(absent, samples.size(), source.name());
        if (missing == OnMissing.FAIL) {
          throw new ProblemException(ProblemKind.BAD_DATA, line);
        }
        listener.warning(line);
      }
    }

    private CacheDescription describe() {
      List<Sample> there = new ArrayList<>();
      int[] renumbered = new int[samples.size()];
      List<Integer> positions = new ArrayList<>();
      for (int i = 0; i < samples.size(); i++) {
        renumbered[i] = there.size();
        if (series.has(i)) {
          there.add(samples.get(i));
          positions.add(series.position(i));
        }
      }
      if (series.unreadable() == there.size()) {
        throw new ProblemException(
            ProblemKind.BAD_DATA, "none of the " + samples.size() + " images can be read");
      }
      List<MaskItem> drawn = new ArrayList<>();
      for (int i = samples.size(); i < items(); i++) {
        MaskItem mask = masks.get(i - samples.size());
        if (series.has(i)) {
          drawn.add(new MaskItem(renumbered[mask.sample()], mask.target()));
          positions.add(series.position(i));
        }
      }
      byte[] index = CacheIndex.encode(there, drawn, positions.stream().mapToInt(p -> p).toArray());
      AtomicFiles.write(directory.resolve(CacheIndex.FILE), index);
      return new CacheDescription(
          CacheDescription.FORMAT,
          "xrv-train " + Toolkit.version(),
          source.name(),
          source.provenance(),
          settings,
          there.size() == samples.size() ? digest : SourceDigest.of(there),
          digest,
          files,
          there.size(),
          drawn.size(),
          series.unreadable(),
          Digests.sha256(index),
          perShard,
          series.shards());
    }

    private void requireSpace() throws IOException {
      long needed = (long) (items() - resumed) * settings.imageBytes();
      long free = Files.getFileStore(directory).getUsableSpace();
      if (needed > free) {
        throw new ProblemException(
            ProblemKind.DISK,
            String.format(
                Locale.ROOT,
                "%s: the cache needs %s more, %s are free; free some space, choose another place,"
                    + " a lower resolution or --pixels int16",
                directory,
                shown(needed),
                shown(free)));
      }
    }

    private static String shown(long bytes) {
      return bytes < 1e9
          ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
          : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }
  }

  /** Reads an archive's images into memory, one after the other, for being decoded. */
  private final class ArchiveTasks implements ItemStream.Tasks {
    private final ImageArchive archive;
    private final ImageArchive.Pass pass;
    private final Preparation preparation;
    private final Set<Integer> taken = new HashSet<>();
    private Optional<String> problem = Optional.empty();

    ArchiveTasks(ImageArchive archive, ImageArchive.Pass pass, Preparation preparation) {
      this.archive = archive;
      this.pass = pass;
      this.preparation = preparation;
    }

    @Override
    public ItemStream.Task next() {
      try {
        Optional<PackedImage> next = pass.next(this::wanted);
        if (next.isEmpty()) {
          return null;
        }
        PackedImage image = next.get();
        int number = preparation.wanted(image.sample()).orElseThrow();
        return new ItemStream.Task(
            image.content().length,
            () -> encoded(number, () -> source.image(image, settings.resolution())));
      } catch (IOException e) {
        problem =
            Optional.of(
                archive.file().file()
                    + ": cannot be read to its end: "
                    + DataFile.reason(e)
                    + "; fetch it again");
        return null;
      }
    }

    /** Of two members for one sample the first counts. */
    private boolean wanted(Sample sample) {
      OptionalInt number = preparation.wanted(sample);
      return number.isPresent() && taken.add(number.getAsInt());
    }

    /** Why the archive was not read to its end. */
    Optional<String> problem() {
      return problem;
    }
  }

  /** Reads and encodes one image or mask; by several threads. */
  private ItemStream.Item item(int number) {
    int resolution = settings.resolution();
    if (number >= samples.size()) {
      byte[] bytes = new byte[settings.imageBytes()];
      MaskItem mask = masks.get(number - samples.size());
      GrayImage drawn =
          source.mask(samples.get(mask.sample()), mask.target(), resolution).orElseThrow();
      settings.pixels().encode(drawn.pixels(), CachedDataset.MASK_RANGE, bytes);
      return new ItemStream.Item(number, bytes, "");
    }
    return encoded(number, () -> source.image(samples.get(number), resolution));
  }

  private ItemStream.Item encoded(int number, Supplier<GrayImage> read) {
    byte[] bytes = new byte[settings.imageBytes()];
    try {
      settings.pixels().encode(read.get().pixels(), Preprocessing.RANGE, bytes);
      return new ItemStream.Item(number, bytes, "");
    } catch (ProblemException e) {
      if (e.kind() != ProblemKind.BAD_DATA || !skipUnreadable) {
        throw e;
      }
      return new ItemStream.Item(number, bytes, e.getMessage());
    }
  }
}
