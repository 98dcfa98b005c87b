package org.xrv.core.dataset;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.xrv.core.dataset.files.SequentialArchive;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.GrayImage;
import org.xrv.core.image.RawImage;

/**
 * Several data sets as one: their samples one set after the other, each still saying which set it
 * is from. A target that a set does not label is unknown there.
 */
public final class CombinedDataset implements Dataset {
  private final Map<String, Dataset> parts = new LinkedHashMap<>();
  private final List<Sample> samples;

  /**
   * @throws ProblemException USAGE when two sets have one name
   */
  public CombinedDataset(List<Dataset> datasets) {
    if (datasets.isEmpty()) {
      throw new IllegalArgumentException("no data sets to combine");
    }
    for (Dataset dataset : datasets) {
      if (parts.put(dataset.name(), dataset) != null) {
        throw new ProblemException(
            ProblemKind.USAGE, "data set " + dataset.name() + " is named twice; name it once");
      }
    }
    samples = datasets.stream().flatMap(d -> d.samples().stream()).toList();
  }

  /** The sets' names, joined by "+". */
  @Override
  public String name() {
    return String.join("+", parts.keySet());
  }

  @Override
  public List<Sample> samples() {
    return samples;
  }

  @Override
  public GrayImage image(Sample sample, int resolution) {
    return part(sample).image(sample, resolution);
  }

  @Override
  public boolean atHand(Sample sample) {
    return part(sample).atHand(sample);
  }

  @Override
  public GrayImage image(PackedImage packed, int resolution) {
    return part(packed.sample()).image(packed, resolution);
  }

  /** An archive that several sets look into is one, so that it is read once. */
  @Override
  public List<ImageArchive> archives() {
    Map<SequentialArchive, List<Function<String, Optional<Sample>>>> finders =
        new LinkedHashMap<>();
    for (Dataset part : parts.values()) {
      for (ImageArchive archive : part.archives()) {
        finders.computeIfAbsent(archive.file(), f -> new ArrayList<>()).addAll(archive.finders());
      }
    }
    return finders.entrySet().stream()
        .map(e -> new ImageArchive(e.getKey(), e.getValue()))
        .toList();
  }

  @Override
  public Optional<RawImage> raw(Sample sample) {
    return part(sample).raw(sample);
  }

  @Override
  public long storedBytes(Sample sample) {
    return part(sample).storedBytes(sample);
  }

  @Override
  public Optional<GrayImage> mask(Sample sample, String target, int resolution) {
    return part(sample).mask(sample, target, resolution);
  }

  @Override
  public String provenance() {
    return parts.values().stream().map(Dataset::provenance).collect(Collectors.joining("; "));
  }

  private Dataset part(Sample sample) {
    Dataset dataset = parts.get(sample.dataset());
    if (dataset == null) {
      throw new IllegalArgumentException(
          "sample " + sample.id() + " is of " + sample.dataset() + ", not of " + name());
    }
    return dataset;
  }
}
