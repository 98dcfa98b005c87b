package org.xrv.trainer.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xrv.core.random.KeyedRandom;

class LogitFitTest {
  /** Logits whose true probability is that of scale x logit + shift. */
  private static LogitFit.Examples examples(int n, double scale, double shift, String key) {
    KeyedRandom random = KeyedRandom.of(7, "calibration", key);
    List<Double> logits = new ArrayList<>();
    List<Boolean> truth = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      double x = 4 * random.nextGaussian();
      logits.add(x);
      truth.add(random.nextDouble() < Logistic.probability(scale * x + shift));
    }
    return new LogitFit.Examples(logits, truth);
  }

  @Test
  void shouldFindTheScaleAndShiftThatMadeTheLabels() {
    LogitFit.Examples e = examples(20_000, 0.5, -1, "recover");
    LogitScaling fit = LogitFit.platt(e.logits(), e.positive()).orElseThrow();
    assertEquals(0.5, fit.scale(), 0.03);
    assertEquals(-1, fit.shift(), 0.06);
  }

  @Test
  void shouldBeTheMinimumThatAGridFinds() {
    LogitFit.Examples e = examples(60, 0.7, 0.4, "grid");
    LogitScaling fit = LogitFit.platt(e.logits(), e.positive()).orElseThrow();
    double least = Double.MAX_VALUE;
    double a = 0;
    double b = 0;
    for (double x = 0; x <= 3; x += 0.005) {
      for (double y = -2; y <= 2; y += 0.005) {
        double loss = LogitFit.loss(List.of(e), x, y);
        if (loss < least) {
          least = loss;
          a = x;
          b = y;
        }
      }
    }
    assertEquals(a, fit.scale(), 0.006);
    assertEquals(b, fit.shift(), 0.006);
    assertTrue(LogitFit.loss(List.of(e), fit.scale(), fit.shift()) <= least);
  }

  @Test
  void shouldFindOneScaleForAllTargets() {
    LogitFit.Examples one = examples(4000, 0.25, 0, "one");
    LogitFit.Examples two = examples(4000, 0.25, 0, "two");
    LogitFit.Examples none = new LogitFit.Examples(List.of(9.0), List.of(false));
    LogitScaling fit =
        LogitFit.temperature(
                List.of(one.logits(), none.logits(), two.logits()),
                List.of(one.positive(), none.positive(), two.positive()))
            .orElseThrow();
    assertEquals(0.25, fit.scale(), 0.02);
    assertEquals(0, fit.shift());
    List<LogitFit.Examples> sets = List.of(one, two);
    double at = LogitFit.loss(sets, fit.scale(), 0);
    assertTrue(at <= LogitFit.loss(sets, fit.scale() * 1.001, 0));
    assertTrue(at <= LogitFit.loss(sets, fit.scale() * 0.999, 0));
  }

  @Test
  void shouldStayFiniteWhereTheKindsAreDividedWithoutError() {
    LogitScaling fit =
        LogitFit.platt(List.of(-2.0, -1.0, 1.0, 2.0), List.of(false, false, true, true))
            .orElseThrow();
    assertTrue(fit.scale() > 0.5 && fit.scale() < 5, fit.toString());
    assertEquals(0, fit.shift(), 1e-6);
    LogitScaling wide =
        LogitFit.platt(List.of(-900.0, -800.0, 700.0, 600.0), List.of(false, false, true, true))
            .orElseThrow();
    assertTrue(wide.scale() < 0.01, wide.toString());
  }

  @Test
  void shouldNotTurnANetworkRound() {
    assertTrue(
        LogitFit.platt(
                List.of(2.0, 1.0, -1.0, -2.0, 0.5, 0.0),
                List.of(false, false, true, true, false, true))
            .isEmpty());
    assertTrue(LogitFit.platt(List.of(1.0, 2.0), List.of(true, true)).isEmpty());
    assertTrue(LogitFit.temperature(List.of(), List.of()).isEmpty());
  }
}
