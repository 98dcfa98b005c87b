package org.xrv.core.image.dicom;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.xrv.core.io.AtomicFiles;

/**
 * Gathers attributes and grey pixels, and writes them as a DICOM file (part 10) in Explicit VR
 * Little Endian. It orders and pads what it is given; which attributes an object needs is the
 * caller's to know (part 3, annex A). For one thread.
 */
public final class DicomWriter {
  /** SOP class of Digital X-Ray images, for presentation; part 4, B.5. */
  public static final String DIGITAL_XRAY = "1.2.840.10008.5.1.4.1.1.1.1";

  /** SOP class of Secondary Capture images: pictures that a program made. */
  public static final String SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7";

  private static final String EXPLICIT_LITTLE = "1.2.840.10008.1.2.1";
  private static final String IMPLEMENTATION = uid("org.xrv.core.image.dicom.DicomWriter");
  private static final int PREAMBLE = 128;
  private static final int META_LENGTH = 0x0002_0000;
  private static final int SOP_CLASS = 0x0008_0016;
  private static final int SOP_INSTANCE = 0x0008_0018;

  /** Longest values in characters, part 3.5, table 6.2-1. */
  private static final Map<String, Integer> LONGEST =
      Map.ofEntries(
          Map.entry("AE", 16),
          Map.entry("AS", 4),
          Map.entry("CS", 16),
          Map.entry("DA", 8),
          Map.entry("DS", 16),
          Map.entry("IS", 12),
          Map.entry("LO", 64),
          Map.entry("LT", 10240),
          Map.entry("PN", 64),
          Map.entry("SH", 16),
          Map.entry("ST", 1024),
          Map.entry("TM", 14),
          Map.entry("UI", 64));

  /** Texts in which a backslash is a character and no separator. */
  private static final Set<String> ONE_VALUE = Set.of("LT", "ST");

  @SuppressWarnings("ArrayRecordComponent") // never leaves the writer
  private record Value(String vr, byte[] bytes) {}

  private final TreeMap<Integer, Value> values = new TreeMap<>(Integer::compareUnsigned);

  /** A UID that belongs to a name: the same for the same name (part 5, B.2). */
  public static String uid(String name) {
    UUID uuid = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    byte[] bits =
        ByteBuffer.allocate(16)
            .putLong(uuid.getMostSignificantBits())
            .putLong(uuid.getLeastSignificantBits())
            .array();
    return "2.25." + new BigInteger(1, bits);
  }

  /**
   * Sets an attribute to text.
   *
   * @param tag group * 65536 + element
   * @param vr its type: one of AE, AS, CS, DA, DS, IS, LO, LT, PN, SH, ST, TM, UI
   * @param texts the values; none for an attribute that is there but empty
   * @throws IllegalArgumentException when a value does not fit the type
   */
  public DicomWriter text(int tag, String vr, String... texts) {
    Integer longest = LONGEST.get(vr);
    check(longest != null, tag, vr + " is no type of text");
    check(texts.length <= 1 || !ONE_VALUE.contains(vr), tag, vr + " holds one value");
    for (String text : texts) {
      check(text.length() <= longest, tag, "'" + text + "' is longer than " + longest);
      check(ONE_VALUE.contains(vr) || !text.contains("\\"), tag, "'" + text + "' holds a \\");
      check(text.chars().allMatch(c -> c >= ' ' || c == '\n'), tag, "a control character");
      check(
          switch (vr) {
            case "CS" -> text.matches("[A-Z0-9_ ]*");
            case "UI" -> text.matches("[0-9.]*");
            case "AS" -> text.matches("\\d{3}[DWMY]");
            case "DA" -> text.matches("\\d{8}");
            case "IS" -> text.matches("[+-]?\\d+");
            default -> true;
          },
          tag,
          "'" + text + "' is no " + vr);
    }
    byte[] bytes = String.join("\\", texts).getBytes(StandardCharsets.UTF_8);
    return put(tag, vr, padded(bytes, vr.equals("UI") ? 0 : ' '));
  }

  /**
   * Sets an attribute to 16-bit numbers.
   *
   * @param vr US for 0 to 65535, SS for -32768 to 32767
   */
  public DicomWriter numbers(int tag, String vr, int... numbers) {
    boolean signed = vr.equals("SS");
    check(signed || vr.equals("US"), tag, vr + " is no type of 16-bit numbers");
    ByteBuffer bytes = ByteBuffer.allocate(2 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int number : numbers) {
      check(
          number >= (signed ? Short.MIN_VALUE : 0) && number <= (signed ? Short.MAX_VALUE : 0xffff),
          tag,
          number + " is no " + vr);
      bytes.putShort((short) number);
    }
    return put(tag, vr, bytes.array());
  }

