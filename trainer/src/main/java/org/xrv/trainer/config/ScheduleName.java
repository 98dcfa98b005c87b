package org.xrv.trainer.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the learning rate moves over a run. */
public enum ScheduleName {
  /** The same at every step. */
  @JsonProperty("constant")
  CONSTANT,
  /** A linear rise over the warm-up, then half a cosine down to the final share. */
  @JsonProperty("warmup-cosine")
  WARMUP_COSINE,
  /** A linear rise over the warm-up, then a factor every so many steps. */
  @JsonProperty("step")
  STEP
}
