package org.xrv.converter.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.xrv.converter.onnx.OnnxFacts;
import org.xrv.converter.onnx.OnnxReader;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.Digests;
import org.xrv.core.modelpackage.PackageParity;

/**
 * How far two runtimes are apart.
 *
 * @param reference the runtime that the errors are relative to
 * @param other the runtime that was compared with it
 * @param limit that no relative error may reach
 * @param files SHA-256 of the files that were compared, by their names; empty when nothing lies in
 *     a file
 */
public record ParityReport(
    String reference,
    String other,
    double limit,
    List<Comparison> comparisons,
    Map<String, String> files) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** What the toolkit demands of the models that it exports. */
  public static final double LIMIT = 1e-4;

  /**
   * One output of one network on one batch.
   *
   * @param network the graph's name, or the file's
   * @param runtime what was compared with the reference
   * @param batch number of inputs in the batch
   * @param maxAbsolute largest difference between two elements
   * @param maxRelative that, divided by the largest magnitude of the reference's output
   * @param meanAbsolute mean of the differences
   * @param cosine of the angle between both outputs as vectors
   */
  public record Comparison(
      String network,
      String output,
      String runtime,
      int batch,
      double maxAbsolute,
      double maxRelative,
      double meanAbsolute,
      double cosine) {
    static Comparison of(
        String network, String output, String runtime, int batch, Difference difference) {
      return new Comparison(
          network,
          output,
          runtime,
          batch,
          difference.maxAbsolute(),
          difference.maxRelative(),
          difference.meanAbsolute(),
          difference.cosine());
    }
  }

  public ParityReport {
    comparisons = List.copyOf(comparisons);
    files = Collections.unmodifiableMap(new TreeMap<>(files));
  }

  /** One that speaks of no files. */
  public ParityReport(String reference, String other, double limit, List<Comparison> comparisons) {
    this(reference, other, limit, comparisons, Map.of());
  }

  /**
   * This report with the digests of files as they are now, by their plain names, and of the files
   * that hold the weights of those that keep them outside.
   */
  public ParityReport about(List<Path> compared) {
    Map<String, String> digests = new TreeMap<>();
    for (Path file : compared) {
      digests.put(file.getFileName().toString(), PackageParity.PREFIX + Digests.sha256(file));
      for (String outside : external(file)) {
        digests.put(outside, PackageParity.PREFIX + Digests.sha256(file.resolveSibling(outside)));
      }
    }
    return new ParityReport(reference, other, limit, comparisons, digests);
  }

  private static Set<String> external(Path file) {
    return file.toString().endsWith(".onnx")
        ? OnnxReader.facts(file).weights().stream()
            .map(OnnxFacts.Weight::external)
            .filter(location -> !location.isEmpty())
            .collect(Collectors.toCollection(TreeSet::new))
        : Set.of();
  }

  /** The largest relative error; NaN when there is nothing to compare or something is no number. */
  public double worst() {
    return Difference.worst(comparisons.stream().mapToDouble(Comparison::maxRelative));
  }

  public boolean passed() {
    return worst() < limit;
  }

  /**
   * Refuses a report that did not pass.
   *
   * @throws ProblemException PARITY, naming what differs
   */
  public void require() {
    if (!passed()) {
      throw new ProblemException(
          ProblemKind.PARITY,
          reference
              + " and "
              + other
              + " disagree: "
              + comparisons.stream()
                  .filter(c -> !(c.maxRelative() < limit))
                  .map(
                      c ->
                          String.format(
                              Locale.ROOT,
                              "%s of %s by %.2e relative",
                              c.output(),
                              c.network(),
                              c.maxRelative()))
                  .collect(Collectors.joining(", "))
              + String.format(Locale.ROOT, "; the limit is %.0e; nothing was exported", limit));
    }
  }

  /** As a JSON document. */
  public String toJson() {
    try {
      return JSON.writeValueAsString(document()) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As the parts of a JSON document. */
  public Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("format", 1);
    document.put("reference", reference);
    document.put("other", other);
    document.put("limit", limit);
    document.put("worst", worst());
    document.put("passed", passed());
    if (!files.isEmpty()) {
      document.put("files", files);
    }
    document.put("comparisons", comparisons);
    return document;
  }
}
