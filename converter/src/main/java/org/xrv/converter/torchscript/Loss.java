package org.xrv.converter.torchscript;

/** Losses, each a sum over all elements of the batch, as the published training scripts have it. */
public enum Loss {
  /** Squared error plus absolute error, in pixel units ("elastic", paper: training recipe). */
  ELASTIC,
  /** Squared error. */
  MSE,
  /** Absolute error. */
  MAE,
  /**
   * Binary cross-entropy of logits; targets 0 or 1, NaN where the label is unknown, which counts
   * nothing.
   */
  BINARY_CROSS_ENTROPY
}
