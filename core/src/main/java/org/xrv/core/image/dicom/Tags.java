package org.xrv.core.image.dicom;

import java.util.Locale;
import java.util.Map;

/** The attributes that are read, as group * 65536 + element, and their names. */
final class Tags {
  static final int TRANSFER_SYNTAX = 0x0002_0010;
  static final int CHARACTER_SET = 0x0008_0005;
  static final int PATIENT_ID = 0x0010_0020;
  static final int PATIENT_SEX = 0x0010_0040;
  static final int PATIENT_AGE = 0x0010_1010;
  static final int VIEW_POSITION = 0x0018_5101;
  static final int SAMPLES_PER_PIXEL = 0x0028_0002;
  static final int PHOTOMETRIC = 0x0028_0004;
  static final int PLANAR = 0x0028_0006;
  static final int FRAMES = 0x0028_0008;
  static final int ROWS = 0x0028_0010;
  static final int COLUMNS = 0x0028_0011;
  static final int BITS_ALLOCATED = 0x0028_0100;
  static final int BITS_STORED = 0x0028_0101;
  static final int HIGH_BIT = 0x0028_0102;
  static final int PIXEL_REPRESENTATION = 0x0028_0103;
  static final int WINDOW_CENTER = 0x0028_1050;
  static final int WINDOW_WIDTH = 0x0028_1051;
  static final int RESCALE_INTERCEPT = 0x0028_1052;
  static final int RESCALE_SLOPE = 0x0028_1053;
  static final int EXTENDED_OFFSETS = 0x7FE0_0001;
  static final int PIXEL_DATA = 0x7FE0_0010;
  static final int ITEM = 0xFFFE_E000;
  static final int ITEM_END = 0xFFFE_E00D;
  static final int SEQUENCE_END = 0xFFFE_E0DD;

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(TRANSFER_SYNTAX, "TransferSyntaxUID"),
          Map.entry(CHARACTER_SET, "SpecificCharacterSet"),
          Map.entry(PATIENT_ID, "PatientID"),
          Map.entry(PATIENT_SEX, "PatientSex"),
          Map.entry(PATIENT_AGE, "PatientAge"),
          Map.entry(VIEW_POSITION, "ViewPosition"),
          Map.entry(SAMPLES_PER_PIXEL, "SamplesPerPixel"),
          Map.entry(PHOTOMETRIC, "PhotometricInterpretation"),
          Map.entry(PLANAR, "PlanarConfiguration"),
          Map.entry(FRAMES, "NumberOfFrames"),
          Map.entry(ROWS, "Rows"),
          Map.entry(COLUMNS, "Columns"),
          Map.entry(BITS_ALLOCATED, "BitsAllocated"),
          Map.entry(BITS_STORED, "BitsStored"),
          Map.entry(HIGH_BIT, "HighBit"),
          Map.entry(PIXEL_REPRESENTATION, "PixelRepresentation"),
          Map.entry(WINDOW_CENTER, "WindowCenter"),
          Map.entry(WINDOW_WIDTH, "WindowWidth"),
          Map.entry(RESCALE_INTERCEPT, "RescaleIntercept"),
          Map.entry(RESCALE_SLOPE, "RescaleSlope"),
          Map.entry(EXTENDED_OFFSETS, "ExtendedOffsetTable"),
          Map.entry(PIXEL_DATA, "PixelData"));

  private Tags() {}

  static boolean wanted(int tag) {
    return NAMES.containsKey(tag);
  }

  /** For messages, such as "Rows (0028,0010)". */
  static String name(int tag) {
    String number = String.format(Locale.ROOT, "(%04x,%04x)", tag >>> 16, tag & 0xffff);
    String name = NAMES.get(tag);
    return name == null ? number : name + " " + number;
  }
}
