package org.xrv.trainer.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CurveTest {
  private static Curve curve(double... values) {
    List<Curve.Point> points = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      points.add(new Curve.Point(25.0 * (i + 1), values[i]));
    }
    return new Curve("loss", Curve.Style.FAINT, points);
  }

  @Test
  void shouldKeepPeaksEndsAndOrderWhenThinnedOut() {
    double[] values = new double[50_000];
    values[12_345] = 9;
    values[40_000] = -9;
    Curve thin = curve(values).thinned();
    List<Curve.Point> points = thin.points();
    assertTrue(points.size() <= Curve.MOST_POINTS, "has " + points.size());
    assertTrue(points.contains(new Curve.Point(25.0 * 12_346, 9)));
    assertTrue(points.contains(new Curve.Point(25.0 * 40_001, -9)));
    assertEquals(25, points.get(0).step());
    assertEquals(25.0 * 50_000, points.get(points.size() - 1).step());
    for (int i = 1; i < points.size(); i++) {
      assertTrue(points.get(i).step() > points.get(i - 1).step(), "at " + i);
    }
    Curve short_ = curve(1, 2, 3);
    assertSame(short_, short_.thinned());
  }

  @Test
  void shouldSmoothWithoutPullingTheBeginningToZero() {
    Curve smooth = curve(5, 5, 5, 5).smoothed("smoothed", Curve.Style.MAIN, 10);
    smooth.points().forEach(p -> assertEquals(5, p.value(), 1e-12));
    List<Curve.Point> step = curve(0, 1).smoothed("s", Curve.Style.MAIN, 2).points();
    // (1/4 * 0 + 1/2 * 1) / (1/4 + 1/2)
    assertEquals(2.0 / 3, step.get(1).value(), 1e-12);
  }

  @Test
  void shouldLeaveOutWhatIsNoNumber() {
    assertEquals(2, curve(1, Double.NaN, 3, Double.POSITIVE_INFINITY).points().size());
  }
}