  /** Sets an attribute to a sequence of items, each the attributes of another writer. */
  public DicomWriter sequence(int tag, DicomWriter... items) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (DicomWriter item : items) {
      byte[] content = item.elements();
      ByteBuffer head = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      tag(head, Tags.ITEM);
      head.putInt(content.length);
      out.writeBytes(head.array());
      out.writeBytes(content);
    }
    return put(tag, "SQ", out.toByteArray());
  }

  /**
   * Sets the pixels and what describes them: one grey channel, 0 is black.
   *
   * @param bitsStored 1 to 16; samples take 8 bits up to 8, else 16
   * @param samples rows * columns of them, row by row, in [0, 2^bitsStored)
   */
  public DicomWriter pixels(int rows, int columns, int bitsStored, int[] samples) {
    check(rows > 0 && rows <= 0xffff && columns > 0 && columns <= 0xffff, Tags.ROWS, "the size");
    check(bitsStored >= 1 && bitsStored <= 16, Tags.BITS_STORED, bitsStored + " bits");
    check(samples.length == rows * columns, Tags.PIXEL_DATA, samples.length + " samples");
    boolean wide = bitsStored > 8;
    // Padded to an even length, as every value is.
    byte[] bytes = new byte[wide ? 2 * samples.length : samples.length + samples.length % 2];
    for (int i = 0; i < samples.length; i++) {
      check(samples[i] >>> bitsStored == 0, Tags.PIXEL_DATA, "sample " + samples[i]);
      if (wide) {
        bytes[2 * i] = (byte) samples[i];
        bytes[2 * i + 1] = (byte) (samples[i] >> 8);
      } else {
        bytes[i] = (byte) samples[i];
      }
    }
    return numbers(Tags.SAMPLES_PER_PIXEL, "US", 1)
        .text(Tags.PHOTOMETRIC, "CS", "MONOCHROME2")
        .numbers(Tags.ROWS, "US", rows)
        .numbers(Tags.COLUMNS, "US", columns)
        .numbers(Tags.BITS_ALLOCATED, "US", wide ? 16 : 8)
        .numbers(Tags.BITS_STORED, "US", bitsStored)
        .numbers(Tags.HIGH_BIT, "US", bitsStored - 1)
        .numbers(Tags.PIXEL_REPRESENTATION, "US", 0)
        .put(Tags.PIXEL_DATA, wide ? "OW" : "OB", bytes);
  }

  /**
   * The whole file.
   *
   * @throws IllegalStateException when SOPClassUID or SOPInstanceUID is not set
   */
  public byte[] file() {
    if (!values.containsKey(SOP_CLASS) || !values.containsKey(SOP_INSTANCE)) {
      throw new IllegalStateException("a file needs SOPClassUID and SOPInstanceUID");
    }
    DicomWriter meta = new DicomWriter();
    meta.put(0x0002_0001, "OB", new byte[] {0, 1});
    meta.put(0x0002_0002, "UI", values.get(SOP_CLASS).bytes());
    meta.put(0x0002_0003, "UI", values.get(SOP_INSTANCE).bytes());
    meta.text(Tags.TRANSFER_SYNTAX, "UI", EXPLICIT_LITTLE);
    meta.text(0x0002_0012, "UI", IMPLEMENTATION);
    byte[] inMeta = meta.elements();
    ByteBuffer length = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    length.putInt(inMeta.length);
    meta.put(META_LENGTH, "UL", length.array());

    // Texts are in UTF-8; of plain ASCII that is true as well.
    text(Tags.CHARACTER_SET, "CS", "ISO_IR 192");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[PREAMBLE]);
    out.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(meta.elements());
    out.writeBytes(elements());
    return out.toByteArray();
  }

  /** Writes the whole file, or nothing. */
  public void write(Path file) {
    AtomicFiles.write(file, file());
  }

  private DicomWriter put(int tag, String vr, byte[] bytes) {
    values.put(tag, new Value(vr, bytes));
    return this;
  }

  private byte[] elements() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (var entry : values.entrySet()) {
      Value value = entry.getValue();
      boolean wide = !ElementReader.SHORT.contains(value.vr());
      check(wide || value.bytes().length <= 0xfffe, entry.getKey(), "the value is too long");
      ByteBuffer head = ByteBuffer.allocate(wide ? 12 : 8).order(ByteOrder.LITTLE_ENDIAN);
      tag(head, entry.getKey());
      head.put(value.vr().getBytes(StandardCharsets.US_ASCII));
      if (wide) {
        head.putShort((short) 0).putInt(value.bytes().length);
      } else {
        head.putShort((short) value.bytes().length);
      }
      out.writeBytes(head.array());
      out.writeBytes(value.bytes());
    }
    return out.toByteArray();
  }

  private static void tag(ByteBuffer out, int tag) {
    out.putShort((short) (tag >>> 16)).putShort((short) tag);
  }

  private static byte[] padded(byte[] bytes, int with) {
    if (bytes.length % 2 == 0) {
      return bytes;
    }
    byte[] even = Arrays.copyOf(bytes, bytes.length + 1);
    even[bytes.length] = (byte) with;
    return even;
  }

  private static void check(boolean holds, int tag, String message) {
    if (!holds) {
      throw new IllegalArgumentException(Tags.name(tag) + ": " + message);
    }
  }
}
