package org.xrv.trainer.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.xrv.converter.torchscript.Loss;

/** The losses by the names that users give. */
public enum LossName {
  @JsonProperty("elastic")
  ELASTIC(Loss.ELASTIC),
  @JsonProperty("mse")
  MSE(Loss.MSE),
  @JsonProperty("mae")
  MAE(Loss.MAE),
  @JsonProperty("bce")
  BCE(Loss.BINARY_CROSS_ENTROPY);

  private final Loss loss;

  LossName(Loss loss) {
    this.loss = loss;
  }

  public Loss loss() {
    return loss;
  }
}
