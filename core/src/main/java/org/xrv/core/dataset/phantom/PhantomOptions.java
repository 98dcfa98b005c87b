package org.xrv.core.dataset.phantom;

/**
 * What is drawn beside the patients' anatomy and findings.
 *
 * @param devices whether pacemakers, central lines and ECG leads are drawn
 * @param tubeWithPneumothorax share of patients with Pneumothorax who have a chest tube, in [0, 1]
 * @param tubeWithout the same share among the others
 */
public record PhantomOptions(boolean devices, double tubeWithPneumothorax, double tubeWithout) {
  /** Devices that are independent of every label, and no chest tubes. */
  public static final PhantomOptions DEFAULT = new PhantomOptions(true, 0, 0);

  public PhantomOptions {
    checkShare("tubeWithPneumothorax", tubeWithPneumothorax);
    checkShare("tubeWithout", tubeWithout);
  }

  /**
   * A spurious correlate: chest tubes that go with Pneumothorax, so that an explanation can be seen
   * to find the shortcut (or to miss it).
   *
   * @param probability that a patient with Pneumothorax has a tube, and that one without has none
   */
  public static PhantomOptions withShortcut(double probability) {
    return new PhantomOptions(true, probability, 1 - probability);
  }

  private static void checkShare(String name, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(name + " is " + share + "; a share is in [0, 1]");
    }
  }
}
