package org.xrv.explainer.render;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.xrv.explainer.Explanation;
import org.xrv.explainer.search.Frame;

/** The frames there and back, each with its prediction as a bar and in words. */
public final class GifRenderer {
  /** A tenth of a second per frame. */
  static final int HUNDREDTHS = 10;

  private static final int STRIP = 52;
  private static final int MARGIN = 10;
  private static final int TEXT = 15;

  private GifRenderer() {}

  /** Writes the animation. */
  public static void write(Explanation e, OutputStream out) throws IOException {
    List<BufferedImage> there = new ArrayList<>();
    for (Frame frame : e.frames()) {
      there.add(AnimatedGif.indexed(picture(e, frame)));
    }
    List<BufferedImage> all = new ArrayList<>(there);
    for (int i = there.size() - 2; i > 0; i--) {
      all.add(there.get(i));
    }
    AnimatedGif.write(all, HUNDREDTHS, out);
  }

  static BufferedImage picture(Explanation e, Frame frame) {
    int side = Pictures.displayed(frame.image().width());
    BufferedImage picture = new BufferedImage(side, side + STRIP, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = picture.createGraphics();
    Pictures.draw(g, Pictures.grey(frame.image()), 0, 0, side);
    Lettering text = new Lettering(g, TEXT);
    String right = "\u03bb " + Captions.lambda(frame.lambda());
    text.right(right, side - MARGIN, side + 21, Color.LIGHT_GRAY);
    text.left(
        e.request().target() + "  " + Captions.probability(frame.prediction()),
        MARGIN,
        side + 21,
        side - 3 * MARGIN - text.width(right),
        Color.WHITE,
        true);
    bar(g, e, frame, side);
    if (e.input().phantom()) {
      text.plate(Captions.PHANTOM, 0, side);
    }
    g.dispose();
    return picture;
  }

  /** The prediction from 0 to 1; the notch is the reconstruction's. */
  private static void bar(Graphics2D g, Explanation e, Frame frame, int side) {
    int width = side - 2 * MARGIN;
    int top = side + 31;
    g.setColor(new Color(70, 70, 70));
    g.fillRect(MARGIN, top, width, 10);
    g.setColor(Color.WHITE);
    g.fillRect(MARGIN, top, (int) Math.round(width * share(frame.prediction())), 10);
    int notch = MARGIN + (int) Math.round(width * share(e.reconstruction().prediction()));
    g.setColor(Color.BLACK);
    g.fillRect(notch - 2, top, 4, 10);
    g.setColor(Color.WHITE);
    g.fillRect(notch - 1, top - 3, 2, 16);
  }

  private static double share(double prediction) {
    return Math.max(0, Math.min(1, prediction));
  }
}
