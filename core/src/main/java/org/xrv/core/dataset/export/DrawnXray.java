package org.xrv.core.dataset.export;

import java.util.Locale;
import org.xrv.core.dataset.Sample;
import org.xrv.core.image.GrayImage;
import org.xrv.core.image.Preprocessing;
import org.xrv.core.image.dicom.DicomWriter;

/**
 * A drawn X-ray as a DICOM object: Digital X-Ray Image for presentation (part 3, A.26), with the
 * attributes that are required and those that data sets read. It says in several places that it
 * shows nobody.
 */
final class DrawnXray {
  /** Bits of a sample, as many as usual detectors have. */
  static final int BITS = 12;

  private static final String DRAWN = "Drawn by a program; shows no patient. Not medical data.";

  private DrawnXray() {}

  /**
   * The object of one picture.
   *
   * @param samples of {@link #BITS} bits, row by row, 0 is black
   * @param provenance where it comes from; the UIDs are made of it and the sample's id
   */
  static DicomWriter of(
      Sample sample, Subject subject, int resolution, int[] samples, String provenance) {
    String spacing = String.format(Locale.ROOT, "%.5f", subject.pixelSpacing(resolution));
    String uids = provenance + "/" + sample.dataset() + "/" + sample.id() + "/" + resolution;
    // Part 16, CID 4010.
    String[] view =
        sample.view().equals("PA")
            ? new String[] {"272479007", "postero-anterior"}
            : new String[] {"399348003", "antero-posterior"};
    return new DicomWriter()
        // Patient, study
        .text(0x0010_0010, "PN", "Phantom^" + sample.dataset())
        .text(0x0010_0020, "LO", String.format(Locale.ROOT, "%08d", subject.number()))
        .text(0x0010_0030, "DA")
        .text(0x0010_0040, "CS", subject.sex())
        .text(0x0010_1010, "AS", subject.ageText())
        .text(0x0020_000D, "UI", DicomWriter.uid(uids + "/study"))
        .text(0x0008_0020, "DA")
        .text(0x0008_0030, "TM")
        .text(0x0008_0050, "SH")
        .text(0x0008_0090, "PN")
        .text(0x0020_0010, "SH")
        .text(0x0008_1030, "LO", "DRAWN: NOT MEDICAL DATA")
        // Series, equipment
        .text(0x0008_0060, "CS", "DX")
        .text(0x0008_0068, "CS", "FOR PRESENTATION")
        .text(0x0020_000E, "UI", DicomWriter.uid(uids + "/series"))
        .text(0x0020_0011, "IS", "1")
        .text(0x0018_0015, "CS", "CHEST")
        .text(0x0018_5101, "CS", sample.view())
        .text(0x0008_0070, "LO", "none: drawn by xrv, the X-ray autoencoder toolkit")
        .text(0x0018_1000, "LO")
        .text(0x0008_1090, "LO", "phantom")
        // Image
        .text(0x0008_0008, "CS", "DERIVED", "PRIMARY")
        .text(0x0008_0016, "UI", DicomWriter.DIGITAL_XRAY)
        .text(0x0008_0018, "UI", DicomWriter.uid(uids))
        .text(0x0020_0013, "IS", "1")
        .text(0x0020_0020, "CS", "L", "F")
        .text(0x0020_0062, "CS", "U")
        .text(0x0020_4000, "LT", DRAWN + " " + provenance)
        .text(0x0008_2111, "ST", DRAWN)
        .sequence(0x0008_2218, code("51185008", "Chest"))
        .sequence(0x0040_0555)
        .text(0x0018_7004, "CS")
        .text(0x0018_1508, "CS")
        .sequence(0x0054_0220, code(view))
        .text(0x0018_1164, "DS", spacing, spacing)
        .text(0x0028_0301, "CS", "NO")
        .text(0x0028_2110, "CS", "00")
        .text(0x0028_1040, "CS", "LOG")
        // The brighter a pixel, the less radiation.
        .numbers(0x0028_1041, "SS", -1)
        .text(0x0028_1050, "DS", Integer.toString(1 << (BITS - 1)))
        .text(0x0028_1051, "DS", Integer.toString(1 << BITS))
        .text(0x0028_1052, "DS", "0")
        .text(0x0028_1053, "DS", "1")
        .text(0x0028_1054, "LO", "US")
        .text(0x2050_0020, "CS", "IDENTITY")
        .pixels(resolution, resolution, BITS, samples);
  }

  /** A SNOMED CT code as an item: its value, then its meaning. */
  private static DicomWriter code(String... code) {
    return new DicomWriter()
        .text(0x0008_0100, "SH", code[0])
        .text(0x0008_0102, "SH", "SCT")
        .text(0x0008_0104, "LO", code[1]);
  }

  /** Samples of a picture in [-1024, 1024]. */
  static int[] samples(GrayImage image, int max) {
    int[] samples = new int[image.height() * image.width()];
    for (int i = 0; i < samples.length; i++) {
      double share = (image.pixels()[i] / (double) Preprocessing.RANGE + 1) / 2;
      samples[i] = (int) Math.round(max * Math.max(0, Math.min(1, share)));
    }
    return samples;
  }
}
