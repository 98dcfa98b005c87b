package org.xrv.trainer.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.PatientSplit;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.catalog.OfficialSplit;
import org.xrv.core.dataset.catalog.PackedCaches;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.Augmentation;
import org.xrv.core.random.KeyedRandom;
import org.xrv.trainer.config.AugmentationSettings;
import org.xrv.trainer.config.DataSettings;
import org.xrv.trainer.config.RunConfig;
import org.xrv.trainer.data.Augmenter;
import org.xrv.trainer.data.ImageCache;
import org.xrv.trainer.data.Loader;

/** The images of a run: opened, split by patient, with loaders for training and validation. */
record RunData(
    Dataset dataset, PatientSplit split, ImageCache images, Loader training, Loader validation)
    implements AutoCloseable {

  static RunData open(RunConfig config, Consumer<String> warnings) {
    DataSettings data = config.data();
    long seed = config.train().seed();
    Dataset dataset = dataset(data, config.resolution(), warnings);
    PatientSplit all =
        switch (data.split()) {
          case RANDOM -> PatientSplit.of(dataset.samples(), data.validationFraction(), seed);
          case OFFICIAL ->
              OfficialSplit.of(dataset.samples(), data.validationFraction(), seed, warnings);
        };
    int batch = config.train().batch();
    PatientSplit split =
        new PatientSplit(
            all.training(), some(all.validation(), validationImages(config, batch), seed));
    ImageCache images =
        new ImageCache(
            dataset,
            config.resolution(),
            // Pixels of a packed cache are in the system's memory already.
            data.cache().isEmpty() ? (long) data.cacheMiB() << 20 : 0,
            data.onUnreadable(),
            warnings);
    if (config.guard().overfitBatch()) {
      return ofOneBatch(config, dataset, split.training(), images);
    }
    requireParts(config, Math.min(batch, split.training().size()));
    if (batch > split.training().size()) {
      warnings.accept(
          "batch size "
              + batch
              + " is more than the "
              + split.training().size()
              + " training images: each step takes all of them");
    }
    return new RunData(
        dataset,
        split,
        images,
        new Loader(
            split.training(),
            images,
            augmenter(config.train().augmentation()),
            batch,
            seed,
            data.workers()),
        new Loader(split.validation(), images, Augmenter.NONE, batch, seed, data.workers()));
  }

  /** A batch is cut down to the images there are, which may not divide any more. */
  private static void requireParts(RunConfig config, int images) {
    int parts = config.train().accumulate();
    if (images % parts != 0) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "train.accumulate (or --devices) cuts each batch into "
              + parts
              + " equal parts, but there are only "
              + images
              + " training images, fewer than the batch of "
              + config.train().batch()
              + "; give a batch of "
              + Math.max(parts, images / parts * parts)
              + ", or more images");
    }
  }

  /** The first training images that can be read, for training and for validation. */
  private static RunData ofOneBatch(
      RunConfig config, Dataset dataset, List<Sample> training, ImageCache images) {
    List<Sample> chosen =
        training.stream()
            .filter(s -> images.image(s).isPresent())
            .limit(config.train().batch())
            .toList();
    requireParts(config, chosen.size());
    int threads = config.data().workers();
    // As many steps as an epoch of all images would have.
    int batches = Math.max(1, training.size() / config.train().batch());
    return new RunData(
        dataset,
        new PatientSplit(chosen, chosen),
        images,
        Loader.ofOneBatch(chosen, images, batches, threads),
        Loader.ofOneBatch(chosen, images, 1, threads));
  }

  /** How many images a validation looks at; 0 for all. */
  private static int validationImages(RunConfig config, int batch) {
    int images = config.data().maxValidationImages();
    int batches = config.guard().maxValidationBatches();
    if (batches == 0) {
      return images;
    }
    long most = (long) batches * batch;
    return (int) Math.min(images == 0 ? Integer.MAX_VALUE : images, most);
  }

  /** In one line, for the user. */
  String summary(RunConfig config) {
    return dataset.provenance()
        + ": "
        + (config.guard().overfitBatch()
            ? "one batch of "
                + split.training().size()
                + " images to train on and to validate with, to see whether it is learned by heart"
            : split.training().size()
                + " images to train on, "
                + split.validation().size()
                + " to validate with, no patient in both");
  }

  private static Dataset dataset(DataSettings data, int resolution, Consumer<String> warnings) {
    PackedCaches.Source source =
        new PackedCaches.Source(
            data.names(),
            data.root().isEmpty() ? Optional.empty() : Optional.of(Path.of(data.root())),
            Set.copyOf(data.views()),
            data.resize(),
            data.missing(),
            data.phantom().seed(),
            data.phantom().count(),
            data.phantom().options());
    return data.cache().isEmpty()
        ? source.open(warnings)
        : PackedCaches.open(Path.of(data.cache()), source, resolution, warnings);
  }

  private static List<Sample> some(List<Sample> samples, int count, long seed) {
    if (count == 0 || count >= samples.size()) {
      return samples;
    }
    List<Sample> shuffled = new ArrayList<>(samples);
    KeyedRandom.of(seed, "validation images").shuffle(shuffled);
    Set<Sample> chosen = new HashSet<>(shuffled.subList(0, count));
    return samples.stream().filter(chosen::contains).toList();
  }

  private static Augmenter augmenter(AugmentationSettings settings) {
    Augmentation augmentation = settings.augmentation();
    return augmentation.none() ? Augmenter.NONE : augmentation::apply;
  }

  @Override
  public void close() {
    training.close();
    validation.close();
  }
}
