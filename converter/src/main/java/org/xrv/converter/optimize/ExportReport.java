package org.xrv.converter.optimize;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.xrv.converter.verify.ParityReport;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.JsonText;

/**
 * What an export is worth: its differences from the original, its time and its size. It is the
 * export's parity.json.
 *
 * @param parity the differences, and digests of all files of the export
 * @param inputs what both were given, in words
 * @param networks what was done to each, by file name
 * @param timings empty when nothing was timed
 * @param threads that were timed with
 * @param rounds that were timed
 */
public record ExportReport(
    Variant variant,
    ParityReport parity,
    String inputs,
    Map<String, Network> networks,
    List<Timing> timings,
    int threads,
    int rounds) {

  /**
   * One network. Weights that are kept beside an ONNX file count with it.
   *
   * @param sourceFiles digests of the original's files by name
   * @param sourceBytes size of the original
   * @param files digests of the export's files by name
   * @param bytes size of the export
   * @param passes what each pass did
   * @param outsideFloat16 largest magnitude of each weight and value that float16 cannot hold
   * @param vanishingInFloat16 number of weights that become 0 in float16
   * @param keptFloat32 nodes that stay in float32 for that
   */
  public record Network(
      Map<String, String> sourceFiles,
      long sourceBytes,
      Map<String, String> files,
      long bytes,
      List<Optimizer.Step> passes,
      Map<String, Double> outsideFloat16,
      long vanishingInFloat16,
      List<String> keptFloat32) {
    public Network {
      sourceFiles = Collections.unmodifiableMap(new LinkedHashMap<>(sourceFiles));
      files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
      passes = List.copyOf(passes);
      keptFloat32 = List.copyOf(keptFloat32);
    }
  }

  public ExportReport {
    networks = Collections.unmodifiableMap(new LinkedHashMap<>(networks));
    timings = List.copyOf(timings);
  }

  /**
   * Refuses a report that did not pass.
   *
   * @throws ProblemException PARITY, naming what differs
   */
  public void require() {
    if (!parity.passed()) {
      throw new ProblemException(
          ProblemKind.PARITY,
          String.format(
              Locale.ROOT,
              "the variant '%s' differs from the original: %s",
              variant.words(),
              parity.differing()));
    }
  }

  /** As a JSON document. */
  public String toJson() {
    Map<String, Object> document = parity.document();
    document.put("variant", variant.words());
    document.put("inputs", inputs);
    document.put("networks", networks);
    document.put(
        "millisecondsPerImage", Map.of("threads", threads, "rounds", rounds, "timings", timings));
    return JsonText.of(document);
  }
}
