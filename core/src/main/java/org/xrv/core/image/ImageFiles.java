package org.xrv.core.image;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * Reads PNG (8 and 16 bit; grey, RGB, RGBA) and JPEG; of colour images the first channel, as the
 * Python library that users come from does.
 */
public final class ImageFiles {
  private static final int DICOM_PREAMBLE = 128;

  private ImageFiles() {}

  /**
   * Reads the stored samples, without any colour conversion: BufferedImage.getRGB would apply a
   * gamma curve to grey images.
   *
   * @throws ProblemException BAD_DATA, naming the file, when it is missing, truncated or of another
   *     kind
   */
  public static RawImage read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ProblemException(ProblemKind.BAD_DATA, file + ": no such image file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(DICOM_PREAMBLE + 4);
      if (head.length == DICOM_PREAMBLE + 4
          && head[128] == 'D'
          && head[129] == 'I'
          && head[130] == 'C'
          && head[131] == 'M') {
        throw new ProblemException(
            ProblemKind.BAD_DATA, file + ": DICOM is not read by this version; convert it to PNG");
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    try (ImageInputStream stream = ImageIO.createImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
      if (!readers.hasNext()) {
        throw new ProblemException(ProblemKind.BAD_DATA, file + ": neither PNG nor JPEG");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(stream, true, true);
        return firstChannel(file, reader);
      } finally {
        reader.dispose();
      }
    } catch (IOException
        | IndexOutOfBoundsException
        | IllegalArgumentException
        | NegativeArraySizeException e) {
      throw unreadable(file, e);
    }
  }

  private static RawImage firstChannel(Path file, ImageReader reader) throws IOException {
    boolean[] truncated = {false};
    reader.addIIOReadWarningListener(
        (source, warning) ->
            truncated[0] |= warning.toLowerCase(java.util.Locale.ROOT).contains("truncat"));
    BufferedImage image = reader.read(0);
    if (truncated[0]) {
      throw new ProblemException(ProblemKind.BAD_DATA, file + ": the image is truncated");
    }
    Raster raster = image.getRaster();
    if (image.getColorModel() instanceof java.awt.image.IndexColorModel) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          file + ": an image with a colour palette is no X-ray; convert it to grey");
    }
    int bits = raster.getSampleModel().getSampleSize(0);
    int[] samples = raster.getSamples(0, 0, raster.getWidth(), raster.getHeight(), 0, (int[]) null);
    return new RawImage(raster.getHeight(), raster.getWidth(), samples, (1 << bits) - 1);
  }

  private static ProblemException unreadable(Path file, Exception e) {
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new ProblemException(
        ProblemKind.BAD_DATA, file + ": cannot be read as an image: " + reason, e);
  }
}
