package org.xrv.core.dataset.phantom;

/** Things of plastic and metal on and in the patient. They say nothing about the findings. */
public enum Device {
  /** A can under the left collar bone with one or two leads to the right heart. */
  PACEMAKER("pacemaker", 0.05, 0.07),
  /** A thin catheter from neck or collar bone into the superior vena cava. */
  CENTRAL_LINE("central line", 0.03, 0.35),
  /** Pads on the skin with wires that leave the picture. */
  ECG_LEADS("ECG leads", 0.03, 0.45),
  /**
   * A drain through the side of the chest towards the apex. Drawn only when {@link PhantomOptions}
   * ask for it: it is what a classifier may learn in place of Pneumothorax.
   */
  CHEST_TUBE("chest tube", 0, 0);

  private final String title;
  private final double shareInPa;
  private final double shareInAp;

  Device(String title, double shareInPa, double shareInAp) {
    this.title = title;
    this.shareInPa = shareInPa;
    this.shareInAp = shareInAp;
  }

  /** What it is called. */
  public String title() {
    return title;
  }

  /** The share of patients who carry it, in [0, 1]: more in bedside (AP) pictures. */
  public double share(boolean antero) {
    return antero ? shareInAp : shareInPa;
  }
}
