package org.xrv.core.image;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.dicom.Dicom;
import org.xrv.core.image.dicom.DicomImage;
import org.xrv.core.image.dicom.PixelFormat;
import org.xrv.core.image.png.Png;
import org.xrv.core.image.png.PngException;
import org.xrv.core.image.png.PngImage;

/**
 * Reads PNG (8 and 16 bit; grey, RGB, RGBA), JPEG and DICOM, told apart by their content; of colour
 * images the first channel, as the Python library that users come from does.
 */
public final class ImageFiles {
  /** No X-ray is larger; the file is read into memory. */
  private static final long MOST_BYTES = 1L << 28;

  private ImageFiles() {}

  /**
   * Reads the stored samples, without any colour conversion: BufferedImage.getRGB would apply a
   * gamma curve to grey images. Of DICOM, 0 is black; what that means is said at {@link
   * DicomImage#samples}.
   *
   * @throws ProblemException BAD_DATA, naming the file, when it is missing, truncated or of another
   *     kind
   */
  public static RawImage read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ProblemException(ProblemKind.BAD_DATA, file + ": no such image file");
    }
    try {
      long size = Files.size(file);
      if (size > MOST_BYTES) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            file + ": " + size + " bytes; at most " + MOST_BYTES + " are read as one image");
      }
      return read(file.toString(), Files.readAllBytes(file));
    } catch (IOException e) {
      throw unreadable(file.toString(), e);
    }
  }

  /**
   * As {@link #read(Path)}, of a file's content that is in memory, such as an archive's entry.
   *
   * @param name what messages call it
   * @param content the whole file; not changed, not kept
   * @throws ProblemException BAD_DATA, with that name, when it is truncated or of another kind
   */
  public static RawImage read(String name, byte[] content) {
    if (Dicom.looksLike(content)) {
      DicomImage image = Dicom.read(name, content);
      PixelFormat format = image.header().format();
      return new RawImage(format.rows(), format.columns(), image.samples(), image.maxValue());
    }
    if (Png.reads(content)) {
      try {
        PngImage image = Png.read(content);
        return new RawImage(image.height(), image.width(), image.samples(), image.maxValue());
      } catch (PngException e) {
        throw new ProblemException(ProblemKind.BAD_DATA, name + ": " + e.getMessage(), e);
      }
    }
    try (ImageInputStream stream =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(content))) {
      ImageReader reader = pngOrJpeg(name, ImageIO.getImageReaders(stream));
      try {
        reader.setInput(stream, true, true);
        return firstChannel(name, reader);
      } finally {
        reader.dispose();
      }
    } catch (IOException
        | IndexOutOfBoundsException
        | IllegalArgumentException
        | NegativeArraySizeException e) {
      throw unreadable(name, e);
    }
  }

  /** Libraries bring readers of other formats along, which nobody has tried here. */
  private static ImageReader pngOrJpeg(String name, Iterator<ImageReader> readers)
      throws IOException {
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      String format = reader.getFormatName().toLowerCase(Locale.ROOT);
      if (format.equals("png") || format.equals("jpeg")) {
        return reader;
      }
    }
    throw new ProblemException(
        ProblemKind.BAD_DATA, name + ": neither PNG, JPEG nor DICOM; convert it to one of them");
  }

  private static RawImage firstChannel(String name, ImageReader reader) throws IOException {
    boolean[] truncated = {false};
    reader.addIIOReadWarningListener(
        (source, warning) -> truncated[0] |= warning.toLowerCase(Locale.ROOT).contains("truncat"));
    BufferedImage image = reader.read(0);
    if (truncated[0]) {
      throw new ProblemException(ProblemKind.BAD_DATA, name + ": the image is truncated");
    }
    Raster raster = image.getRaster();
    if (image.getColorModel() instanceof java.awt.image.IndexColorModel) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          name + ": an image with a colour palette is no X-ray; convert it to grey");
    }
    int bits = raster.getSampleModel().getSampleSize(0);
    int[] samples = raster.getSamples(0, 0, raster.getWidth(), raster.getHeight(), 0, (int[]) null);
    return new RawImage(raster.getHeight(), raster.getWidth(), samples, (1 << bits) - 1);
  }

  private static ProblemException unreadable(String name, Exception e) {
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new ProblemException(
        ProblemKind.BAD_DATA, name + ": cannot be read as an image: " + reason, e);
  }
}
