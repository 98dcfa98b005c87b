package org.xrv.core.dataset.catalog;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.Sample;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.GrayImage;
import org.xrv.core.image.RawImage;

/** The samples of a data set that have one of the chosen views. */
final class ViewSelection implements Dataset {
  private final Dataset all;
  private final Set<String> views;
  private final List<Sample> samples;

  /**
   * @throws ProblemException USAGE when none has
   */
  ViewSelection(Dataset all, Set<String> views) {
    this(all, views, sample -> false);
  }

  /**
   * @param also further samples to take
   * @throws ProblemException USAGE when there is none
   */
  ViewSelection(Dataset all, Set<String> views, Predicate<Sample> also) {
    this.all = all;
    this.views = Set.copyOf(views);
    samples =
        all.samples().stream()
            .filter(s -> also.test(s) || views.stream().anyMatch(s.view()::equalsIgnoreCase))
            .toList();
    if (samples.isEmpty()) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "no image of "
              + all.name()
              + " has the view "
              + sorted(views)
              + "; its views are "
              + sorted(all.samples().stream().map(Sample::view).collect(Collectors.toSet())));
    }
  }

  private static String sorted(Set<String> views) {
    return views.stream().sorted().collect(Collectors.joining(", "));
  }

  @Override
  public String name() {
    return all.name();
  }

  @Override
  public List<Sample> samples() {
    return samples;
  }

  @Override
  public GrayImage image(Sample sample, int resolution) {
    return all.image(sample, resolution);
  }

  @Override
  public Optional<RawImage> raw(Sample sample) {
    return all.raw(sample);
  }

  @Override
  public long storedBytes(Sample sample) {
    return all.storedBytes(sample);
  }

  @Override
  public Optional<GrayImage> mask(Sample sample, String target, int resolution) {
    return all.mask(sample, target, resolution);
  }

  @Override
  public String provenance() {
    return all.provenance() + ", views " + sorted(views) + ": " + samples.size() + " images";
  }
}
