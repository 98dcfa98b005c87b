package org.xrv.core.dataset.phantom;

import java.util.Set;
import org.xrv.core.image.GrayImage;

/** Draws phantom patients. Every method is a pure function, safe for several threads. */
public final class PhantomRenderer {
  /** Goes up whenever the same patient would look different. */
  public static final int GENERATOR_VERSION = 4;

  /** Attenuation below which a pixel counts as unchanged by a finding, in natural logarithms. */
  public static final double CHANGE_THRESHOLD = 0.004;

  private PhantomRenderer() {}

  /**
   * The X-ray of a patient with some findings, as severe as the patient would have them.
   *
   * @param resolution pixels on a side, at least 8
   * @return pixels in [-1024, 1024], white positive
   */
  public static GrayImage render(PhantomPatient patient, Set<Pathology> findings, int resolution) {
    return render(patient, Condition.of(patient, findings), resolution);
  }

  /** The X-ray of a patient in a condition; see the other. */
  public static GrayImage render(PhantomPatient patient, Condition condition, int resolution) {
    Frame frame = frame(patient, resolution);
    Thickness thickness = Thickness.of(new Scene(patient, condition), frame);
    float[] attenuation = Exposure.attenuation(thickness, patient);
    float[] grey = Exposure.develop(attenuation, frame, patient);
    Overlay.apply(grey, frame, patient);
    for (int i = 0; i < grey.length; i++) {
      grey[i] = 2048 * Math.max(0, Math.min(1, grey[i])) - 1024;
    }
    return new GrayImage(resolution, resolution, grey);
  }

  /** The mask of a finding, as severe as the patient would have it; see the other. */
  public static GrayImage mask(
      PhantomPatient patient, Set<Pathology> findings, Pathology finding, int resolution) {
    return mask(patient, Condition.of(patient, findings), finding, resolution);
  }

  /**
   * Where a finding is, beside the patient's other findings; {@link Pathology} tells what counts.
   *
   * @return the share of each pixel that the finding covers, in [0, 1]; all 0 when the patient does
   *     not have it
   */
  public static GrayImage mask(
      PhantomPatient patient, Condition condition, Pathology finding, int resolution) {
    Frame frame = frame(patient, resolution);
    return new GrayImage(
        resolution,
        resolution,
        condition.has(finding)
            ? Silhouette.of(patient, condition, finding, frame)
            : new float[resolution * resolution]);
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
    Scene scene = new Scene(patient, Condition.of(patient, findings));
    return new GrayImage(resolution, resolution, Silhouette.of(scene, frame, organ));
  }

  /** Where adding findings changes the picture; see the other. */
  public static GrayImage changeMask(
      PhantomPatient patient, Set<Pathology> without, Set<Pathology> with, int resolution) {
    return changeMask(
        patient, Condition.of(patient, without), Condition.of(patient, with), resolution);
  }

  /**
   * Where another condition changes how much the patient absorbs: 1 where the two attenuations
   * differ by more than {@link #CHANGE_THRESHOLD}, else 0. Scattered radiation carries a faint veil
   * of the change beyond it.
   */
  public static GrayImage changeMask(
      PhantomPatient patient, Condition without, Condition with, int resolution) {
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
