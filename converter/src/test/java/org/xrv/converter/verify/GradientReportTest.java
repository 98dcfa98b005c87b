package org.xrv.converter.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GradientReportTest {
  private static GradientReport.Direction direction(double error, double rounding) {
    return new GradientReport.Direction("test", 1, 1 + error, 1e-5, error, rounding);
  }

  private static GradientReport report(GradientReport.Direction... directions) {
    return new GradientReport(
        "test", "y", "x", false, Arrays.asList(directions), 0, 1, 1, 0, Map.of());
  }

  @Test
  void shouldPassWhenAllDirectionsHold() {
    GradientReport report = report(direction(1e-9, 1e-12), direction(5e-5, 1e-12));
    assertTrue(report.passed());
    assertEquals(5e-5, report.worst());
    assertTrue(report.summary().contains("5.0e-05 (limit 1e-04)"), report.summary());
  }

  @Test
  void shouldForgiveWhatRoundingExplains() {
    assertTrue(report(direction(3e-3, 1e-2)).passed());
    assertFalse(report(direction(3e-3, 1e-6)).passed());
    assertFalse(report(direction(0.5, 1)).passed(), "rounding that hides everything");
    assertTrue(report(direction(3e-3, 1e-2)).summary().contains("beyond their rounding"));
  }

  @Test
  void shouldRefuseAGradientOfAnotherLength() {
    List<GradientReport.Direction> good = List.of(direction(0, 0));
    assertFalse(new GradientReport("test", "y", "x", false, good, 0, 1, 1, 1.0, Map.of()).passed());
    assertTrue(new GradientReport("test", "y", "x", false, good, 0, 1, 1, 0.01, Map.of()).passed());
  }

  @Test
  void shouldRefuseWhatWasNotTried() {
    assertFalse(report().passed());
    assertFalse(report(direction(Double.NaN, 0)).passed());
    assertEquals(List.of(), report().directions());
  }
}
