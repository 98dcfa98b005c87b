package org.xrv.trainer.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The losses by the names that users give. */
public enum LossName {
  @JsonProperty("elastic")
  ELASTIC,
  @JsonProperty("mse")
  MSE,
  @JsonProperty("mae")
  MAE,
  @JsonProperty("huber")
  HUBER,
  @JsonProperty("bce")
  BCE
}
