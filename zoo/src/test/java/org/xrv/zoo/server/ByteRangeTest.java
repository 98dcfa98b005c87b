package org.xrv.zoo.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ByteRangeTest {
  @Test
  void shouldAgreeWithAPlainReadingOfTheRfc() {
    for (int size = 0; size < 6; size++) {
      for (int a = -1; a < 8; a++) {
        for (int b = -1; b < 8; b++) {
          check(size, a, b);
        }
      }
    }
  }

  /** Collects the positions one by one; -1 stands for a number that is left out. */
  private static void check(int size, int a, int b) {
    String header = "bytes=" + (a < 0 ? "" : a) + "-" + (b < 0 ? "" : b);
    if ((a < 0 && b < 0) || (a >= 0 && b >= 0 && b < a)) {
      assertTrue(ByteRange.of(header, size).isEmpty(), header);
      return;
    }
    int first = -1;
    int last = -1;
    for (int i = 0; i < size; i++) {
      if (a < 0 ? i >= size - b : i >= a && (b < 0 || i <= b)) {
        first = first < 0 ? i : first;
        last = i;
      }
    }
    if (first < 0) {
      assertEquals(
          416, assertThrows(Refusal.class, () -> ByteRange.of(header, size)).status(), header);
    } else {
      assertEquals(
          Optional.of(new ByteRange(first, last)), ByteRange.of(header, size), header + size);
    }
  }
}
