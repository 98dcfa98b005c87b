package org.xrv.core.dataset.phantom;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.Finding;
import org.xrv.core.dataset.Sample;
import org.xrv.core.image.GrayImage;

/**
 * The embedded data set: imagined patients drawn from a seed, one X-ray each. Nothing is stored;
 * the same seed gives the same pixels everywhere. Not medical data.
 */
public final class PhantomDataset implements Dataset {
  private final long seed;
  private final PhantomOptions options;
  private final List<Sample> samples;

  /**
   * The first patients of a seed, with devices that no label goes with.
   *
   * @param count of patients, up to a million
   */
  public PhantomDataset(long seed, int count) {
    this(seed, count, PhantomOptions.DEFAULT);
  }

  /**
   * The first patients of a seed.
   *
   * @param count of patients, up to a million
   */
  public PhantomDataset(long seed, int count, PhantomOptions options) {
    if (count < 1 || count > 1_000_000) {
      throw new IllegalArgumentException("a phantom of " + count + " patients; 1 to 1000000");
    }
    this.seed = seed;
    this.options = options;
    List<Sample> list = new ArrayList<>(count);
    for (int index = 0; index < count; index++) {
      PhantomPatient patient = PhantomPatient.of(seed, index);
      Set<Pathology> findings = patient.findings();
      Map<String, Finding> labels = new TreeMap<>();
      for (Pathology pathology : Pathology.values()) {
        labels.put(
            pathology.target(), findings.contains(pathology) ? Finding.PRESENT : Finding.ABSENT);
      }
      list.add(
          new Sample(
              name(),
              String.format(Locale.ROOT, "phantom-%d-%06d", seed, index),
              "phantom:" + seed + ":" + index,
              patient.view(),
              labels));
    }
    this.samples = List.copyOf(list);
  }

  @Override
  public String name() {
    return "phantom";
  }

  @Override
  public List<Sample> samples() {
    return samples;
  }

  @Override
  public GrayImage image(Sample sample, int resolution) {
    PhantomPatient patient = patient(sample);
    return PhantomRenderer.render(patient, condition(patient), resolution);
  }

  /** The mask of a finding; all 0 for a patient without it, empty for a target it never draws. */
  @Override
  public Optional<GrayImage> mask(Sample sample, String target, int resolution) {
    PhantomPatient patient = patient(sample);
    return Pathology.ofTarget(target)
        .map(finding -> PhantomRenderer.mask(patient, condition(patient), finding, resolution));
  }

  /** The silhouette of an organ, as {@link PhantomRenderer#anatomyMask} names it. */
  public GrayImage anatomyMask(Sample sample, String organ, int resolution) {
    PhantomPatient patient = patient(sample);
    return PhantomRenderer.anatomyMask(patient, patient.findings(), organ, resolution);
  }

  /** What a sample is drawn with: findings, their severities, devices. */
  public Condition condition(Sample sample) {
    return condition(patient(sample));
  }

  private Condition condition(PhantomPatient patient) {
    Condition own = Condition.of(patient, patient.findings());
    EnumSet<Device> devices = EnumSet.noneOf(Device.class);
    if (options.devices()) {
      devices.addAll(own.devices());
    }
    options
        .shortcut()
        .ifPresent(
            shortcut -> {
              double share =
                  own.has(shortcut.finding()) ? shortcut.probability() : 1 - shortcut.probability();
              String key = shortcut.device().title() + " is there";
              if (patient.random(key).nextDouble() < share) {
                devices.add(shortcut.device());
              } else {
                devices.remove(shortcut.device());
              }
            });
    return own.withDevices(devices);
  }

  /**
   * The sample's patient with and without a finding, whichever of the two the data set holds; other
   * findings and the devices stay as they are, a chest tube too.
   */
  public PhantomPair counterfactual(Sample sample, Pathology finding, int resolution) {
    PhantomPatient patient = patient(sample);
    Condition own = condition(patient);
    Condition with = own.with(finding, patient.severity(finding));
    Condition without = own.without(finding);
    return new PhantomPair(
        finding,
        PhantomRenderer.render(patient, with, resolution),
        PhantomRenderer.render(patient, without, resolution),
        PhantomRenderer.mask(patient, with, finding, resolution),
        PhantomRenderer.changeMask(patient, without, with, resolution));
  }

  /** The pair for {@link Pathology#CARDIOMEGALY}. */
  public PhantomPair counterfactual(Sample sample, int resolution) {
    return counterfactual(sample, Pathology.CARDIOMEGALY, resolution);
  }

  /** The parameters of a sample's patient. */
  public PhantomPatient patient(Sample sample) {
    String prefix = "phantom:" + seed + ":";
    if (!sample.patient().startsWith(prefix)) {
      throw new IllegalArgumentException(
          "sample " + sample.id() + " is not of the phantom with seed " + seed);
    }
    return PhantomPatient.of(seed, Integer.parseInt(sample.patient().substring(prefix.length())));
  }

  @Override
  public String provenance() {
    return String.format(
        Locale.ROOT,
        "phantom: %d procedural patients, seed %d, generator version %d; for demonstration and"
            + " tests only, not medical data%s",
        samples.size(),
        seed,
        PhantomRenderer.GENERATOR_VERSION,
        options.describe());
  }
}
