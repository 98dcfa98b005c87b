package org.xrv.explainer.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.xrv.core.image.GrayImage;
import org.xrv.explainer.map.DifferenceMap;
import org.xrv.explainer.metric.MaskAgreement;

/**
 * The published searches on predictions whose course is known, the maps, and the agreement with a
 * mask, worked out by hand.
 */
class PublishedSearchTest {
  /** Two pixels: one stays, one moves with lambda. */
  private static FrameSource source(DoubleUnaryOperator prediction) {
    return lambdas -> lambdas.stream().map(l -> frame(l, prediction.applyAsDouble(l))).toList();
  }

  private static Frame frame(double lambda, double prediction) {
    return new Frame(
        lambda, new GrayImage(1, 2, new float[] {1000, (float) (lambda / 100)}), prediction);
  }

  private static SearchResult searched(PublishedSearch search, FrameSource source) {
    return search.search(source, new Tangent(0.5, 1), 10);
  }

  @Test
  void gifsplanationShouldStopWhenThePredictionFellByMoreThanFifteenPercent() {
    // 0.9 + 0.01 lambda: below 0.75 first at -20 (steps of 1 to -10, then of 10).
    SearchResult r = searched(PublishedSearch.GIFSPLANATION, source(l -> 0.9 + 0.01 * l));
    assertEquals(-20, r.left().lambda());
    assertEquals(StopReason.PREDICTION_FELL, r.left().reason());
    assertEquals(12, r.steps().size());
    assertEquals(
        List.of(-20.0, -18.0, -16.0, -14.0, -12.0, -10.0, -8.0, -6.0, -4.0, -2.0),
        r.frames().stream().map(Frame::lambda).toList());
  }

  @Test
  void gifsplanationShouldStopWhenThePredictionRises() {
    SearchResult r =
        searched(PublishedSearch.GIFSPLANATION, source(l -> 0.5 + 0.001 * Math.abs(l + 4)));
    assertEquals(-5, r.left().lambda());
    assertEquals(StopReason.PREDICTION_ROSE, r.left().reason());
  }

  @Test
  void gifsplanationShouldStopAtAThousand() {
    SearchResult r = searched(PublishedSearch.GIFSPLANATION, source(l -> 0.5));
    assertEquals(-1000, r.left().lambda());
    assertEquals(StopReason.LAMBDA_LIMIT, r.left().reason());
    assertEquals(true, r.isFlat());
  }

  @Test
  void latentshiftShouldIncludeBothEndsAndStopAtItsPixelBudget() {
    // The change is abs(lambda) / 100 of 1000 pixels' value: above 5 % first below lambda -5000, so
    // the limit of -3000 comes first.
    SearchResult r = searched(PublishedSearch.LATENTSHIFT, source(l -> 0.5));
    assertEquals(StopReason.LAMBDA_LIMIT, r.left().reason());
    assertEquals(r.left().lambda(), r.frames().get(0).lambda());
    assertEquals(0.0, r.frames().get(9).lambda());
    // lambda := lambda - 10 + floor(lambda / 10)
    assertEquals(
        List.of(0.0, -10.0, -21.0, -34.0), r.steps().stream().limit(4).map(Step::lambda).toList());
    FrameSource quick =
        lambdas ->
            lambdas.stream()
                .map(l -> new Frame(l, new GrayImage(1, 1, new float[] {(float) (1000 + l)}), 0.5))
                .toList();
    SearchResult budget = searched(PublishedSearch.LATENTSHIFT, quick);
    assertEquals(StopReason.PIXEL_CHANGE, budget.left().reason());
    assertEquals(
        -63,
        budget
            .left()
            .lambda()); // after -34 - 10 - 4 = -48, which changes 4.8 %, comes -48 - 10 - 5
  }

  @Test
  void mapsShouldBeThePapers() {
    GrayImage origin = new GrayImage(1, 2, new float[] {0, 10});
    List<Frame> frames = List.of(still(-4, 10), still(2, 13), still(1, 10));
    assertArrayEquals(new float[] {4, 3}, DifferenceMap.MAX.of(origin, frames).pixels());
    assertArrayEquals(
        new float[] {7 / 3f, 1}, DifferenceMap.MEAN.of(origin, frames).pixels(), 1e-6f);
    assertArrayEquals(new float[] {5, 0}, DifferenceMap.MM.of(origin, frames).pixels());
    assertArrayEquals(new float[] {3.5f, 3}, DifferenceMap.INT.of(origin, frames).pixels());
  }

  private static Frame still(float a, float b) {
    return new Frame(0, new GrayImage(1, 2, new float[] {a, b}), 0.5);
  }

  @Test
  void agreementShouldKeepAsManyPixelsAsTheMaskHas() {
    GrayImage mask = new GrayImage(2, 2, new float[] {1, 1, 0, 0});
    MaskAgreement half = MaskAgreement.of(new GrayImage(2, 2, new float[] {9, 1, 5, 2}), mask);
    assertEquals(1 / 3.0, half.iou(), 1e-12);
    assertEquals(0.5, half.precision());
    assertEquals(0.5, half.recall());
    assertEquals(1, MaskAgreement.of(new GrayImage(2, 2, new float[] {9, 7, 5, 2}), mask).iou());
    assertEquals(0, MaskAgreement.of(new GrayImage(2, 2, new float[] {3, 3, 3, 3}), mask).iou());
    GrayImage empty = new GrayImage(2, 2, new float[4]);
    assertThrows(IllegalArgumentException.class, () -> MaskAgreement.of(mask, empty));
  }
}
