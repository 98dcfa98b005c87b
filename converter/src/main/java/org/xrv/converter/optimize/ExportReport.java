package org.xrv.converter.optimize;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.modelpackage.PackageParity;

/**
 * What an export is worth: its differences from the original, its time and its size. It is the
 * export's parity.json.
 *
 * @param reference what computed the original's outputs
 * @param other what computed the export's
 * @param inputs what both were given, in words
 * @param networks what was done to each, by file name
 * @param timings empty when nothing was timed
 * @param threads that were timed with
 * @param rounds that were timed
 */
public record ExportReport(
    Variant variant,
    String reference,
    String other,
    String inputs,
    Map<String, Network> networks,
    List<Difference> differences,
    List<Timing> timings,
    int threads,
    int rounds) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /**
   * One file.
   *
   * @param sourceSha256 digest of the original
   * @param sourceBytes size of the original
   * @param sha256 digest of the export
   * @param bytes size of the export
   * @param passes what each pass did
   * @param outsideFloat16 largest magnitude of each weight and value that float16 cannot hold
   * @param vanishingInFloat16 number of weights that become 0 in float16
   * @param keptFloat32 nodes that stay in float32 for that
   */
  public record Network(
      String sourceSha256,
      long sourceBytes,
      String sha256,
      long bytes,
      List<Optimizer.Step> passes,
      Map<String, Double> outsideFloat16,
      long vanishingInFloat16,
      List<String> keptFloat32) {
    public Network {
      passes = List.copyOf(passes);
      keptFloat32 = List.copyOf(keptFloat32);
    }
  }

  public ExportReport {
    networks = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(networks));
    differences = List.copyOf(differences);
    timings = List.copyOf(timings);
  }

  /** The largest relative difference; NaN when there is none, or something is no number. */
  public double worst() {
    return org.xrv.converter.verify.Difference.worst(
        differences.stream().mapToDouble(Difference::maxRelative));
  }

  public boolean passed() {
    return worst() < variant.limit();
  }

  /**
   * Refuses a report that did not pass.
   *
   * @throws ProblemException PARITY, naming what differs
   */
  public void require() {
    if (!passed()) {
      String differing =
          differences.stream()
              .filter(d -> !(d.maxRelative() < variant.limit()))
              .map(
                  d ->
                      String.format(
                          Locale.ROOT,
                          "%s of %s by %.2e relative",
                          d.output(),
                          d.network(),
                          d.maxRelative()))
              .distinct()
              .collect(Collectors.joining(", "));
      throw new ProblemException(
          ProblemKind.PARITY,
          String.format(
              Locale.ROOT,
              "the variant '%s' differs from the original: %s; the limit is %.0e; nothing was"
                  + " exported",
              variant.words(),
              differing,
              variant.limit()));
    }
  }

  /** As a JSON document. */
  public String toJson() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("format", 1);
    document.put("variant", variant.words());
    document.put("reference", reference);
    document.put("other", other);
    document.put("inputs", inputs);
    document.put("limit", variant.limit());
    document.put("worst", worst());
    document.put("passed", passed());
    document.put("comparisons", differences);
    Map<String, String> files = new TreeMap<>();
    networks.forEach((name, network) -> files.put(name, PackageParity.PREFIX + network.sha256()));
    document.put("files", files);
    document.put("networks", networks);
    document.put(
        "millisecondsPerImage", Map.of("threads", threads, "rounds", rounds, "timings", timings));
    try {
      return JSON.writeValueAsString(document) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
