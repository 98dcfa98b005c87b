package org.xrv.core.image.dicom;

import java.nio.ByteOrder;

/** From a file's pixel data to the samples it stores. */
final class StoredSamples {
  private StoredSamples() {}

  /** The first channel of the first frame. */
  static int[] of(DicomFile file, PixelFormat format) throws DicomException {
    if (file.syntax().form() == TransferSyntax.Form.UNREADABLE) {
      throw new DicomException(
          "the encoding " + file.syntax().title() + " is not read; " + TransferSyntax.ADVICE);
    }
    if (!file.elements().containsKey(Tags.PIXEL_DATA)) {
      throw new DicomException("no " + Tags.name(Tags.PIXEL_DATA) + "; the file holds no image");
    }
    return switch (file.syntax().form()) {
      case NATIVE -> used(uncompressed(file, format), format, format.highBit());
      case RLE ->
          used(
              RunLength.decode(Fragments.firstFrame(file, format.frames()), format),
              format,
              format.highBit());
      // A codestream holds the used bits, wherever they lay before.
      case JPEG ->
          used(
              JpegFrame.decode(Fragments.firstFrame(file, format.frames()), format, file.syntax()),
              format,
              format.bitsStored() - 1);
      case JPEG_2000 ->
          used(
              Jpeg2000Frame.decode(Fragments.firstFrame(file, format.frames()), format),
              format,
              format.bitsStored() - 1);
      case UNREADABLE -> throw new IllegalStateException(file.syntax().title());
    };
  }

  private static int[] uncompressed(DicomFile file, PixelFormat format) throws DicomException {
    Element pixels = file.elements().get(Tags.PIXEL_DATA);
    if (pixels.undefined()) {
      throw new DicomException(
          "the pixel data are in fragments, which "
              + file.syntax().title()
              + " does not know; the file is damaged");
    }
    if (format.frameBytes() * format.frames() > pixels.length()) {
      throw new DicomException(
          "declares "
              + format.rows()
              + " x "
              + format.columns()
              + " pixels in "
              + format.frames()
              + " frames and holds "
              + pixels.length()
              + " bytes of them; the file is damaged");
    }
    if (!format.photometric().startsWith("MONOCHROME") && !format.photometric().equals("RGB")) {
      throw new DicomException(
          "PhotometricInterpretation '"
              + format.photometric()
              + "' is read in JPEG only; convert the file to RGB or to grey");
    }
    byte[] data = file.data();
    int from = pixels.offset();
    int[] out = new int[format.pixels()];
    boolean big = file.order() == ByteOrder.BIG_ENDIAN;
    if (format.bitsAllocated() == 16) {
      int low = from + (big ? 1 : 0);
      int high = from + (big ? 0 : 1);
      for (int i = 0; i < out.length; i++) {
        out[i] = ((data[high + 2 * i] & 0xff) << 8) | (data[low + 2 * i] & 0xff);
      }
      return out;
    }
    int step = format.planar() ? 1 : format.samplesPerPixel();
    // Two 8-bit samples in a big-endian word change places; part 3.5, annex D.
    int swap = big && pixels.vr().equals("OW") ? 1 : 0;
    if (swap == 1 && pixels.length() % 2 != 0) {
      throw new DicomException("the pixel data are words and half a word; the file is damaged");
    }
    for (int i = 0; i < out.length; i++) {
      out[i] = data[from + ((i * step) ^ swap)] & 0xff;
    }
    return out;
  }

  /** Takes the used bits of each value, in place, and gives signed ones their sign. */
  private static int[] used(int[] values, PixelFormat format, int highBit) throws DicomException {
    int bits = format.bitsStored();
    int shift = highBit + 1 - bits;
    int free = Integer.SIZE - bits;
    int most = format.maxValue();
    for (int i = 0; i < values.length; i++) {
      int value = values[i] >> shift;
      if (format.signed()) {
        values[i] = (value << free) >> free;
      } else if (value < 0 || value > most) {
        throw new DicomException(
            "the sample "
                + value
                + " is above "
                + most
                + ", the most that BitsStored "
                + bits
                + " allows; the header is wrong, correct BitsStored");
      } else {
        values[i] = value;
      }
    }
    return values;
  }
}
