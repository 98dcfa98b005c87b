package org.xrv.core.image.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Steps through data elements; no length is believed before it is compared with what is left. */
final class ElementReader {
  /** Types whose length has 16 bits, part 3.5 table 7.1-2; all others, future ones too, have 32. */
  static final Set<String> SHORT =
      Set.of(
          "AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "PN", "SH", "SL",
          "SS", "ST", "TM", "UI", "UL", "US");

  /** No real file nests deeper; a crafted one must not exhaust the stack. */
  private static final int DEEPEST = 32;

  private static final int HEADER = 8;
  private final ByteBuffer in;

  ElementReader(byte[] data, int from, ByteOrder order) {
    in = ByteBuffer.wrap(data).order(order).position(from);
  }

  int position() {
    return in.position();
  }

  boolean atEnd() {
    return !in.hasRemaining();
  }

  /** The next tag without stepping over it; 0 at the end. */
  int peek() {
    if (in.remaining() < 4) {
      return 0;
    }
    int at = in.position();
    return ((in.getShort(at) & 0xffff) << 16) | (in.getShort(at + 2) & 0xffff);
  }

  /** Whether the next element names its type, as explicit encodings do. */
  boolean namesItsType() {
    int at = in.position();
    return in.remaining() >= HEADER && letter(in.get(at + 4)) && letter(in.get(at + 5));
  }

  private static boolean letter(byte b) {
    return b >= 'A' && b <= 'Z';
  }

  /** Reads tag, type and length, and stands at the value. */
  Element next(boolean explicit) throws DicomException {
    int tag = peek();
    need(HEADER, "an element");
    // Items and delimiters have no type even where all else does.
    if (!explicit || tag >>> 16 == 0xFFFE) {
      in.position(in.position() + 4);
      return element(tag, "--", in.getInt());
    }
    if (!namesItsType()) {
      throw new DicomException(
          Tags.name(tag) + " at byte " + in.position() + " has no type; the file is damaged");
    }
    int at = in.position();
    String vr = new String(in.array(), at + 4, 2, StandardCharsets.US_ASCII);
    if (SHORT.contains(vr)) {
      in.position(at + HEADER);
      return element(tag, vr, in.getShort(at + 6) & 0xffff);
    }
    need(HEADER + 4, Tags.name(tag));
    in.position(at + HEADER);
    return element(tag, vr, in.getInt());
  }

  private Element element(int tag, String vr, int length) throws DicomException {
    if (length != Element.UNDEFINED && Integer.compareUnsigned(length, in.remaining()) > 0) {
      throw new DicomException(
          Tags.name(tag)
              + " declares "
              + Integer.toUnsignedString(length)
              + " bytes where the file holds "
              + in.remaining()
              + "; it is truncated or damaged");
    }
    return new Element(tag, vr, in.position(), length);
  }

  private void need(int bytes, String what) throws DicomException {
    if (in.remaining() < bytes) {
      throw new DicomException(
          "the file ends within " + what + " at byte " + in.position() + "; it is truncated");
    }
  }

  /** Steps over the value, sequences included. */
  void skip(Element element, boolean explicit) throws DicomException {
    skip(element, explicit, 0);
  }

  private void skip(Element element, boolean explicit, int depth) throws DicomException {
    if (!element.undefined()) {
      in.position(element.offset() + element.length());
      return;
    }
    if (depth > DEEPEST) {
      throw new DicomException("sequences nested deeper than " + DEEPEST + "; the file is damaged");
    }
    // Part 3.5, 6.2.2: what is unknown and without a length is a sequence in implicit encoding.
    boolean inside = explicit && !element.vr().equals("UN");
    while (true) {
      Element item = next(false);
      if (item.tag() == Tags.SEQUENCE_END) {
        return;
      }
      if (item.tag() != Tags.ITEM) {
        throw new DicomException(
            Tags.name(item.tag()) + " stands where an item of a sequence belongs; it is damaged");
      }
      if (!item.undefined()) {
        in.position(item.offset() + item.length());
        continue;
      }
      Element part = next(inside);
      while (part.tag() != Tags.ITEM_END) {
        skip(part, inside, depth + 1);
        part = next(inside);
      }
    }
  }
}
