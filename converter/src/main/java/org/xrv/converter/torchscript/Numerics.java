package org.xrv.converter.torchscript;

/** In which types and which order in memory a program computes. */
public record Numerics(Precision precision, MemoryLayout layout) {
  /** float32 in the order of the shapes. */
  public static final Numerics PLAIN = of(Precision.FLOAT32);

  /** A type in the order of the shapes. */
  public static Numerics of(Precision precision) {
    return new Numerics(precision, MemoryLayout.CONTIGUOUS);
  }
}
