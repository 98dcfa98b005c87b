package org.xrv.trainer.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.xrv.core.dataset.Sample;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Shape;
import org.xrv.core.image.GrayImage;
import org.xrv.core.random.KeyedRandom;
import org.xrv.core.tensor.FloatTensor;

/**
 * Batches of samples, prepared ahead by worker threads. What a batch holds depends on (samples,
 * seed, epoch, position) only, so that a run can go on in the middle of an epoch.
 *
 * <p>An unreadable image's place is taken by the next readable one in the epoch's order: batches
 * keep their size.
 */
public final class Loader implements AutoCloseable {
  private final List<Sample> samples;
  private final ImageCache images;
  private final Augmenter augmenter;
  private final int batchSize;
  private final long seed;
  private final int threads;

  /** Above 0: every one of so many batches of an epoch is the first. */
  private final int repetitions;

  private final ExecutorService workers;

  public Loader(
      List<Sample> samples,
      ImageCache images,
      Augmenter augmenter,
      int batchSize,
      long seed,
      int threads) {
    this(samples, images, augmenter, batchSize, seed, threads, 0);
  }

  /**
   * Gives one batch, of all the samples as they are, again and again.
   *
   * @param batches of an epoch
   */
  public static Loader ofOneBatch(
      List<Sample> samples, ImageCache images, int batches, int threads) {
    return new Loader(samples, images, Augmenter.NONE, samples.size(), 0, threads, batches);
  }

  private Loader(
      List<Sample> samples,
      ImageCache images,
      Augmenter augmenter,
      int batchSize,
      long seed,
      int threads,
      int repetitions) {
    if (samples.isEmpty()) {
      throw new ProblemException(ProblemKind.BAD_DATA, "there are no images to load");
    }
    if (batchSize < 1 || threads < 1) {
      throw new ProblemException(
          ProblemKind.USAGE, "batch size " + batchSize + " and " + threads + " loader threads");
    }
    this.samples = List.copyOf(samples);
    this.images = images;
    this.augmenter = augmenter;
    this.batchSize = Math.min(batchSize, samples.size());
    this.seed = seed;
    this.threads = threads;
    this.repetitions = repetitions;
    this.workers =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "loader");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Whole batches in an epoch; the rest of an epoch's order is left out, a different rest each
   * time.
   */
  public int batchesPerEpoch() {
    return repetitions > 0 ? repetitions : samples.size() / batchSize;
  }

  public int batchSize() {
    return batchSize;
  }

  public List<Sample> samples() {
    return samples;
  }

  /** The shuffled, augmented batches of an epoch from one position on. */
  public BatchStream epoch(int epoch, int firstBatch) {
    List<Sample> order = repetitions > 0 ? samples : order(epoch);
    return new BatchStream(
        workers,
        2 * threads,
        firstBatch,
        batchesPerEpoch(),
        i -> shuffled(order, epoch, repetitions > 0 ? 0 : i));
  }

  /** All samples in their own order, without augmentation and without the unreadable ones. */
  public BatchStream inOrder() {
    int batches = (samples.size() + batchSize - 1) / batchSize;
    return new BatchStream(workers, 2 * threads, 0, batches, this::plain);
  }

  private List<Sample> order(int epoch) {
    List<Sample> order = new ArrayList<>(samples);
    KeyedRandom.of(seed, "order", "epoch " + epoch).shuffle(order);
    return order;
  }

  private Optional<Batch> shuffled(List<Sample> order, int epoch, int index) {
    List<Sample> chosen = new ArrayList<>();
    List<GrayImage> pixels = new ArrayList<>();
    for (int i = 0; i < batchSize; i++) {
      int from = index * batchSize + i;
      Sample sample = null;
      Optional<GrayImage> image = Optional.empty();
      for (int ahead = 0; image.isEmpty() && ahead < order.size(); ahead++) {
        sample = order.get((from + ahead) % order.size());
        image = images.image(sample);
      }
      if (image.isEmpty()) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            "none of the " + order.size() + " training images can be read; the first: " + first());
      }
      chosen.add(sample);
      pixels.add(
          augmenter.augment(
              image.get(),
              KeyedRandom.of(seed, "augment", "epoch " + epoch, ImageCache.key(sample))));
    }
    return Optional.of(batch(chosen, pixels));
  }

  private Optional<Batch> plain(int index) {
    List<Sample> chosen = new ArrayList<>();
    List<GrayImage> pixels = new ArrayList<>();
    int end = Math.min(samples.size(), (index + 1) * batchSize);
    for (Sample sample : samples.subList(index * batchSize, end)) {
      images
          .image(sample)
          .ifPresent(
              image -> {
                chosen.add(sample);
                pixels.add(image);
              });
    }
    return chosen.isEmpty() ? Optional.empty() : Optional.of(batch(chosen, pixels));
  }

  private Batch batch(List<Sample> chosen, List<GrayImage> pixels) {
    int resolution = images.resolution();
    FloatTensor tensor = FloatTensor.zeros(Shape.of(chosen.size(), 1, resolution, resolution));
    int each = resolution * resolution;
    for (int i = 0; i < pixels.size(); i++) {
      System.arraycopy(pixels.get(i).pixels(), 0, tensor.data(), i * each, each);
    }
    return new Batch(chosen, tensor);
  }

  private String first() {
    return images.unreadable().iterator().next();
  }

  @Override
  public void close() {
    workers.shutdown();
  }
}
