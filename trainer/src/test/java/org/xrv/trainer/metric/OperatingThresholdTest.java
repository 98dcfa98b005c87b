package org.xrv.trainer.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xrv.core.random.KeyedRandom;

class OperatingThresholdTest {
  @Test
  void shouldDivideByHand() {
    // From above: + + - + | - -: J is 2/3 after two, 3/3 - 1/3 after four.
    List<Double> logits = List.of(3.0, 2.0, 1.0, 0.0, -1.0, -3.0);
    List<Boolean> truth = List.of(true, true, false, true, false, false);
    OperatingThreshold t = OperatingThreshold.youden(logits, truth).orElseThrow();
    // Equal J: the higher threshold, half way between 2 and 1.
    assertEquals(Logistic.probability(1.5), t.probability(), 1e-12);
    assertEquals(2 / 3.0, t.sensitivity(), 1e-12);
    assertEquals(1, t.specificity(), 1e-12);
  }

  @Test
  void shouldHaveTheGreatestIndexOfAllThresholds() {
    KeyedRandom random = KeyedRandom.of(4, "youden");
    for (int round = 0; round < 20; round++) {
      List<Double> logits = new ArrayList<>();
      List<Boolean> truth = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        truth.add(random.nextInt(3) == 0 || i == 0);
        logits.add(random.nextInt(9) / 2.0 + (truth.get(i) ? 1 : 0)); // with ties
      }
      double best = -1;
      for (double cut = -0.25; cut < 6; cut += 0.5) {
        best = Math.max(best, rate(logits, truth, true, cut) - rate(logits, truth, false, cut));
      }
      OperatingThreshold t = OperatingThreshold.youden(logits, truth).orElseThrow();
      assertEquals(best, t.sensitivity() + t.specificity() - 1, 1e-12);
      double cut = Logistic.logit(t.probability());
      assertEquals(rate(logits, truth, true, cut), t.sensitivity(), 1e-12);
      assertEquals(1 - rate(logits, truth, false, cut), t.specificity(), 1e-12);
    }
  }

  private static double rate(List<Double> logits, List<Boolean> truth, boolean kind, double cut) {
    int all = 0;
    int called = 0;
    for (int i = 0; i < logits.size(); i++) {
      if (truth.get(i) == kind) {
        all++;
        called += logits.get(i) >= cut ? 1 : 0;
      }
    }
    return (double) called / all;
  }

  @Test
  void shouldHaveNoneWhereNothingDivides() {
    assertTrue(OperatingThreshold.youden(List.of(1.0, 2.0), List.of(true, true)).isEmpty());
    assertTrue(OperatingThreshold.youden(List.of(1.0, 1.0), List.of(true, false)).isEmpty());
    assertTrue(OperatingThreshold.youden(List.of(), List.of()).isEmpty());
  }

  @Test
  void shouldStayAwayFromCertaintyAndCountThere() {
    List<Double> logits = List.of(60.0, 50.0, 40.0);
    List<Boolean> truth = List.of(true, true, false);
    OperatingThreshold t = OperatingThreshold.youden(logits, truth).orElseThrow();
    assertEquals(1 - 1e-4, t.probability(), 1e-12);
    assertEquals(1, t.sensitivity());
    assertEquals(0, t.specificity()); // 40 is above it too
  }

  @Test
  void shouldScaleProbabilitiesSoThatTheThresholdIsOneHalf() {
    OperatingThreshold t = new OperatingThreshold(0.2, 1, 1);
    assertEquals(0, t.rescaled(0), 1e-15);
    assertEquals(0.25, t.rescaled(0.1), 1e-15);
    assertEquals(0.5, t.rescaled(0.2), 1e-15);
    assertEquals(0.5, t.rescaled(Math.nextUp(0.2)), 1e-15);
    assertEquals(0.75, t.rescaled(0.6), 1e-15);
    assertEquals(1, t.rescaled(1), 1e-15);
  }

  @Test
  void shouldMoveWithTheLogits() {
    OperatingThreshold t = new OperatingThreshold(0.3, 0.9, 0.8);
    OperatingThreshold moved = t.after(new LogitScaling(2, -1));
    assertEquals(Logistic.probability(2 * Logistic.logit(0.3) - 1), moved.probability(), 1e-12);
    assertEquals(0.9, moved.sensitivity());
    assertEquals(0.8, moved.specificity());
  }
}
