package org.xrv.core.dataset.cache;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.Finding;
import org.xrv.core.dataset.Sample;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.GrayImage;
import org.xrv.core.random.KeyedRandom;

/** A data set of random pixels, some of them unreadable, that counts what is read of it. */
final class CacheFixture implements Dataset {
  final AtomicInteger read = new AtomicInteger();
  private final List<Sample> samples = new ArrayList<>();
  private final Set<String> broken = new HashSet<>();
  private int stopAfter = Integer.MAX_VALUE;

  CacheFixture(int count) {
    for (int i = 0; i < count; i++) {
      samples.add(
          new Sample(
              "noise",
              String.format(Locale.ROOT, "noise-%05d.png", i),
              "noise:" + i / 3,
              i % 4 == 0 ? "AP" : "PA",
              i % 2 == 0
                  ? Map.of("Mass", Finding.PRESENT, "Hernia", Finding.UNKNOWN)
                  : Map.of("Mass", Finding.ABSENT)));
    }
  }

  CacheFixture broken(String id) {
    broken.add(id);
    return this;
  }

  /** As if the process ended after so many images. */
  CacheFixture stoppingAfter(int images) {
    stopAfter = images;
    return this;
  }

  static CacheSettings settings(int resolution, PixelEncoding pixels, boolean masks) {
    return new CacheSettings(
        List.of("noise"), List.of(), resolution, pixels, masks, Map.of("preprocessing", "test"));
  }

  /** Writes the whole cache with two threads, leaving unreadable images out. */
  CacheWriter.Outcome write(Path directory, CacheSettings settings) {
    return new CacheWriter(this, settings, 2, true).write(directory, new Silent());
  }

  /** Hears nothing but keeps the warnings. */
  static final class Silent implements CacheWriter.Listener {
    final List<String> warnings = new ArrayList<>();

    @Override
    public void progress(int done, int total, int resumed) {}

    @Override
    public void warning(String line) {
      warnings.add(line);
    }
  }

  @Override
  public String name() {
    return "noise";
  }

  @Override
  public List<Sample> samples() {
    return samples;
  }

  @Override
  public GrayImage image(Sample sample, int resolution) {
    if (read.incrementAndGet() > stopAfter) {
      throw new IllegalStateException("killed");
    }
    if (broken.contains(sample.id())) {
      throw new ProblemException(ProblemKind.BAD_DATA, sample.id() + ": truncated");
    }
    return noise(sample.id(), resolution, -1024);
  }

  /** Every other sample has one. */
  @Override
  public Optional<GrayImage> mask(Sample sample, String target, int resolution) {
    return sample.label(target) == Finding.PRESENT
        ? Optional.of(noise(sample.id() + target, resolution, 0))
        : Optional.empty();
  }

  private static GrayImage noise(String key, int resolution, double low) {
    KeyedRandom random = KeyedRandom.of(3, key);
    float[] pixels = new float[resolution * resolution];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextDouble(low, low < 0 ? 1024 : 1);
    }
    return new GrayImage(resolution, resolution, pixels);
  }

  @Override
  public String provenance() {
    return samples.size() + " squares of noise";
  }
}
