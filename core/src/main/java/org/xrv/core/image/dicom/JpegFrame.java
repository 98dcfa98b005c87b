package org.xrv.core.image.dicom;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** JPEG with 8 bits, and lossless JPEG, through TwelveMonkeys. */
final class JpegFrame {
  private static final String LIBRARY = "com.twelvemonkeys.";

  private JpegFrame() {}

  /** Returns the samples of the first channel; of YCbCr that is red. */
  static int[] decode(byte[] frame, PixelFormat format, TransferSyntax syntax)
      throws DicomException {
    Codestream header = Codestream.ofJpeg(frame);
    if (!header.lossless() && !(header.transformed() && header.precision() == 8)) {
      throw new DicomException(
          "the encoding "
              + syntax.title()
              + " with "
              + header.precision()
              + " bits and JPEG process "
              + Integer.toHexString(header.process())
              + " is not read; "
              + TransferSyntax.ADVICE);
    }
    header.check(format);
    if (JpegScans.tooMany(frame, format.pixels())) {
      throw new DicomException("the JPEG image has more scans than any real one; it is damaged");
    }
    ImageReader reader = reader();
    boolean[] damaged = {false};
    reader.addIIOReadWarningListener((source, warning) -> damaged[0] |= tellsOfDamage(warning));
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(frame))) {
      reader.setInput(in, true, true);
      Raster raster = reader.read(0).getRaster();
      if (damaged[0]) {
        throw new DicomException("the JPEG image is truncated or damaged");
      }
      return raster.getSamples(0, 0, format.columns(), format.rows(), 0, (int[]) null);
    } catch (DicomException e) {
      throw e;
    } catch (IOException | RuntimeException | StackOverflowError e) {
      // The library meets damaged bytes with whatever exception they lead to.
      throw new DicomException("the JPEG image is damaged: " + e.getMessage(), e);
    } finally {
      reader.dispose();
    }
  }

  /** The JDK's own reader, which other programs may have put first, knows no lossless JPEG. */
  private static ImageReader reader() {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg");
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      if (reader.getClass().getName().startsWith(LIBRARY)) {
        return reader;
      }
    }
    throw new IllegalStateException("TwelveMonkeys imageio-jpeg is not on the class path");
  }

  /** Others tell of harmless things, such as bytes that no marker needs. */
  private static boolean tellsOfDamage(String warning) {
    String lower = warning.toLowerCase(Locale.ROOT);
    return lower.contains("truncat") || lower.contains("premature") || lower.contains("huffman");
  }
}
