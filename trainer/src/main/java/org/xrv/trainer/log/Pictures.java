package org.xrv.trainer.log;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.xrv.core.image.GrayImage;
import org.xrv.core.image.Preprocessing;
import org.xrv.core.io.AtomicFiles;

/** Contact sheets of X-rays as grey PNG files. */
public final class Pictures {
  /** Pixels between images. */
  public static final int GAP = 2;

  /** Within a run's directory. */
  public static final String DIRECTORY = "pictures";

  private Pictures() {}

  /**
   * Where the picture of an epoch is in a run's directory.
   *
   * @param epoch from 1
   */
  public static Path file(Path run, int epoch) {
    return run.resolve(name(epoch));
  }

  /** The same as a relative address, with slashes. */
  public static String name(int epoch) {
    return String.format(Locale.ROOT, "%s/epoch-%04d.png", DIRECTORY, epoch);
  }

  /**
   * Writes rows of X-rays below each other; [-1024, 1024] becomes black to white, beyond is
   * clipped.
   *
   * @param rows not empty, of images of one size
   */
  public static void write(Path file, List<List<GrayImage>> rows) {
    int height = rows.get(0).get(0).height();
    int width = rows.get(0).get(0).width();
    int columns = rows.stream().mapToInt(List::size).max().orElseThrow();
    BufferedImage sheet =
        new BufferedImage(
            columns * (width + GAP) - GAP,
            rows.size() * (height + GAP) - GAP,
            BufferedImage.TYPE_BYTE_GRAY);
    for (int r = 0; r < rows.size(); r++) {
      for (int c = 0; c < rows.get(r).size(); c++) {
        draw(sheet, rows.get(r).get(c), r * (height + GAP), c * (width + GAP));
      }
    }
    AtomicFiles.write(
        file,
        out -> {
          if (!ImageIO.write(sheet, "png", out)) {
            throw new java.io.IOException("this JDK writes no PNG");
          }
        });
  }

  private static void draw(BufferedImage sheet, GrayImage image, int top, int left) {
    for (int row = 0; row < image.height(); row++) {
      for (int column = 0; column < image.width(); column++) {
        float share = (image.at(row, column) / Preprocessing.RANGE + 1) / 2;
        int grey = Math.round(255 * Math.max(0, Math.min(1, share)));
        // The raster: setRGB would apply a gamma curve to grey.
        sheet.getRaster().setSample(left + column, top + row, 0, grey);
      }
    }
  }
}
