package org.xrv.core.dataset.phantom;

import java.util.Set;
import org.xrv.core.image.GrayImage;

/** Draws phantom patients. Every method is a pure function, safe for several threads. */
public final class PhantomRenderer {
  /** Goes up whenever the same patient would look different. */
  public static final int GENERATOR_VERSION = 1;

  /** Attenuation below which a pixel counts as unchanged by a finding, in natural logarithms. */
  public static final double CHANGE_THRESHOLD = 0.004;

  private PhantomRenderer() {}

  /**
   * The X-ray of a patient with some findings.
   *
   * @param resolution pixels on a side, at least 8
   * @return pixels in [-1024, 1024], white positive
   */
  public static GrayImage render(PhantomPatient patient, Set<Pathology> findings, int resolution) {
    Frame frame = frame(patient, resolution);
    Thickness thickness = Thickness.of(new Scene(patient, findings), frame);
    float[] attenuation = Exposure.attenuation(thickness, patient);
    float[] grey = Exposure.develop(attenuation, frame, patient);
    Overlay.apply(grey, frame, patient);
    for (int i = 0; i < grey.length; i++) {
      grey[i] = 2048 * Math.max(0, Math.min(1, grey[i])) - 1024;
    }
    return new GrayImage(resolution, resolution, grey);
  }

  /**
   * Where a finding is, whether or not the patient's other findings hide it.
   *
   * @return the share of each pixel that the finding covers, in [0, 1]; all 0 when the patient does
   *     not have it
   */
  public static GrayImage mask(
      PhantomPatient patient, Set<Pathology> findings, Pathology finding, int resolution) {
    if (!findings.contains(finding)) {
      frame(patient, resolution);
      return new GrayImage(resolution, resolution, new float[resolution * resolution]);
    }
    return switch (finding) {
      case CARDIOMEGALY -> anatomyMask(patient, findings, "heart", resolution);
    };
  }

  /**
   * The silhouette of an organ.
   *
   * @param organ "heart", "right lung", "left lung" (of the patient; the right lung is left in the
   *     picture) or "lungs"; lungs without the parts behind heart and diaphragm
   * @return the share of each pixel that the organ covers, in [0, 1]
   * @throws IllegalArgumentException when the organ has another name
   */
  public static GrayImage anatomyMask(
      PhantomPatient patient, Set<Pathology> findings, String organ, int resolution) {
    Frame frame = frame(patient, resolution);
    Scene scene = new Scene(patient, findings);
    return new GrayImage(resolution, resolution, Silhouette.of(scene, frame, organ));
  }

  /**
   * Where adding a finding changes how much the patient absorbs: 1 where the attenuation with and
   * without it differs by more than {@link #CHANGE_THRESHOLD}, else 0. Scattered radiation carries
   * a faint veil of the change beyond it.
   */
  public static GrayImage changeMask(
      PhantomPatient patient, Set<Pathology> without, Set<Pathology> with, int resolution) {
    Frame frame = frame(patient, resolution);
    float[] before =
        Exposure.attenuation(Thickness.of(new Scene(patient, without), frame), patient);
    float[] after = Exposure.attenuation(Thickness.of(new Scene(patient, with), frame), patient);
    float[] mask = new float[before.length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = Math.abs(after[i] - before[i]) > CHANGE_THRESHOLD ? 1 : 0;
    }
    return new GrayImage(resolution, resolution, mask);
  }

  private static Frame frame(PhantomPatient patient, int resolution) {
    if (resolution < 8 || resolution > 4096) {
      throw new IllegalArgumentException("resolution " + resolution + " is not in 8..4096");
    }
    return Frame.of(patient, resolution);
  }
}
