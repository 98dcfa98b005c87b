package org.xrv.converter.composition;

/** Which of a classifier's outputs is meant. */
public sealed interface Target {
  /** Always the same. */
  record Fixed(int index) implements Target {
    public Fixed {
      if (index < 0) {
        throw new IllegalArgumentException("target " + index);
      }
    }
  }

  /**
   * Each sample its own, by an int64 input [N]; one number alone serves all samples. An index from
   * the end is negative, one that there is not is refused by the runtime.
   */
  record Chosen() implements Target {}
}
