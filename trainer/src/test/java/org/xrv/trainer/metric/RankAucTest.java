package org.xrv.trainer.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xrv.core.random.KeyedRandom;

class RankAucTest {
  @Test
  void shouldEqualTheShareOfOrderedPairs() {
    KeyedRandom random = KeyedRandom.of(3, "auc");
    List<Double> scores = new ArrayList<>();
    List<Boolean> truth = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      truth.add(random.nextInt(3) == 0);
      scores.add((double) random.nextInt(12) + (truth.get(i) ? 2 : 0)); // with ties
    }
    double won = 0;
    int pairs = 0;
    for (int p = 0; p < 60; p++) {
      for (int n = 0; n < 60; n++) {
        if (truth.get(p) && !truth.get(n)) {
          pairs++;
          won += scores.get(p) > scores.get(n) ? 1 : scores.get(p).equals(scores.get(n)) ? 0.5 : 0;
        }
      }
    }
    assertEquals(won / pairs, RankAuc.of(scores, truth).orElseThrow(), 1e-12);
  }

  @Test
  void shouldHaveNoValueWithoutBothKinds() {
    assertTrue(RankAuc.of(List.of(1.0, 2.0), List.of(true, true)).isEmpty());
    assertTrue(RankAuc.of(List.of(1.0, 2.0), List.of(false, false)).isEmpty());
  }
}
