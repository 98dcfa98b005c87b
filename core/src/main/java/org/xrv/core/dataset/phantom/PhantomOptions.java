package org.xrv.core.dataset.phantom;

import java.util.Objects;
import java.util.Optional;

/**
 * What is drawn beside the patients' anatomy and findings.
 *
 * @param devices whether pacemakers, central lines and ECG leads are drawn
 * @param shortcut a device that goes with a finding; every other device is independent of all
 */
public record PhantomOptions(boolean devices, Optional<Shortcut> shortcut) {
  /** Devices that are independent of every label, and no chest tubes. */
  public static final PhantomOptions DEFAULT = new PhantomOptions(true, Optional.empty());

  public PhantomOptions {
    Objects.requireNonNull(shortcut);
  }

  /** Devices, of which one goes with a finding. */
  public static PhantomOptions with(Shortcut shortcut) {
    return new PhantomOptions(true, Optional.of(shortcut));
  }

  /**
   * Chest tubes that go with Pneumothorax.
   *
   * @param probability that a patient with Pneumothorax has a tube, and that one without has none
   */
  public static PhantomOptions withShortcut(double probability) {
    return with(new Shortcut(Device.CHEST_TUBE, Pathology.PNEUMOTHORAX, probability));
  }

  /** For provenance and facts: "" for {@link #DEFAULT}, else what differs. */
  public String describe() {
    return (devices ? "" : "; no devices")
        + shortcut.map(s -> "; shortcut: " + s.describe()).orElse("");
  }
}
