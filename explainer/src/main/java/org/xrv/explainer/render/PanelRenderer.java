package org.xrv.explainer.render;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.xrv.explainer.Explanation;

/** One picture of an explanation: image, reconstruction, image with the map, side by side. */
public final class PanelRenderer {
  private static final int MARGIN = 16;
  private static final int HEADER = 74;
  private static final int FOOTER = 66;
  private static final int LEGEND = 74;
  private static final int TEXT = 14;
  private static final Color BACKGROUND = new Color(24, 24, 24);
  private static final Color SOFT = new Color(190, 190, 190);

  private PanelRenderer() {}

  /** Writes a PNG. */
  public static void write(Explanation e, OutputStream out) throws IOException {
    if (!ImageIO.write(picture(e), "png", out)) {
      throw new IOException("no PNG writer in this Java");
    }
  }

  static BufferedImage picture(Explanation e) {
    int side = Pictures.displayed(e.original().width());
    int width = 3 * side + 4 * MARGIN + LEGEND;
    BufferedImage picture =
        new BufferedImage(width, HEADER + side + FOOTER, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = picture.createGraphics();
    g.setColor(BACKGROUND);
    g.fillRect(0, 0, picture.getWidth(), picture.getHeight());
    Lettering text = new Lettering(g, TEXT);
    header(e, text, width);
    Overlay overlay = Overlay.scaledTo(e.map());
    Tiles tiles = new Tiles(side);
    tile(g, text, tiles, 0, Pictures.grey(e.original()), "image  ", e.prediction());
    tile(
        g,
        text,
        tiles,
        1,
        Pictures.grey(e.reconstruction().image()),
        String.format(Locale.ROOT, "reconstruction (mean error %.1f)  ", e.reconstructionError()),
        e.reconstruction().prediction());
    Pictures.draw(g, overlay.of(e.original(), e.map()), tiles.x(2), HEADER, side);
    text.left(
        "what moves the prediction (map " + e.request().map().name().toLowerCase(Locale.ROOT) + ")",
        tiles.x(2),
        HEADER - 8,
        side,
        Color.WHITE,
        false);
    legend(g, text, overlay, tiles.x(2) + side + MARGIN / 2, side);
    footer(e, text, side, width);
    if (e.input().phantom()) {
      for (int i = 0; i < 3; i++) {
        text.plate(Captions.PHANTOM, tiles.x(i), HEADER + side);
      }
    }
    g.dispose();
    return picture;
  }

  /** Where the tiles are. */
  private record Tiles(int side) {
    int x(int i) {
      return MARGIN + i * (side + MARGIN);
    }
  }

  private static void header(Explanation e, Lettering text, int width) {
    String models = e.classifier().label() + "  \u00b7  " + e.autoencoder().label();
    text.right(models, width - MARGIN, 28, SOFT);
    int room = width - 3 * MARGIN - text.width(models);
    text.left(
        e.request().target() + "  \u00b7  " + e.input().name(),
        MARGIN,
        28,
        room,
        Color.WHITE,
        true);
  }

  private static void tile(
      Graphics2D g,
      Lettering text,
      Tiles tiles,
      int i,
      BufferedImage image,
      String title,
      double prediction) {
    Pictures.draw(g, image, tiles.x(i), HEADER, tiles.side());
    String value = Captions.probability(prediction);
    text.left(
        title,
        tiles.x(i),
        HEADER - 8,
        tiles.side() - text.width(value) - MARGIN,
        Color.WHITE,
        false);
    text.right(value, tiles.x(i) + tiles.side(), HEADER - 8, Color.WHITE);
  }

  private static void legend(Graphics2D g, Lettering text, Overlay overlay, int x, int side) {
    int height = side / 2;
    int top = HEADER + (side - height) / 2;
    for (int y = 0; y < height; y++) {
      g.setColor(new Color(overlay.legend(1 - y / (height - 1.0))));
      g.fillRect(x, top + y, 14, 1);
    }
    String full =
        String.format(
            Locale.ROOT, overlay.full() < 10 ? "\u2265%.2g" : "\u2265%.0f", overlay.full());
    text.left(full, x + 20, top + 12, LEGEND, SOFT, false);
    text.left("0", x + 20, top + height, LEGEND, SOFT, false);
    text.left("pixel", x, top - 28, LEGEND, SOFT, false);
    text.left("change", x, top - 12, LEGEND, SOFT, false);
  }

  private static void footer(Explanation e, Lettering text, int side, int width) {
    int y = HEADER + side;
    text.left(
        Captions.movement(e) + "  \u00b7  " + Captions.method(e),
        MARGIN,
        y + 26,
        width - 2 * MARGIN,
        SOFT,
        false);
    String notice =
        (e.input().phantom() ? Captions.PHANTOM + "  \u00b7  " : "")
            + Captions.RESEARCH
            + "  \u00b7  pixels in [\u22121024, 1024]";
    text.left(notice, MARGIN, y + 50, width - 2 * MARGIN, SOFT, false);
  }
}
