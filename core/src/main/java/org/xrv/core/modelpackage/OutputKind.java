package org.xrv.core.modelpackage;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a classifier's numbers mean. */
public enum OutputKind {
  /** Log odds: the logistic function gives the probability. */
  @JsonProperty("logits")
  LOGITS,
  /** Probabilities in [0, 1]. */
  @JsonProperty("probabilities")
  PROBABILITIES
}
