package org.xrv.converter.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * How far two runtimes are apart.
 *
 * @param reference the runtime that the errors are relative to
 * @param other the runtime that was compared with it
 * @param limit that no relative error may reach
 */
public record ParityReport(
    String reference, String other, double limit, List<Comparison> comparisons) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** What the toolkit demands of the models that it exports. */
  public static final double LIMIT = 1e-4;

  /**
   * One output of one network on one batch.
   *
   * @param network the graph's name, or the file's
   * @param batch number of inputs in the batch
   * @param maxAbsolute largest difference between two elements
   * @param maxRelative that, divided by the largest magnitude of the reference's output
   */
  public record Comparison(
      String network, String output, int batch, double maxAbsolute, double maxRelative) {}

  public ParityReport {
    comparisons = List.copyOf(comparisons);
  }

  /** The largest relative error; NaN when there is nothing to compare or something is no number. */
  public double worst() {
    double worst = comparisons.isEmpty() ? Double.NaN : 0;
    for (Comparison c : comparisons) {
      worst = c.maxRelative() <= worst ? worst : c.maxRelative(); // NaN stays
    }
    return worst;
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
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("format", 1);
    document.put("reference", reference);
    document.put("other", other);
    document.put("limit", limit);
    document.put("worst", worst());
    document.put("passed", passed());
    document.put("comparisons", comparisons);
    try {
      return JSON.writeValueAsString(document) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
