package org.xrv.converter.optimize;

import org.xrv.converter.verify.ParityReport;

/**
 * What is made of a network, and how far it may be from the original: the largest difference
 * between two elements of an output, divided by the largest magnitude of the original's output.
 */
public enum Variant {
  /** Written anew: nothing but what is superfluous is left out. */
  PLAIN("as it was", ParityReport.LIMIT, false),
  /** BatchNorm folded into convolutions. */
  FOLDED("BatchNorm folded", ParityReport.LIMIT, true),
  /** Folded; weights and most arithmetic in float16, a thousand times coarser than float32. */
  FLOAT16("float16", 1e-2, true),
  /** Folded; weights in 8 bits, arithmetic in float32. */
  INT8_WEIGHTS("8-bit weights", 5e-2, true),
  /** Folded; weights and, dynamically quantised, arithmetic in 8 bits. */
  INT8("8-bit weights and arithmetic", 1e-1, true);

  private final String words;
  private final double limit;
  private final boolean folds;

  Variant(String words, double limit, boolean folds) {
    this.words = words;
    this.limit = limit;
    this.folds = folds;
  }

  /** For people. */
  public String words() {
    return words;
  }

  /** That no relative difference may reach. */
  public double limit() {
    return limit;
  }

  /** Whether BatchNorm is folded. */
  public boolean folds() {
    return folds;
  }
}
