package org.xrv.core.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HalfPrecisionTest {
  @Test
  void shouldGiveBackAllSixteenBitNumbers() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = HalfPrecision.toFloat((short) bits);
      if (Float.isNaN(value)) {
        assertTrue(Float.isNaN(HalfPrecision.toFloat(HalfPrecision.fromFloat(value))));
      } else {
        assertEquals((short) bits, HalfPrecision.fromFloat(value), Integer.toHexString(bits));
      }
    }
  }

  /** Between each two neighbours: just below the middle, the middle, just above. */
  @Test
  void shouldRoundToTheNearestAndTiesToEven() {
    for (int bits = 0; bits < 0x7bff; bits++) {
      double low = HalfPrecision.toFloat((short) bits);
      double high = HalfPrecision.toFloat((short) (bits + 1));
      float middle = (float) ((low + high) / 2); // exact: one bit more
      short even = (short) (bits % 2 == 0 ? bits : bits + 1);
      assertEquals(even, HalfPrecision.fromFloat(middle));
      assertEquals((short) bits, HalfPrecision.fromFloat(Math.nextDown(middle)));
      assertEquals((short) (bits + 1), HalfPrecision.fromFloat(Math.nextUp(middle)));
      assertEquals((short) (bits + 1 | 0x8000), HalfPrecision.fromFloat(-Math.nextUp(middle)));
    }
  }

  @Test
  void shouldOverflowWhereTheNextNumberWouldBe() {
    assertEquals(HalfPrecision.MAX, HalfPrecision.toFloat((short) 0x7bff));
    assertEquals((short) 0x7bff, HalfPrecision.fromFloat(Math.nextDown(65520f)));
    assertEquals((short) 0x7c00, HalfPrecision.fromFloat(65520));
    assertEquals((short) 0xfc00, HalfPrecision.fromFloat(Float.NEGATIVE_INFINITY));
  }
}
