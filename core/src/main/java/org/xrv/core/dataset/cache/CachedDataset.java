package org.xrv.core.dataset.cache;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.SampleIndex;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.GrayImage;
import org.xrv.core.image.Preprocessing;
import org.xrv.core.io.Digests;

/**
 * A data set whose pixels come from a cache. Opening reads the index only; shards are opened when
 * they are first asked for. Safe for several threads.
 */
public final class CachedDataset implements Dataset {
  /** Masks lie in [0, 1]. */
  static final float MASK_RANGE = 1;

  /** Half of what systems commonly allow a process. */
  private static final int MOST_OPEN = 512;

  private final Path directory;
  private final CacheDescription description;
  private final CacheIndex index;
  private final SampleIndex positions;
  private final AtomicReferenceArray<ShardFile> shards;
  private final OpenFiles files = new OpenFiles(MOST_OPEN);

  private CachedDataset(Path directory, CacheDescription description, CacheIndex index) {
    this.directory = directory;
    this.description = description;
    this.index = index;
    this.positions = new SampleIndex(index.samples());
    this.shards = new AtomicReferenceArray<>(description.shards().size());
  }

  /**
   * Opens a cache.
   *
   * @throws ProblemException BAD_DATA when there is none, or it is unfinished or damaged
   */
  public static CachedDataset open(Path directory) {
    CacheDescription description = CacheDescription.read(directory);
    Path file = directory.resolve(CacheIndex.FILE);
    try {
      if (!Files.isRegularFile(file) || !Digests.sha256(file).equals(description.indexSha256())) {
        throw damaged(file, "is not the index that " + CacheDescription.FILE + " speaks of", null);
      }
      CacheIndex index = index(file);
      if (index.samples().size() != description.samples() || index.masks() != description.masks()) {
        throw damaged(file, "lists other images than " + CacheDescription.FILE, null);
      }
      int perShard = description.itemsPerShard();
      if (!index.lies(
          at ->
              at >= 0
                  && at / perShard < description.shards().size()
                  && at % perShard < description.shards().get(at / perShard).items())) {
        throw damaged(file, "speaks of images beyond the shards", null);
      }
      CachedDataset opened = new CachedDataset(directory, description, index);
      opened.requireShards();
      return opened;
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      throw damaged(file, "cannot be read: " + e, e);
    }
  }

  private static CacheIndex index(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return CacheIndex.decode(in, Files.size(file));
    }
  }

  private void requireShards() throws IOException {
    for (CacheDescription.Shard shard : description.shards()) {
      Path file = directory.resolve(shard.name());
      if (!Files.isRegularFile(file) || Files.size(file) != shard.bytes()) {
        throw damaged(
            file,
            Files.exists(file)
                ? "has " + Files.size(file) + " bytes instead of " + shard.bytes()
                : "is missing",
            null);
      }
    }
  }

  private static ProblemException damaged(Path file, String what, Exception cause) {
    return new ProblemException(
        ProblemKind.BAD_DATA,
        file
            + ": "
            + what
            + "; delete "
            + file.resolveSibling(CacheDescription.FILE)
            + " and run xrv-train data prepare again",
        cause);
  }

  /** What the cache was made from and how. */
  public CacheSettings settings() {
    return description.settings();
  }

  /** How many images could not be read when the cache was made. */
  public int unreadable() {
    return description.unreadable();
  }

  /** Whether the cache holds the very samples of a data set. */
  public boolean isOf(Dataset dataset) {
    return isOf(description, SourceDigest.of(dataset.samples()));
  }

  static boolean isOf(CacheDescription description, String digest) {
    return description.sourceDigest().equals(digest) || description.listedDigest().equals(digest);
  }

  /** Whether it was made of files of the sizes of a data set's, as far as these are known. */
  public boolean isOfFilesOf(Dataset dataset) {
    return SourceDigest.sameFiles(description.filesDigest(), SourceDigest.ofFiles(dataset));
  }

  @Override
  public String name() {
    return description.name();
  }

  @Override
  public List<Sample> samples() {
    return index.samples();
  }

  /**
   * @throws ProblemException USAGE for another resolution than the cache's; BAD_DATA when the image
   *     was unreadable or the shard is damaged
   */
  @Override
  public GrayImage image(Sample sample, int resolution) {
    float[] pixels = new float[resolution * resolution];
    readImage(position(sample), resolution, pixels);
    return new GrayImage(resolution, resolution, pixels);
  }

  /**
   * Reads the image of the sample at a position into an array that is there already.
   *
   * @param pixels resolution * resolution values, overwritten
   */
  public void readImage(int position, int resolution, float[] pixels) {
    read(index.image(position), resolution, Preprocessing.RANGE, pixels);
  }

  /** Whether the image of the sample at a position could be read when the cache was made. */
  public boolean readable(int position) {
    int perShard = description.itemsPerShard();
    int item = index.image(position);
    return shard(item / perShard).problem(item % perShard).isEmpty();
  }

  @Override
  public Optional<GrayImage> mask(Sample sample, String target, int resolution) {
    if (!settings().masks()) {
      throw new ProblemException(
          ProblemKind.USAGE,
          directory + " holds no masks; prepare a cache with --masks, or use the data set itself");
    }
    int mask = index.mask(position(sample), target);
    if (mask < 0) {
      return Optional.empty();
    }
    float[] pixels = new float[resolution * resolution];
    read(mask, resolution, MASK_RANGE, pixels);
    return Optional.of(new GrayImage(resolution, resolution, pixels));
  }

  /**
   * Compares every pixel with the checksums; of a large cache that takes as long as reading it.
   *
   * @throws ProblemException BAD_DATA, naming the first damaged file
   */
  public void verify() {
    for (int i = 0; i < shards.length(); i++) {
      shard(i).verify();
    }
  }

  private void read(int item, int resolution, float range, float[] pixels) {
    if (resolution != settings().resolution()) {
      throw new ProblemException(
          ProblemKind.USAGE,
          String.format(
              Locale.ROOT,
              "%s holds images of %d x %d pixels, asked for %d x %d; prepare a cache of that"
                  + " resolution",
              directory,
              settings().resolution(),
              settings().resolution(),
              resolution,
              resolution));
    }
    ShardFile shard = shard(item / description.itemsPerShard());
    int slot = item % description.itemsPerShard();
    Optional<String> problem = shard.problem(slot);
    if (problem.isPresent()) {
      throw new ProblemException(ProblemKind.BAD_DATA, problem.get());
    }
    shard.read(slot, settings().pixels(), range, pixels);
  }

  private ShardFile shard(int number) {
    ShardFile shard = shards.get(number);
    if (shard == null) {
      CacheDescription.Shard described = description.shards().get(number);
      Path file = directory.resolve(described.name());
      shard = ShardFile.open(file, files, settings().imageBytes());
      if (!shard.sha256().equals(described.sha256())) {
        throw damaged(file, "is not the shard that was written", null);
      }
      shards.set(number, shard);
    }
    return shard;
  }

  private int position(Sample sample) {
    int position = positions.position(sample.dataset(), sample.id());
    if (position < 0) {
      throw new IllegalArgumentException(
          "sample " + sample.id() + " of " + sample.dataset() + " is not in " + directory);
    }
    return position;
  }

  @Override
  public String provenance() {
    return description.provenance()
        + "; from the cache "
        + directory.toAbsolutePath().normalize()
        + " ("
        + settings().pixels().name().toLowerCase(Locale.ROOT)
        + ", made by "
        + description.program()
        + ", index sha256 "
        + description.indexSha256()
        + ")";
  }
}
