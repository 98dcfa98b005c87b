package org.xrv.trainer.data;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.Finding;
import org.xrv.core.dataset.Sample;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.GrayImage;
import org.xrv.core.random.KeyedRandom;

/** Bright discs on dark ground; the finding "Large" is a radius above the middle. */
public final class Discs implements Dataset {
  private final List<Sample> samples = new ArrayList<>();
  private final Set<String> broken = new HashSet<>();

  public Discs(int count) {
    for (int i = 0; i < count; i++) {
      String id = String.format(Locale.ROOT, "disc-%03d", i);
      samples.add(
          new Sample(
              "discs",
              id,
              "discs:" + i / 2,
              "PA",
              Map.of("Large", radius(id) > 0.3 ? Finding.PRESENT : Finding.ABSENT)));
    }
  }

  /** Makes an image unreadable. */
  public Discs broken(String id) {
    broken.add(id);
    return this;
  }

  private static double radius(String id) {
    return KeyedRandom.of(1, id).nextDouble(0.1, 0.5);
  }

  @Override
  public String name() {
    return "discs";
  }

  @Override
  public List<Sample> samples() {
    return samples;
  }

  @Override
  public GrayImage image(Sample sample, int resolution) {
    if (broken.contains(sample.id())) {
      throw new ProblemException(ProblemKind.BAD_DATA, sample.id() + ".png: truncated");
    }
    double r = radius(sample.id()) * resolution;
    float[] pixels = new float[resolution * resolution];
    for (int i = 0; i < pixels.length; i++) {
      int row = i / resolution;
      double y = row - resolution / 2.0;
      double x = i % resolution - resolution / 2.0;
      pixels[i] = x * x + y * y < r * r ? 700 : -700;
    }
    return new GrayImage(resolution, resolution, pixels);
  }

  @Override
  public Optional<GrayImage> mask(Sample sample, String target, int resolution) {
    return Optional.empty();
  }

  @Override
  public String provenance() {
    return samples.size() + " discs";
  }
}
