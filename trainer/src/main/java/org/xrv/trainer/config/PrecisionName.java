package org.xrv.trainer.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.xrv.converter.torchscript.Precision;

/** The arithmetic of training. */
public enum PrecisionName {
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

  public Precision precision() {
    return precision;
  }
}
