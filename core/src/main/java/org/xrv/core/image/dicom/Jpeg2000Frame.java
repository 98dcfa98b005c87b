package org.xrv.core.image.dicom;

import com.github.jaiimageio.jpeg2000.impl.J2KImageReaderSpi;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.imageio.ImageReader;

/** JPEG 2000 through jai-imageio. */
final class Jpeg2000Frame {
  private static final int START = 0xFF4FFF51;

  /**
   * Some writers put the boxes of a JP2 file before the codestream, though the standard does not.
   */
  private static final int MOST_BOXES = 1 << 12;

  private Jpeg2000Frame() {}

  /** Returns the samples of the first channel. */
  static int[] decode(byte[] frame, PixelFormat format) throws DicomException {
    int start = start(frame);
    byte[] stream = start == 0 ? frame : Arrays.copyOfRange(frame, start, frame.length);
    Codestream.ofJpeg2000(stream, 0).check(format);
    try (Jpeg2000Stream in = new Jpeg2000Stream(stream)) {
      ImageReader reader = new J2KImageReaderSpi().createReaderInstance(null);
      reader.setInput(in, true, true);
      Raster raster = reader.readRaster(0, null);
      return raster.getSamples(
          raster.getMinX(), raster.getMinY(), format.columns(), format.rows(), 0, (int[]) null);
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      // The library meets damaged bytes with whatever exception they lead to; what it does not
      // know it calls an Error.
      throw new DicomException("the JPEG 2000 image is damaged: " + e.getMessage(), e);
    } finally {
      forget();
    }
  }

  /** The library holds on to the last reader, with the image, until there is a new one. */
  private static void forget() throws DicomException {
    try {
      new J2KImageReaderSpi().createReaderInstance(null);
    } catch (IOException e) {
      throw new DicomException("no JPEG 2000 reader: " + e.getMessage(), e);
    }
  }

  private static int start(byte[] in) throws DicomException {
    for (int i = 0; i + 4 <= in.length && i < MOST_BOXES; i++) {
      int word = ByteBuffer.wrap(in, i, 4).getInt();
      if (word == START) {
        return i;
      }
    }
    throw new DicomException("the pixel data are no JPEG 2000 image; the file is damaged");
  }
}
