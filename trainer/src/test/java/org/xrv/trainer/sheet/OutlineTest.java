package org.xrv.trainer.sheet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.geom.PathIterator;
import java.awt.geom.Rectangle2D;
import org.junit.jupiter.api.Test;
import org.xrv.core.image.GrayImage;

class OutlineTest {
  private static GrayImage disc(int side, double radius) {
    float[] pixels = new float[side * side];
    for (int i = 0; i < pixels.length; i++) {
      int row = i / side;
      double distance = Math.hypot(i % side + 0.5 - side / 2.0, row + 0.5 - side / 2.0);
      pixels[i] = (float) Math.max(0, Math.min(1, radius - distance + 0.5));
    }
    return new GrayImage(side, side, pixels);
  }

  @Test
  void shouldFollowASoftCircle() {
    double longest = 0;
    double length = 0;
    double[] at = new double[6];
    double x = 0;
    double y = 0;
    for (PathIterator i = Outline.of(disc(40, 12), 100, 200).getPathIterator(null);
        !i.isDone();
        i.next()) {
      if (i.currentSegment(at) == PathIterator.SEG_LINETO) {
        length += Math.hypot(at[0] - x, at[1] - y);
      }
      x = at[0];
      y = at[1];
      longest = Math.max(longest, Math.abs(Math.hypot(x - 120, y - 220) - 12));
    }
    assertTrue(longest < 0.15, "off the circle by " + longest);
    assertEquals(2 * Math.PI * 12, length, 0.5);
  }

  @Test
  void shouldCloseAtTheEdgeAndDrawNothingOfAnEmptyMask() {
    float[] full = new float[64];
    java.util.Arrays.fill(full, 1);
    Rectangle2D bounds = Outline.of(new GrayImage(8, 8, full), 0, 0).getBounds2D();
    assertEquals(new Rectangle2D.Float(0, 0, 8, 8), bounds);
    assertTrue(Outline.of(new GrayImage(8, 8, new float[64]), 0, 0).getPathIterator(null).isDone());
  }
}
