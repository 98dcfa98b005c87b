package org.xrv.converter.verify;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.JsonText;

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
    public static Comparison of(
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

  /** This report with the digests of files as they are now, see {@link FileDigests}. */
  public ParityReport about(List<Path> compared) {
    return about(FileDigests.of(compared));
  }

  /** This report with digests by the names of files. */
  public ParityReport about(Map<String, String> digests) {
    return new ParityReport(reference, other, limit, comparisons, digests);
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
          ProblemKind.PARITY, reference + " and " + other + " disagree: " + differing());
    }
  }

  /** What is beyond the limit, in words. */
  public String differing() {
    return comparisons.stream()
            .filter(c -> !(c.maxRelative() < limit))
            .map(
                c ->
                    String.format(
                        Locale.ROOT,
                        "%s of %s by %.2e relative",
                        c.output(),
                        c.network(),
                        c.maxRelative()))
            .distinct()
            .collect(Collectors.joining(", "))
        + String.format(Locale.ROOT, "; the limit is %.0e; nothing was exported", limit);
  }

  /** As a JSON document. */
  public String toJson() {
    return JsonText.of(document());
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
