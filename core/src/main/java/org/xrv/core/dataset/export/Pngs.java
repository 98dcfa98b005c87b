package org.xrv.core.dataset.export;

import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.xrv.core.io.AtomicFiles;

/** Writes square grey pictures. */
final class Pngs {
  private Pngs() {}

  static void write(Path file, int resolution, NihExport.Format format, int[] samples) {
    BufferedImage picture = new BufferedImage(resolution, resolution, format.imageType());
    // The raster: setRGB would apply a gamma curve to grey.
    picture.getRaster().setSamples(0, 0, resolution, resolution, 0, samples);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      if (!ImageIO.write(picture, "png", out)) {
        throw new IllegalStateException("this JDK writes no PNG");
      }
    } catch (IOException e) {
      throw AtomicFiles.disk(file, e);
    }
  }
}
