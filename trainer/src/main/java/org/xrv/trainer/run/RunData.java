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
    PatientSplit split =
        new PatientSplit(all.training(), some(all.validation(), data.maxValidationImages(), seed));
    ImageCache images =
        new ImageCache(
            dataset,
            config.resolution(),
            // Pixels of a packed cache are in the system's memory already.
            data.cache().isEmpty() ? (long) data.cacheMiB() << 20 : 0,
            data.onUnreadable(),
            warnings);
    int batch = config.train().batch();
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
