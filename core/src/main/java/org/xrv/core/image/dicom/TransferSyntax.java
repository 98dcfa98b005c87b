package org.xrv.core.image.dicom;

/** How a file's elements and its pixels are encoded; part 3.5, section 10 and annex A. */
enum TransferSyntax {
  IMPLICIT_LITTLE("1.2.840.10008.1.2", "Implicit VR Little Endian", Form.NATIVE),
  EXPLICIT_LITTLE("1.2.840.10008.1.2.1", "Explicit VR Little Endian", Form.NATIVE),
  DEFLATED("1.2.840.10008.1.2.1.99", "Deflated Explicit VR Little Endian", Form.NATIVE),
  EXPLICIT_BIG("1.2.840.10008.1.2.2", "Explicit VR Big Endian", Form.NATIVE),
  RLE("1.2.840.10008.1.2.5", "RLE Lossless", Form.RLE),
  JPEG_BASELINE("1.2.840.10008.1.2.4.50", "JPEG Baseline", Form.JPEG),
  JPEG_EXTENDED("1.2.840.10008.1.2.4.51", "JPEG Extended", Form.JPEG),
  JPEG_LOSSLESS("1.2.840.10008.1.2.4.57", "JPEG Lossless", Form.JPEG),
  JPEG_LOSSLESS_SV1("1.2.840.10008.1.2.4.70", "JPEG Lossless, first-order", Form.JPEG),
  JPEG_LS("1.2.840.10008.1.2.4.80", "JPEG-LS Lossless", Form.UNREADABLE),
  JPEG_LS_NEAR("1.2.840.10008.1.2.4.81", "JPEG-LS Near-lossless", Form.UNREADABLE),
  JPEG_2000_LOSSLESS("1.2.840.10008.1.2.4.90", "JPEG 2000 Lossless", Form.JPEG_2000),
  JPEG_2000("1.2.840.10008.1.2.4.91", "JPEG 2000", Form.JPEG_2000),
  HTJ2K_LOSSLESS("1.2.840.10008.1.2.4.201", "High-Throughput JPEG 2000", Form.UNREADABLE),
  HTJ2K_LOSSLESS_RPCL("1.2.840.10008.1.2.4.202", "High-Throughput JPEG 2000", Form.UNREADABLE),
  HTJ2K("1.2.840.10008.1.2.4.203", "High-Throughput JPEG 2000", Form.UNREADABLE);

  /** What decodes the pixels. */
  enum Form {
    NATIVE,
    RLE,
    JPEG,
    JPEG_2000,
    UNREADABLE
  }

  private final String uid;
  private final String label;
  private final Form form;

  TransferSyntax(String uid, String label, Form form) {
    this.uid = uid;
    this.label = label;
    this.form = form;
  }

  Form form() {
    return form;
  }

  /** For messages, such as "JPEG Baseline (1.2.840.10008.1.2.4.50)". */
  String title() {
    return label + " (" + uid + ")";
  }

  static TransferSyntax of(String uid) throws DicomException {
    for (TransferSyntax syntax : values()) {
      if (syntax.uid.equals(uid)) {
        return syntax;
      }
    }
    throw new DicomException(
        "the encoding with TransferSyntaxUID '" + uid + "' is not known; " + ADVICE);
  }

  /** What to do about an encoding that cannot be read. */
  static final String ADVICE =
      "convert the file to Explicit VR Little Endian, for example with dcmconv, dcmdjpeg or"
          + " gdcmconv --raw";
}
