package org.xrv.trainer.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The arithmetic of training. */
public enum PrecisionName {
  /** 32-bit floating point throughout. */
  @JsonProperty("fp32")
  FP32
}
