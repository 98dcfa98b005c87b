package org.xrv.trainer.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CalibrationErrorTest {
  @Test
  void shouldBeTheMeanSurplusOfTheBins() {
    double a = Logistic.logit(0.9);
    double b = Logistic.logit(0.1);
    // Bin of 0.9: mean 0.9, three of four positive; bin of 0.1: mean 0.1, none of two positive.
    assertEquals(
        (4 * 0.15 + 2 * 0.1) / 6,
        CalibrationError.of(
                List.of(a, a, a, a, b, b),
                List.of(true, true, true, false, false, false),
                LogitScaling.NONE)
            .orElseThrow(),
        1e-12);
    assertTrue(CalibrationError.of(List.of(), List.of(), LogitScaling.NONE).isEmpty());
  }

  @Test
  void shouldTakeTheLastBinForCertainty() {
    assertEquals(
        0.5,
        CalibrationError.of(List.of(800.0, 800.0), List.of(true, false), LogitScaling.NONE)
            .orElseThrow(),
        1e-12);
  }

  @Test
  void shouldScaleEachHalfByTheFitOfTheOther() {
    // Even places are scaled by the odd half's fit, which makes them 0.5; odd ones stay at 0.9.
    double x = Logistic.logit(0.9);
    double error =
        CalibrationError.crossFitted(
                List.of(x, x, x, x),
                List.of(true, true, false, true),
                half -> Optional.of(half == 1 ? new LogitScaling(1, -x) : LogitScaling.NONE))
            .orElseThrow();
    // Even: 0.5 twice, one positive: no surplus. Odd: 1.8 - 2.
    assertEquals(0.2 / 4, error, 1e-12);
    assertTrue(
        CalibrationError.crossFitted(
                List.of(x, x),
                List.of(true, false),
                half -> half == 0 ? Optional.empty() : Optional.of(LogitScaling.NONE))
            .isEmpty());
  }
}
