package org.xrv.core.image;

import java.awt.image.BufferedImage;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.function.IntFunction;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.dicom.Dicom;
import org.xrv.core.image.dicom.DicomImage;
import org.xrv.core.image.dicom.JpegScans;
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

  /** Sixteen megabytes a thread. */
  private static final int MOST_KEPT = 1 << 22;

  private static final ThreadLocal<int[]> KEPT = ThreadLocal.withInitial(() -> new int[0]);

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
    return decode(file.toString(), content(file), int[]::new);
  }

  /**
   * Reads and preprocesses: {@link #read(Path)} and {@link Preprocessing#apply}, with buffers that
   * a thread uses again for its next image.
   *
   * @return resolution x resolution pixels in [-1024, 1024]
   * @throws ProblemException as {@link #read(Path)}
   */
  public static GrayImage load(Path file, int resolution, Resize resize) {
    return load(file.toString(), content(file), resolution, resize);
  }

  /** As the other method, of a file's content that is in memory. */
  public static GrayImage load(String name, byte[] content, int resolution, Resize resize) {
    return Preprocessing.apply(decode(name, content, ImageFiles::kept), resolution, resize);
  }

  /** The array that the thread used before, if it has the size; the images of a set often have. */
  private static int[] kept(int pixels) {
    int[] kept = KEPT.get();
    if (kept.length == pixels) {
      return kept;
    }
    int[] made = new int[pixels];
    if (pixels <= MOST_KEPT) {
      KEPT.set(made);
    }
    return made;
  }

  private static byte[] content(Path file) {
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
      return Files.readAllBytes(file);
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
    return decode(name, content, int[]::new);
  }

  private static RawImage decode(String name, byte[] content, IntFunction<int[]> samples) {
    if (Dicom.looksLike(content)) {
      DicomImage image = Dicom.read(name, content);
      PixelFormat format = image.header().format();
      return new RawImage(format.rows(), format.columns(), image.samples(), image.maxValue());
    }
    if (Png.reads(content)) {
      try {
        PngImage image = Png.read(content, samples);
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
        return firstChannel(name, reader, content, samples);
      } finally {
        reader.dispose();
      }
    } catch (ProblemException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The libraries meet damaged bytes with whatever exception they lead to.
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

  private static RawImage firstChannel(
      String name, ImageReader reader, byte[] content, IntFunction<int[]> samples)
      throws IOException {
    boolean[] truncated = {false};
    reader.addIIOReadWarningListener(
        (source, warning) -> truncated[0] |= warning.toLowerCase(Locale.ROOT).contains("truncat"));
    long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
    if (pixels > PixelFormat.MOST_PIXELS) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          name
              + ": declares "
              + reader.getHeight(0)
              + " x "
              + reader.getWidth(0)
              + " pixels; at most "
              + PixelFormat.MOST_PIXELS
              + " are read");
    }
    if (JpegScans.tooMany(content, pixels)) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, name + ": more JPEG scans than any real image has; it is damaged");
    }
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
    int[] out = samples.apply(raster.getHeight() * raster.getWidth());
    firstBand(raster, out);
    return new RawImage(raster.getHeight(), raster.getWidth(), out, (1 << bits) - 1);
  }

  private static void firstBand(Raster raster, int[] samples) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    if (!(raster.getSampleModel() instanceof ComponentSampleModel model)
        || !(raster.getDataBuffer() instanceof DataBufferByte buffer)
        || raster.getParent() != null) {
      raster.getSamples(0, 0, width, height, 0, samples);
      return;
    }
    // The usual case of bytes, without a call for each sample.
    byte[] bytes = buffer.getData(model.getBankIndices()[0]);
    int first = buffer.getOffsets()[model.getBankIndices()[0]] + model.getBandOffsets()[0];
    int step = model.getPixelStride();
    for (int row = 0; row < height; row++) {
      int from = first + row * model.getScanlineStride();
      for (int i = 0; i < width; i++) {
        samples[row * width + i] = bytes[from + i * step] & 0xff;
      }
    }
  }

  private static ProblemException unreadable(String name, Exception e) {
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new ProblemException(
        ProblemKind.BAD_DATA, name + ": cannot be read as an image: " + reason, e);
  }
}
