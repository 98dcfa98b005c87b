package org.xrv.trainer.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.xrv.converter.torchscript.Precision;

/** The arithmetic of training. */
public enum PrecisionName {
  /** The faster of the others on this machine, decided when a run begins. */
  @JsonProperty("auto")
  AUTO(null),
  /** 32-bit floating point throughout. */
  @JsonProperty("fp32")
  FP32(Precision.FLOAT32),
  /** Convolutions and matrix products in bfloat16, all that is kept in float32. */
  @JsonProperty("bf16")
  BF16(Precision.BFLOAT16);

  private final Precision precision;

  PrecisionName(Precision precision) {
    this.precision = precision;
  }

  /**
   * As programs take it.
   *
   * @throws IllegalStateException for AUTO, which is not decided
   */
  public Precision precision() {
    if (precision == null) {
      throw new IllegalStateException("precision auto has not been decided");
    }
    return precision;
  }
}
