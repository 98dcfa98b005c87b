package org.xrv.trainer.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0.1, 0.1",
    "-35.17444, -35.17",
    "99.999, 100",
    "141234.5, 141200",
    "12345678, 1.235e7",
    "0.00012346, 0.0001235",
    "0.000012346, 1.235e-5",
    "NaN, NaN",
  })
  void shouldBeShort(double value, String text) {
    assertEquals(text, Numbers.text(value, 4));
  }

  @ParameterizedTest
  @CsvSource({"25000, 25k", "1500000, 1.5M", "900, 900", "1e-5, 1e-5", "3e12, 3e12"})
  void shouldBeShorterOnAxes(double value, String text) {
    assertEquals(text, Numbers.axis(value));
  }
}
