package org.xrv.converter.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;

class DifferenceTest {
  private static FloatTensor tensor(float... values) {
    return new FloatTensor(Shape.of(values.length), values);
  }

  @Test
  void shouldMeasure() {
    Difference d = Difference.between(tensor(3, -4, 0), tensor(4, -4, 0));
    assertEquals(1, d.maxAbsolute());
    assertEquals(0.25, d.maxRelative());
    assertEquals(1 / 3.0, d.meanAbsolute(), 1e-12);
    assertEquals((12 + 16) / (5 * Math.sqrt(32)), d.cosine(), 1e-12);
    assertTrue(d.within(0.26));
    assertFalse(d.within(0.25));
  }

  @Test
  void shouldCallTheSameTheSameAndNothingNothing() {
    assertEquals(new Difference(0, 0, 0, 1), Difference.between(tensor(0, 0), tensor(0, 0)));
    Difference turned = Difference.between(tensor(1, 0), tensor(0, 1));
    assertEquals(0, turned.cosine());
    Difference vanished = Difference.between(tensor(0, 0), tensor(0, 1));
    assertEquals(0, vanished.cosine());
    assertFalse(vanished.within(1e9), "a difference from nothing is beyond every limit");
  }

  @Test
  void shouldPassNothingThatIsNoNumberOrOfAnotherShape() {
    assertFalse(Difference.between(tensor(1, 2), tensor(1, Float.NaN)).within(1e9));
    assertFalse(Difference.between(tensor(1, Float.NaN), tensor(1, Float.NaN)).within(1e9));
    assertFalse(
        Difference.between(tensor(Float.POSITIVE_INFINITY), tensor(Float.POSITIVE_INFINITY))
            .within(1e9));
    assertFalse(Difference.between(tensor(1, 2), tensor(1)).within(1e9));
  }
}
