package org.xrv.converter.torchscript;

/** The floating-point type that a program computes in. */
public enum Precision {
  FLOAT32(6),
  FLOAT64(7);

  private final int scalarType;

  Precision(int scalarType) {
    this.scalarType = scalarType;
  }

  /** PyTorch's number of the type (c10/core/ScalarType.h). */
  int scalarType() {
    return scalarType;
  }
}
