package org.xrv.trainer.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class AveragePrecisionTest {
  @Test
  void shouldEqualTheSumByHand() {
    // Ranked + - + -: recall 1/2 at precision 1, recall 1 at precision 2/3.
    assertEquals(
        0.5 * 1 + 0.5 * 2 / 3,
        AveragePrecision.of(List.of(0.1, 0.9, 0.8, 0.7), List.of(false, true, false, true))
            .orElseThrow(),
        1e-12);
  }

  @Test
  void shouldBeTheShareOfPositivesWhereAllScoresAreEqual() {
    assertEquals(
        0.25,
        AveragePrecision.of(List.of(2.0, 2.0, 2.0, 2.0), List.of(false, true, false, false))
            .orElseThrow(),
        1e-12);
  }

  @Test
  void shouldHaveNoValueWithoutBothKinds() {
    assertTrue(AveragePrecision.of(List.of(1.0), List.of(true)).isEmpty());
    assertTrue(AveragePrecision.of(List.of(1.0), List.of(false)).isEmpty());
  }
}
