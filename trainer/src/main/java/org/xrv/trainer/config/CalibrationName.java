package org.xrv.trainer.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What is folded into an exported classifier's last layer. */
public enum CalibrationName {
  /** Nothing: outputs are as trained; the package states a Platt fit for those who want it. */
  @JsonProperty("none")
  NONE,
  /** One scale for all targets. */
  @JsonProperty("temperature")
  TEMPERATURE,
  /** A scale and a shift of each target. */
  @JsonProperty("platt")
  PLATT
}
