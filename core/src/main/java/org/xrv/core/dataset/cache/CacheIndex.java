package org.xrv.core.dataset.cache;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.xrv.core.dataset.Finding;
import org.xrv.core.dataset.LabelMap;
import org.xrv.core.dataset.Sample;

/**
 * The file index.bin: samples, which masks there are, and where both lie. Every text but the ids is
 * stored once and every set of labels too, in the file as in memory: 600,000 samples take about 80
 * MB and half a second.
 */
final class CacheIndex {
  static final String FILE = "index.bin";
  private static final int MAGIC = 0x58525649; // XRVI
  private final List<Sample> samples;
  private final long[] masks;
  private final Map<String, Integer> targets;
  private final int[] positions;

  private CacheIndex(
      List<Sample> samples, long[] masks, Map<String, Integer> targets, int[] positions) {
    this.samples = samples;
    this.masks = masks;
    this.targets = targets;
    this.positions = positions;
  }

  List<Sample> samples() {
    return samples;
  }

  /** How many masks there are. */
  int masks() {
    return masks.length;
  }

  /** Whether every image and mask lies where a test says that something does. */
  boolean lies(IntPredicate there) {
    return Arrays.stream(positions).allMatch(there);
  }

  /** Where a sample's image lies; see {@link ShardSeries#position}. */
  int image(int sample) {
    return positions[sample];
  }

  /** Where the mask of a sample and a target lies; negative when there is none. */
  int mask(int sample, String target) {
    Integer number = targets.get(target);
    int mask = number == null ? -1 : Arrays.binarySearch(masks, key(sample, number));
    return mask < 0 ? -1 : positions[samples.size() + mask];
  }

  private static long key(int sample, int target) {
    return ((long) sample << Integer.SIZE) | target;
  }

  /**
   * The file's bytes, the same for the same samples.
   *
   * @param masks by sample, then target
   * @param positions of the images, then of the masks
   */
  static byte[] encode(List<Sample> samples, List<MaskItem> masks, int[] positions) {
    Map<String, Integer> texts = new LinkedHashMap<>();
    // Targets first and sorted, so that masks in order have keys in order.
    TreeSet<String> targets = new TreeSet<>();
    masks.forEach(m -> targets.add(m.target()));
    targets.forEach(t -> texts.put(t, texts.size()));
    Map<LabelMap, Integer> labels = new LinkedHashMap<>();
    for (Sample sample : samples) {
      for (String text :
          List.of(sample.dataset(), sample.view(), sample.patient(), sample.split())) {
        texts.putIfAbsent(text, texts.size());
      }
      if (labels.putIfAbsent(LabelMap.of(sample.labels()), labels.size()) == null) {
        sample.labels().keySet().forEach(t -> texts.putIfAbsent(t, texts.size()));
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      out.writeInt(texts.size());
      for (String text : texts.keySet()) {
        write(out, text);
      }
      out.writeInt(labels.size());
      for (LabelMap map : labels.keySet()) {
        out.writeInt(map.size());
        for (Map.Entry<String, Finding> label : map.entrySet()) {
          out.writeInt(texts.get(label.getKey()));
          out.writeByte(code(label.getValue()));
        }
      }
      out.writeInt(samples.size());
      for (Sample sample : samples) {
        out.writeInt(texts.get(sample.dataset()));
        out.writeInt(texts.get(sample.view()));
        out.writeInt(texts.get(sample.patient()));
        out.writeInt(texts.get(sample.split()));
        out.writeInt(labels.get(LabelMap.of(sample.labels())));
        write(out, sample.id());
      }
      out.writeInt(masks.size());
      for (MaskItem mask : masks) {
        out.writeInt(mask.sample());
        out.writeInt(texts.get(mask.target()));
      }
      for (int position : positions) {
        out.writeInt(position);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @param size of the file in bytes
   * @throws IllegalArgumentException when the bytes are something else
   */
  static CacheIndex decode(InputStream file, long size) throws IOException {
    IndexInput in = new IndexInput(file, size);
    try {
      if (in.number() != MAGIC) {
        throw new IllegalArgumentException("not an index");
      }
      String[] texts = new String[in.count()];
      for (int i = 0; i < texts.length; i++) {
        texts[i] = in.text();
      }
      LabelMap[] labels = new LabelMap[in.count()];
      for (int i = 0; i < labels.length; i++) {
        labels[i] = labels(in, texts);
      }
      int all = in.count();
      List<Sample> samples = new ArrayList<>(all);
      for (int i = 0; i < all; i++) {
        String dataset = texts[in.number()];
        String view = texts[in.number()];
        String patient = texts[in.number()];
        String split = texts[in.number()];
        LabelMap findings = labels[in.number()];
        samples.add(new Sample(dataset, in.text(), patient, view, findings, split));
      }
      long[] masks = new long[in.count()];
      Map<String, Integer> targets = new TreeMap<>();
      for (int i = 0; i < masks.length; i++) {
        int sample = in.number();
        int target = in.number();
        masks[i] = key(sample, target);
        targets.put(texts[target], target);
      }
      int[] positions = new int[samples.size() + masks.length];
      for (int i = 0; i < positions.length; i++) {
        positions[i] = in.number();
      }
      return new CacheIndex(
          java.util.Collections.unmodifiableList(samples), masks, targets, positions);
    } catch (EOFException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("not an index", e);
    }
  }

  private static LabelMap labels(IndexInput in, String[] texts) throws IOException {
    Map<String, Finding> labels = new TreeMap<>();
    for (int n = in.count(); n > 0; n--) {
      String target = texts[in.number()];
      labels.put(target, finding(in.octet()));
    }
    return LabelMap.of(labels);
  }

  private static byte code(Finding finding) {
    return (byte)
        switch (finding) {
          case PRESENT -> '+';
          case ABSENT -> '-';
          case UNKNOWN -> '?';
        };
  }

  private static Finding finding(byte code) {
    return switch (code) {
      case '+' -> Finding.PRESENT;
      case '-' -> Finding.ABSENT;
      case '?' -> Finding.UNKNOWN;
      default -> throw new IllegalArgumentException("not an index");
    };
  }
}
