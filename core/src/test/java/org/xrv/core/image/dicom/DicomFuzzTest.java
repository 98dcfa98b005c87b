package org.xrv.core.image.dicom;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.xrv.core.fuzz.Sturdy;

/** DICOM, header and pixels, in every encoding that is read. */
class DicomFuzzTest {
  static Stream<Arguments> seeds() {
    return Stream.of(
            DicomBytes.xray(5, 6).bytes(),
            DicomBytes.xray(3, 4).withoutPreamble().bytes(),
            DicomBytes.xray(3, 3)
                .open(0x0008_1115, "SQ", DicomBytes.items(new byte[6], new byte[8]))
                .bytes(),
            DicomBytes.rleXray(4, 4).bytes(),
            DicomBytes.jpegXray(8, 8).bytes(),
            DicomBytes.jpeg2000Xray(8, 8).bytes(),
            // Bytes that do not fit the encoding, as a start for what does.
            DicomBytes.xray(3, 3).syntax("1.2.840.10008.1.2").bytes(),
            DicomBytes.xray(3, 3).syntax("1.2.840.10008.1.2.2").bytes(),
            DicomBytes.xray(3, 3).syntax("1.2.840.10008.1.2.1.99").bytes(),
            DicomBytes.jpegXray(8, 8).syntax("1.2.840.10008.1.2.4.57").bytes())
        .map(Arguments::of);
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2m")
  void shouldReadOrRefuse(byte[] file) {
    Sturdy.reads("x.dcm", () -> Dicom.header("x.dcm", file));
    Sturdy.reads("x.dcm", () -> Dicom.read("x.dcm", file));
  }
}
