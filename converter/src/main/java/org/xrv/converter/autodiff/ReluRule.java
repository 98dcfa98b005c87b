package org.xrv.converter.autodiff;

/** What a gradient does on its way back through a rectifier. */
public enum ReluRule {
  /** The derivative: it passes where the output is above zero. */
  EXACT,
  /**
   * Guided backpropagation (Springenberg et al. 2015, "Striving for Simplicity"): of what the
   * derivative lets pass, negative numbers are stopped as well. Of Relu, and of Clip from 0
   * (ReLU6); other activations keep their derivative, as in the common implementations.
   */
  GUIDED
}
