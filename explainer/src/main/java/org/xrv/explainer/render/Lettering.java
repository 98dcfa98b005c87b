package org.xrv.explainer.render;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;

/** Text on pictures, left out where the machine has no fonts at all. */
public final class Lettering {
  private static final boolean AVAILABLE = probe();
  private final Graphics2D g;
  private final int size;

  /**
   * @param size of the letters in pixels
   */
  public Lettering(Graphics2D g, int size) {
    this.g = g;
    this.size = size;
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
  }

  /** Whether there is a font; slim containers have none, and Java then fails in many ways. */
  static boolean available() {
    return AVAILABLE;
  }

  private static boolean probe() {
    try {
      var image = new java.awt.image.BufferedImage(8, 8, java.awt.image.BufferedImage.TYPE_INT_RGB);
      Graphics2D g = image.createGraphics();
      g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 8));
      boolean measured = g.getFontMetrics().stringWidth("x") > 0;
      g.dispose();
      return measured;
    } catch (RuntimeException | LinkageError | InternalError e) {
      return false;
    }
  }

  /** Text from x on, its baseline at y, cut off with dots where it would be wider. */
  public void left(String text, int x, int y, int width, Color color, boolean bold) {
    if (AVAILABLE) {
      font(bold);
      g.setColor(color);
      g.drawString(cut(text, width), x, y);
    }
  }

  /** Text that ends at x. */
  void right(String text, int x, int y, Color color) {
    if (AVAILABLE) {
      font(false);
      g.setColor(color);
      g.drawString(text, x - g.getFontMetrics().stringWidth(text), y);
    }
  }

  /** Of a text in pixels; 0 without a font. */
  public int width(String text) {
    if (!AVAILABLE) {
      return 0;
    }
    font(false);
    return g.getFontMetrics().stringWidth(text);
  }

  /** A word on a black plate with its lower left corner at (x, y). */
  void plate(String text, int x, int y) {
    if (AVAILABLE) {
      int width = width(text);
      g.setColor(Color.BLACK);
      g.fillRect(x, y - size - 6, width + 10, size + 6);
      left(text, x + 5, y - 5, width + 1, Color.WHITE, false);
    }
  }

  private void font(boolean bold) {
    g.setFont(new Font(Font.SANS_SERIF, bold ? Font.BOLD : Font.PLAIN, size));
  }

  private String cut(String text, int width) {
    if (g.getFontMetrics().stringWidth(text) <= width) {
      return text;
    }
    int end = text.length();
    while (end > 0 && g.getFontMetrics().stringWidth(text.substring(0, end) + "…") > width) {
      end--;
    }
    return text.substring(0, end) + "…";
  }
}
