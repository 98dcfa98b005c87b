package org.xrv.converter.torchscript;

/** The floating-point types of a program. Tensors go in and come out in the stored type. */
public enum Precision {
  FLOAT32(6, 6),
  FLOAT64(7, 7),
  /**
   * Convolutions, matrix products and what lies between them in bfloat16; weights, statistics of
   * BatchNorm, loss and optimizer in float32, as PyTorch's autocast has it.
   */
  BFLOAT16(6, 15);

  private final int stored;
  private final int computed;

  Precision(int stored, int computed) {
    this.stored = stored;
    this.computed = computed;
  }

  /** PyTorch's number of the stored type (c10/core/ScalarType.h). */
  int scalarType() {
    return stored;
  }

  /** PyTorch's number of the type of activations. */
  int activationType() {
    return computed;
  }

  /** Whether activations have another type than what is stored. */
  boolean mixed() {
    return stored != computed;
  }
}
