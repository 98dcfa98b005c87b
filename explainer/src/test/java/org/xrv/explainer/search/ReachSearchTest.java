package org.xrv.explainer.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.xrv.core.image.GrayImage;

/** The search for the paper's range, on predictions whose course is known. */
class ReachSearchTest {
  private static final int COUNT = 10;

  /** A prediction's course, and what was asked about it. */
  private static final class Course implements FrameSource {
    private final DoubleUnaryOperator prediction;
    private final double pixelsPerLambda;
    private final List<Integer> batches = new ArrayList<>();

    /**
     * A course.
     *
     * @param pixelsPerLambda how much the one pixel, of value 1000, changes per lambda
     */
    Course(DoubleUnaryOperator prediction, double pixelsPerLambda) {
      this.prediction = prediction;
      this.pixelsPerLambda = pixelsPerLambda;
    }

    @Override
    public List<Frame> at(List<Double> lambdas) {
      batches.add(lambdas.size());
      return lambdas.stream()
          .map(
              l ->
                  new Frame(
                      l,
                      new GrayImage(1, 1, new float[] {(float) (1000 + l * pixelsPerLambda)}),
                      prediction.applyAsDouble(l)))
          .toList();
    }

    Tangent tangent() {
      double h = 1e-6;
      double slope = (prediction.applyAsDouble(h) - prediction.applyAsDouble(-h)) / (2 * h);
      return new Tangent(prediction.applyAsDouble(0), slope);
    }

    SearchResult searched() {
      SearchResult r = ReachSearch.PAPER.search(this, tangent(), COUNT);
      int tries = batches.stream().mapToInt(b -> b).sum() - batches.get(batches.size() - 1);
      assertEquals(tries, r.steps().size());
      assertTrue(tries <= 16, tries + " pictures");
      assertTrue(batches.size() - 1 <= 4, batches + " pictures");
      assertEquals(COUNT, r.frames().size());
      assertEquals(r.left().lambda(), r.frames().get(0).lambda());
      assertEquals(r.right().lambda(), r.frames().get(COUNT - 1).lambda());
      return r;
    }

    double share(Bound bound) {
      return prediction.applyAsDouble(bound.lambda()) / prediction.applyAsDouble(0);
    }
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Test
  void shouldReachAHalfAndATwentiethMoreOnLinearLogOdds() {
    for (double logOdds : new double[] {-6, -2, 0, 1, 2}) {
      Course course = new Course(l -> sigmoid(logOdds + 0.01 * l), 0.1);
      SearchResult r = course.searched();
      assertEquals(StopReason.REACHED, r.left().reason());
      assertEquals(StopReason.REACHED, r.right().reason());
      assertEquals(0.5, course.share(r.left()), 0.01);
      assertEquals(1.05, course.share(r.right()), 0.01);
      assertEquals(1, course.batches.size() - 1, "the slope says it all");
    }
  }

  /** Log odds that bend: a network's answer to a shift is anything but a line. */
  @Test
  void shouldReachBothEndsOnBentCourses() {
    Random random = new Random(5);
    int tries = 0;
    int reached = 0;
    int courses = 2000;
    for (int i = 0; i < courses; i++) {
      double start = 3 * random.nextGaussian();
      double scale = Math.exp(4 * random.nextGaussian());
      double bend = 0.7 * random.nextGaussian();
      double kink = Math.exp(random.nextGaussian());
      double after = 0.3 + 2 * random.nextDouble();
      DoubleUnaryOperator course =
          l -> {
            double x = Math.abs(l) / scale;
            double moved = bend > 0 ? Math.expm1(bend * x) / bend : -Math.log1p(-bend * x) / bend;
            double kinked = moved < kink ? moved : kink + after * (moved - kink);
            return sigmoid(start + Math.signum(l) * kinked);
          };
      Course asked = new Course(course, 0);
      SearchResult r = asked.searched();
      boolean left = Math.abs(asked.share(r.left()) - 0.5) <= 0.01;
      assertEquals(left, r.left().reason() == StopReason.REACHED);
      double p = course.applyAsDouble(0);
      double goal = p + Math.min(0.05 * p, (1 - p) / 2);
      boolean right = Math.abs(course.applyAsDouble(r.right().lambda()) - goal) <= 0.01 * p;
      assertEquals(right, r.right().reason() == StopReason.REACHED);
      reached += left && right ? 1 : 0;
      tries += r.steps().size();
    }
    assertTrue(reached >= 0.98 * courses, reached + " of " + courses + " reached");
    assertTrue(tries <= 12 * courses, tries / (double) courses + " pictures on average");
  }

  @Test
  void shouldStopWhereThePredictionTurns() {
    Course course = new Course(l -> 0.6 + 0.15 * Math.sin(l / 30), 0.1);
    SearchResult r = course.searched();
    assertEquals(StopReason.TURNED, r.left().reason());
    assertEquals(-15 * Math.PI, r.left().lambda(), 6);
    assertEquals(0.45, r.frames().get(0).prediction(), 0.005);
    assertEquals(StopReason.REACHED, r.right().reason());
  }

  @Test
  void shouldStopWhereThePredictionMovesNoFurther() {
    Course course = new Course(l -> 0.7 + 0.2 * Math.tanh(l / 50), 0.001);
    SearchResult r = course.searched();
    assertEquals(StopReason.PLATEAU, r.left().reason());
    assertEquals(0.5, r.frames().get(0).prediction(), 0.01);
    assertTrue(r.left().lambda() > -1000, "no further than needed: " + r.left());
  }

  @Test
  void shouldStopBeforeThePictureChangesTooMuch() {
    // 50 % of 1000 at lambda -100; the prediction is where it should be at about -110.
    Course course = new Course(l -> sigmoid(0.01 * l), 5);
    SearchResult r = course.searched();
    assertEquals(StopReason.PIXEL_CHANGE, r.left().reason());
    assertEquals(-100, r.left().lambda(), 10);
    assertTrue(r.left().lambda() >= -100, r.left().toString());
    assertEquals(StopReason.REACHED, r.right().reason());
  }

  @Test
  void shouldLeaveTheUpperEndAtTheReconstructionWhenNoRiseIsAskedFor() {
    Course course = new Course(l -> sigmoid(0.01 * l), 0);
    SearchResult r = new ReachSearch(0.3, 0, 0.01, 1).search(course, course.tangent(), COUNT);
    assertEquals(new Bound(0, StopReason.RECONSTRUCTION), r.right());
    assertEquals(0.7, course.share(r.left()), 0.01);
  }

  @Test
  void shouldRefuseWhatCannotBeReached() {
    assertThrows(IllegalArgumentException.class, () -> new ReachSearch(1, 0.05, 0.01, 1));
    assertThrows(IllegalArgumentException.class, () -> new ReachSearch(0.5, -0.1, 0.01, 1));
    assertThrows(IllegalArgumentException.class, () -> new ReachSearch(0.5, 0.05, 0.05, 1));
    assertThrows(IllegalArgumentException.class, () -> new ReachSearch(0.5, 0.05, 0.01, 0));
    assertThrows(IllegalArgumentException.class, () -> new Tangent(0.5, 0));
  }
}
