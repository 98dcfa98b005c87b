package org.xrv.core.dataset.cache;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.Finding;
import org.xrv.core.dataset.Sample;
import org.xrv.core.io.Digests;

/** A digest of samples: another id, patient, view, label, split or order gives another digest. */
public final class SourceDigest {
  private final MessageDigest digest = Digests.sha256();

  private SourceDigest() {}

  /** SHA-256 in lower-case hexadecimal. */
  public static String of(List<Sample> samples) {
    SourceDigest of = new SourceDigest();
    of.number(samples.size());
    for (Sample sample : samples) {
      of.text(sample.dataset());
      of.text(sample.id());
      of.text(sample.patient());
      of.text(sample.view());
      of.text(sample.split());
      of.number(sample.labels().size());
      for (Map.Entry<String, Finding> label : sample.labels().entrySet()) {
        of.text(label.getKey());
        of.text(label.getValue().name());
      }
    }
    return HexFormat.of().formatHex(of.digest.digest());
  }

  /**
   * Of the sizes of the samples' files: replaced pixels give another digest.
   *
   * @return empty when a size is unknown, so that nothing can be compared
   */
  static String ofFiles(Dataset dataset) {
    SourceDigest of = new SourceDigest();
    for (Sample sample : dataset.samples()) {
      long bytes = dataset.storedBytes(sample);
      if (bytes < 0) {
        return "";
      }
      of.digest.update(ByteBuffer.allocate(Long.BYTES).putLong(bytes).flip());
    }
    return HexFormat.of().formatHex(of.digest.digest());
  }

  /** Whether two digests of sizes do not contradict each other. */
  static boolean sameFiles(String one, String other) {
    return one.isEmpty() || other.isEmpty() || one.equals(other);
  }

  private void number(int value) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(value).flip());
  }

  /** With its length, so that ("ab", "c") is not ("a", "bc"). */
  private void text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    number(bytes.length);
    digest.update(bytes);
  }
}
