package org.xrv.core.dataset.phantom;

import java.util.EnumSet;
import java.util.Set;
import org.xrv.core.random.KeyedRandom;

/**
 * One imagined patient and the way they were X-rayed. Every part of the picture draws its details
 * from {@link #random}, keyed by the part's name, so that adding a finding changes nothing else.
 *
 * @param seed of the data set
 * @param index in the data set, from 0
 * @param antero true for an AP picture (bedside, arms down), false for PA
 * @param female whether breast shadows are drawn
 * @param size of the body, 1 is average
 * @param build soft tissue over the ribs in cm
 * @param lungHalfWidth largest distance from midline to chest wall inside, in cm
 * @param inspiration 0 (shallow) to 1 (deep): how low the diaphragm stands
 * @param turn horizontal shift of a point per cm of depth: the patient stands rotated
 * @param lean rotation in the picture's plane, radians
 * @param fieldOfView side of the square picture in cm
 * @param centreX scene x at the picture's centre, cm
 * @param centreY scene y at the picture's centre, cm
 * @param cardiothoracicRatio heart width over inner chest width without cardiomegaly
 * @param enlargedRatio the same with cardiomegaly
 * @param armAngle of the upper arms from the body, radians
 * @param exposure shift of the display curve in units of attenuation
 * @param latitude attenuation that the display spans; small is high contrast
 */
public record PhantomPatient(
    long seed,
    int index,
    boolean antero,
    boolean female,
    double size,
    double build,
    double lungHalfWidth,
    double inspiration,
    double turn,
    double lean,
    double fieldOfView,
    double centreX,
    double centreY,
    double cardiothoracicRatio,
    double enlargedRatio,
    double armAngle,
    double exposure,
    double latitude) {

  static final int YOUNGEST = 20;

  /** How many different ages there are, in years. */
  static final int AGES = 70;

  private static final double MILDEST_RATIO = 0.505;
  private static final double RATIO_RANGE = 0.2;

  public PhantomPatient {
    if (index < 0 || size <= 0 || lungHalfWidth <= 0 || fieldOfView <= 0 || latitude <= 0) {
      throw new IllegalArgumentException("patient " + index + " has an impossible size");
    }
    if (cardiothoracicRatio <= 0 || enlargedRatio < cardiothoracicRatio || enlargedRatio >= 1) {
      throw new IllegalArgumentException(
          "heart ratios " + cardiothoracicRatio + " and " + enlargedRatio);
    }
  }

  /** The patient of a data set's seed and a number. */
  public static PhantomPatient of(long seed, int index) {
    KeyedRandom body = KeyedRandom.of(seed, "phantom", "body", Integer.toString(index));
    boolean antero = body.nextDouble() < 0.35;
    boolean female = body.nextDouble() < 0.45;
    double size = clamp((female ? 0.95 : 1.02) + 0.05 * body.nextGaussian(), 0.82, 1.16);
    double build = clamp(2.7 + 0.9 * body.nextGaussian(), 1.2, 5.0);
    double lungHalfWidth = size * clamp(13.2 + 0.6 * body.nextGaussian(), 11.8, 14.8);
    double inspiration = clamp((antero ? 0.42 : 0.7) + 0.22 * body.nextGaussian(), 0, 1);

    KeyedRandom stance = KeyedRandom.of(seed, "phantom", "stance", Integer.toString(index));
    double turn = (antero ? 0.07 : 0.035) * stance.nextGaussian();
    double lean = (antero ? 0.04 : 0.018) * stance.nextGaussian();
    double fieldOfView = 2 * lungHalfWidth * clamp(1.35 + 0.12 * stance.nextGaussian(), 1.15, 1.8);
    double centreX = 0.9 * stance.nextGaussian();
    double centreY = 0.6 + 1.5 * stance.nextGaussian();
    double armAngle = antero ? stance.nextDouble(0.02, 0.3) : stance.nextDouble(0.15, 0.7);

    KeyedRandom heart = KeyedRandom.of(seed, "phantom", "heart", Integer.toString(index));
    double ratio = clamp(0.435 + 0.033 * heart.nextGaussian(), 0.36, 0.495);
    double enlarged = clamp(0.57 + 0.045 * heart.nextGaussian(), 0.51, 0.7);

    KeyedRandom tube = KeyedRandom.of(seed, "phantom", "exposure", Integer.toString(index));
    double exposure = 0.3 * tube.nextGaussian();
    double latitude = (antero ? 3.2 : 2.7) * Math.exp(0.2 * tube.nextGaussian());
    return new PhantomPatient(
        seed,
        index,
        antero,
        female,
        size,
        build,
        lungHalfWidth,
        inspiration,
        turn,
        lean,
        fieldOfView,
        centreX,
        centreY,
        ratio,
        enlarged,
        armAngle,
        exposure,
        latitude);
  }

  /** The findings that this patient has in the data set, drawn by their prevalence. */
  public Set<Pathology> findings() {
    EnumSet<Pathology> found = EnumSet.noneOf(Pathology.class);
    for (Pathology pathology : Pathology.values()) {
      if (random("finding " + pathology.target()).nextDouble() < pathology.prevalence()) {
        found.add(pathology);
      }
    }
    return found;
  }

  /**
   * How severe a finding is if this patient has it, in (0, 1]. Of Cardiomegaly it tells how wide
   * the heart is; of the others extent and density.
   */
  public double severity(Pathology finding) {
    if (finding == Pathology.CARDIOMEGALY) {
      return clamp((enlargedRatio - MILDEST_RATIO) / RATIO_RANGE, 0.01, 1);
    }
    return random("severity of " + finding.target()).nextDouble(0.15, 1);
  }

  /**
   * Heart width over inner chest width at a severity of cardiomegaly; {@link #enlargedRatio} at the
   * patient's own.
   */
  double heartRatio(double severity) {
    double ratio = enlargedRatio + RATIO_RANGE * (severity - severity(Pathology.CARDIOMEGALY));
    return Math.max(cardiothoracicRatio + 0.01 * (1 + severity), Math.min(0.9, ratio));
  }

  /** Heart width over inner chest width, the cardiothoracic ratio, in a condition. */
  public double heartRatio(Condition condition) {
    return condition.has(Pathology.CARDIOMEGALY)
        ? heartRatio(condition.severity(Pathology.CARDIOMEGALY))
        : cardiothoracicRatio;
  }

  /** What this patient carries in the data set; chest tubes are an option of the data set. */
  public Set<Device> devices() {
    EnumSet<Device> carried = EnumSet.noneOf(Device.class);
    for (Device device : Device.values()) {
      if (random("device " + device.title()).nextDouble() < device.share(antero)) {
        carried.add(device);
      }
    }
    return carried;
  }

  /** In years; the aorta widens with it. */
  public int age() {
    return YOUNGEST + random("age").nextInt(AGES);
  }

  /** "PA" or "AP". */
  public String view() {
    return antero ? "AP" : "PA";
  }

  /** The random numbers of one part of this patient's picture. */
  KeyedRandom random(String part) {
    return KeyedRandom.of(seed, "phantom", part, Integer.toString(index));
  }

  private static double clamp(double value, double low, double high) {
    return Math.min(high, Math.max(low, value));
  }
}
