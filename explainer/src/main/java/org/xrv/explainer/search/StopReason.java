package org.xrv.explainer.search;

/** Why a search went no further. */
public enum StopReason {
  PREDICTION_ROSE("the prediction rose again"),
  PREDICTION_FELL("the prediction fell as far as asked for"),
  PREDICTION_LOW("the prediction is as low as asked for"),
  LAMBDA_LIMIT("lambda reached its limit"),
  PIXEL_CHANGE("the picture changed by more than the limit"),
  RANGE_GIVEN("the range was given"),
  ZERO_GRADIENT("the gradient is zero: the prediction does not depend on the latent code"),
  RECONSTRUCTION("the range ends at the reconstruction"),
  REACHED("the prediction is where it was asked to be"),
  TURNED("beyond, the prediction turns back"),
  PLATEAU("the prediction moves no further"),
  NEARLY_REACHED(
      "no more pictures were to be tried; the prediction is near where it was asked to be"),
  OUT_OF_TRIES("no more pictures were to be tried");

  private final String text;

  StopReason(String text) {
    this.text = text;
  }

  /** The reason as a half sentence for people. */
  public String text() {
    return text;
  }
}
