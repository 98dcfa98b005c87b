package org.xrv.core.image.dicom;

import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * The wanted elements of a file, unread values in {@code data}, which is the file itself or, for
 * the deflated encoding, what it inflates to.
 */
@SuppressWarnings("ArrayRecordComponent") // private to this package, never changed
record DicomFile(
    TransferSyntax syntax, byte[] data, ByteOrder order, Map<Integer, Element> elements) {
  private static final int PREAMBLE = 128;
  private static final int LONGEST_NUMBER = 64;
  private static final int IMAGE_GROUP = 0x0028;

  /** Whether a file that begins like this is taken for DICOM; 132 bytes are enough. */
  static boolean looksLike(byte[] head) {
    if (hasPreamble(head)) {
      return true;
    }
    // Without preamble: the first element is of group 2 or 8, in the order of bytes that all use.
    return head.length >= 8
        && (head[0] == 2 || head[0] == 8)
        && head[1] == 0
        && head[3] == 0
        && (new ElementReader(head, 0, ByteOrder.LITTLE_ENDIAN).namesItsType() || head[7] == 0);
  }

  private static boolean hasPreamble(byte[] head) {
    return head.length >= PREAMBLE + 4
        && head[PREAMBLE] == 'D'
        && head[PREAMBLE + 1] == 'I'
        && head[PREAMBLE + 2] == 'C'
        && head[PREAMBLE + 3] == 'M';
  }

  /**
   * Finds the elements up to the pixel data.
   *
   * @param headerOnly to stop behind the image's attributes, without a look at the pixels
   */
  static DicomFile parse(byte[] file, boolean headerOnly) throws DicomException {
    if (!looksLike(file)) {
      throw new DicomException("no DICOM file");
    }
    int start = hasPreamble(file) ? PREAMBLE + 4 : 0;
    ElementReader meta = new ElementReader(file, start, ByteOrder.LITTLE_ENDIAN);
    TransferSyntax syntax = null;
    while (meta.peek() >>> 16 == 2) {
      Element element = meta.next(true);
      if (element.tag() == Tags.TRANSFER_SYNTAX && !element.undefined()) {
        syntax = TransferSyntax.of(text(file, element, StandardCharsets.US_ASCII));
      }
      meta.skip(element, true);
    }
    if (syntax == null) {
      syntax =
          meta.namesItsType() ? TransferSyntax.EXPLICIT_LITTLE : TransferSyntax.IMPLICIT_LITTLE;
    }
    byte[] data = file;
    int from = meta.position();
    if (syntax == TransferSyntax.DEFLATED) {
      data = Inflation.inflate(file, from, headerOnly);
      from = 0;
    }
    ByteOrder order =
        syntax == TransferSyntax.EXPLICIT_BIG ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    boolean explicit = syntax != TransferSyntax.IMPLICIT_LITTLE;
    ElementReader reader = new ElementReader(data, from, order);
    Map<Integer, Element> elements = new TreeMap<>();
    while (!reader.atEnd() && !(headerOnly && reader.peek() >>> 16 > IMAGE_GROUP)) {
      Element element = reader.next(explicit);
      if (Tags.wanted(element.tag())) {
        elements.put(element.tag(), element);
      }
      if (element.tag() == Tags.PIXEL_DATA) {
        break;
      }
      reader.skip(element, explicit);
    }
    return new DicomFile(syntax, data, order, elements);
  }

  /** The first of a value's 16-bit numbers. */
  int number(int tag) throws DicomException {
    Element element = elements.get(tag);
    if (element == null || element.length() == 0) {
      throw new DicomException(Tags.name(tag) + " is missing; the file holds no image");
    }
    if (element.length() < 2) {
      throw new DicomException(Tags.name(tag) + " is no 16-bit number; the file is damaged");
    }
    int first = data[element.offset()] & 0xff;
    int second = data[element.offset() + 1] & 0xff;
    return order == ByteOrder.LITTLE_ENDIAN ? (second << 8) | first : (first << 8) | second;
  }

  int number(int tag, int otherwise) throws DicomException {
    Element element = elements.get(tag);
    return element == null || element.length() == 0 ? otherwise : number(tag);
  }

  /** The first of a text's values, trimmed; empty when there is none. */
  String text(int tag) {
    Element element = elements.get(tag);
    if (element == null || element.undefined()) {
      return "";
    }
    Element set = elements.get(Tags.CHARACTER_SET);
    boolean unicode =
        set != null
            && !set.undefined()
            && text(data, set, StandardCharsets.US_ASCII).equals("ISO_IR 192");
    return text(data, element, unicode ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
  }

  /** Values are padded with a space or a zero; a backslash divides several. */
  private static String text(byte[] data, Element element, Charset charset) {
    String all = new String(data, element.offset(), element.length(), charset);
    String first = all.contains("\\") ? all.substring(0, all.indexOf('\\')) : all;
    // Control characters would break one-line messages and tables.
    return first.replaceAll("\\p{Cntrl}", " ").strip();
  }

  /** A number that is written as text. */
  double decimal(int tag, double otherwise) throws DicomException {
    String text = text(tag);
    if (text.isEmpty()) {
      return otherwise;
    }
    // The standard allows 16; to try the pattern on a million digits would take minutes.
    if (text.length() <= LONGEST_NUMBER
        && text.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?")) {
      double value = Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return value;
      }
    }
    throw new DicomException(Tags.name(tag) + " is '" + text + "', which is no number");
  }
}
