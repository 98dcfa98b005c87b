package org.xrv.trainer.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xrv.core.random.KeyedRandom;

class AxisTest {
  @ParameterizedTest
  @CsvSource({
    "0, 100, false, 0 20 40 60 80 100",
    "0, 47, false, 0 10 20 30 40",
    "0.113, 0.127, false, 0.115 0.12 0.125",
    "-3, 3, false, -2 0 2",
    "0, 812345, false, 0 200k 400k 600k 800k",
    "0.9, 1100, true, 1 10 100 1000",
    "3, 40, true, 5 10 20",
    "104, 107, true, 104 105 106 107",
  })
  void shouldHaveRoundTicks(double from, double to, boolean logarithmic, String expected) {
    List<Double> ticks = new Axis(from, to, logarithmic, 0, 1).ticks(5);
    assertEquals(expected, ticks.stream().map(Numbers::axis).collect(Collectors.joining(" ")));
  }

  @Test
  void shouldHaveAFewTicksWithinAnyRange() {
    KeyedRandom random = KeyedRandom.of(4, "axes");
    for (int i = 0; i < 2000; i++) {
      double from = Math.pow(10, random.nextDouble(-12, 12));
      double to = from * (1 + Math.pow(10, random.nextDouble(-4, 6)));
      boolean logarithmic = i % 2 == 0;
      List<Double> ticks = new Axis(from, to, logarithmic, 0, 100).ticks(5);
      String what = from + " to " + to + ": " + ticks;
      assertTrue(ticks.size() >= 2 && ticks.size() <= 12, what);
      for (double tick : ticks) {
        assertTrue(tick >= from * (1 - 1e-6) && tick <= to * (1 + 1e-6), what);
      }
    }
  }

  @Test
  void shouldPlaceValues() {
    assertEquals(75, new Axis(0, 10, false, 100, 50).pixel(5));
    assertEquals(75, new Axis(1, 100, true, 100, 50).pixel(10), 1e-9);
  }

  @Test
  void shouldRefuseAnEmptyRange() {
    assertThrows(IllegalArgumentException.class, () -> new Axis(1, 1, false, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Axis(0, 1, true, 0, 1));
  }
}
