package org.xrv.core.graph;

/** What a parameter is to its layer; initial values and the optimizer depend on it. */
public enum ParameterKind {
  CONV_WEIGHT(true),
  LINEAR_WEIGHT(true),
  BIAS(true),
  BATCH_NORM_SCALE(true),
  BATCH_NORM_SHIFT(true),
  RUNNING_MEAN(false),
  RUNNING_VARIANCE(false),
  CONSTANT(false);

  private final boolean trainable;

  ParameterKind(boolean trainable) {
    this.trainable = trainable;
  }

  /** Whether the optimizer changes it. */
  public boolean trainable() {
    return trainable;
  }

  /** Whether it is a running statistic that a forward pass in training mode updates. */
  public boolean statistic() {
    return this == RUNNING_MEAN || this == RUNNING_VARIANCE;
  }
}
