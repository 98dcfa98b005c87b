package org.xrv.core.dataset;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.xrv.core.random.KeyedRandom;

/** Small image files for tests. */
public final class ImageFixtures {
  private ImageFixtures() {}

  /** Writes a square of random grey values, the same for the same file name. */
  public static Path gray(Path file, int side) {
    return write(file, side, BufferedImage.TYPE_BYTE_GRAY);
  }

  /** The same grey values with R = G = B and an opaque alpha channel. */
  public static Path rgba(Path file, int side) {
    return write(file, side, BufferedImage.TYPE_4BYTE_ABGR);
  }

  /** An image of which the second half is lost. */
  public static Path truncated(Path file, int side) {
    gray(file, side);
    try {
      byte[] bytes = Files.readAllBytes(file);
      return Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path write(Path file, int side, int type) {
    String name = file.getFileName().toString();
    KeyedRandom random = KeyedRandom.of(1, name);
    BufferedImage image = new BufferedImage(side, side, type);
    for (int i = 0; i < side * side; i++) {
      int sample = random.nextInt(256);
      for (int band = 0; band < image.getRaster().getNumBands(); band++) {
        image.getRaster().setSample(i % side, i / side, band, band == 3 ? 255 : sample);
      }
    }
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    try {
      Files.createDirectories(file.getParent());
      if (!ImageIO.write(image, extension.equals("jpeg") ? "jpg" : extension, file.toFile())) {
        throw new IllegalArgumentException("no writer for " + file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }
}
