package org.xrv.core.image.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Compressed pixel data: an offset table and fragments; part 3.5, annex A.4. */
final class Fragments {
  private static final int ITEM_HEADER = 8;

  private Fragments() {}

  /**
   * The bytes of the first frame. One frame is all fragments, however it was cut. Of several frames
   * the extended offset table says where the second begins, else the basic one, else there must be
   * one fragment for each.
   */
  static byte[] firstFrame(DicomFile file, int frames) throws DicomException {
    Element pixels = file.elements().get(Tags.PIXEL_DATA);
    if (!pixels.undefined()) {
      throw new DicomException(
          "the pixel data are not in fragments, as "
              + file.syntax().title()
              + " needs; the file is damaged");
    }
    ElementReader reader = new ElementReader(file.data(), pixels.offset(), ByteOrder.LITTLE_ENDIAN);
    Element table = item(reader);
    int base = reader.position();
    List<Element> fragments = new ArrayList<>();
    while (reader.peek() != Tags.SEQUENCE_END) {
      fragments.add(item(reader));
    }
    if (frames > 1 && fragments.size() != frames) {
      long end = secondFrame(file, table);
      fragments.removeIf(f -> f.offset() - ITEM_HEADER - base >= end);
    } else if (frames > 1) {
      fragments = fragments.subList(0, 1);
    }
    if (fragments.isEmpty()) {
      throw new DicomException("the pixel data have no fragment; the file is damaged");
    }
    return join(file.data(), fragments);
  }

  private static Element item(ElementReader reader) throws DicomException {
    Element item = reader.next(false);
    if (item.tag() != Tags.ITEM || item.undefined()) {
      throw new DicomException(
          Tags.name(item.tag())
              + " stands where a fragment of the pixel data belongs; the file is damaged");
    }
    reader.skip(item, false);
    return item;
  }

  private static long secondFrame(DicomFile file, Element table) throws DicomException {
    Element extended = file.elements().get(Tags.EXTENDED_OFFSETS);
    if (extended != null && extended.length() >= 16) {
      return little(file.data()).getLong(extended.offset() + 8);
    }
    if (table.length() >= 8) {
      return Integer.toUnsignedLong(little(file.data()).getInt(table.offset() + 4));
    }
    throw new DicomException(
        "holds several frames and does not say where the second begins; store the first as a file"
            + " of its own");
  }

  private static ByteBuffer little(byte[] data) {
    return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] join(byte[] data, List<Element> fragments) {
    // The sum fits: the fragments lie in one array.
    byte[] out = new byte[fragments.stream().mapToInt(Element::length).sum()];
    int at = 0;
    for (Element f : fragments) {
      System.arraycopy(data, f.offset(), out, at, f.length());
      at += f.length();
    }
    return out;
  }
}
