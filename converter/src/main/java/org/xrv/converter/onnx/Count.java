package org.xrv.converter.onnx;

/**
 * A whole number known while reading, or a multiple of the symbolic batch size.
 *
 * @param factor the number, or how many times the batch; then at least 1
 */
record Count(long factor, boolean batch) {
  /** The batch size. */
  static final Count BATCH = new Count(1, true);

  Count {
    if (batch && factor < 1) {
      throw new IllegalArgumentException(factor + " times the batch size");
    }
  }

  static Count of(long number) {
    return new Count(number, false);
  }

  /** The number itself; a batch size is refused. */
  long number() {
    if (batch) {
      throw new IllegalArgumentException("it depends on the batch size");
    }
    return factor;
  }

  boolean is(long number) {
    return !batch && factor == number;
  }

  @Override
  public String toString() {
    return batch ? (factor == 1 ? "N" : factor + "N") : Long.toString(factor);
  }
}
