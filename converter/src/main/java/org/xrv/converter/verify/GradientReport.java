package org.xrv.converter.verify;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.JsonText;

/**
 * What was found of a gradient file.
 *
 * @param runtime that ran it
 * @param derived the output that the gradient is of
 * @param variable the input that it is with respect to
 * @param guided whether negative gradients are stopped, so that it is no derivative
 * @param directions the float64 derivative against central differences; with {@code guided}, of the
 *     same networks' plain gradient
 * @param valueError largest difference of an output between the file and float64, relative to the
 *     output's largest magnitude; of a probability as it is
 * @param cosine the least, over the samples, between the file's gradient and the float64 one
 * @param batchCosine the least between a sample's gradient in a batch and alone
 * @param normError the most, over the samples, by which the length of the file's gradient differs
 *     from the float64 one's, relative
 * @param files SHA-256 of the file by its name
 */
public record GradientReport(
    String runtime,
    String derived,
    String variable,
    boolean guided,
    List<Direction> directions,
    double valueError,
    double cosine,
    double batchCosine,
    double normError,
    Map<String, String> files) {
  /** Central differences of float64 are at least as good as this. */
  public static final double DIRECTION_LIMIT = 1e-4;

  /** As much of a gradient may hide in the rounding of the differences. */
  public static final double ROUNDING_LIMIT = 0.05;

  /**
   * What float32 must reach. Not closer to 1: on badly conditioned networks two correct runtimes
   * differ by some percent, since gates of ReLUs flip.
   */
  public static final double COSINE_LIMIT = 0.99;

  /** Of the length, for the same reason. */
  public static final double NORM_LIMIT = 0.1;

  /**
   * One direction in the space of the input.
   *
   * @param name what it is
   * @param derivative by the gradient, of a step of length 1
   * @param difference by central differences
   * @param step length of the step that was taken to both sides
   * @param error relative
   * @param rounding what the last digits of the two values may add to the error: much where a
   *     prediction hardly changes, as near 0 and 1
   */
  public record Direction(
      String name,
      double derivative,
      double difference,
      double step,
      double error,
      double rounding) {
    /** Whether the error is small, or no more than rounding explains, as long as that is little. */
    boolean holds() {
      return error < DIRECTION_LIMIT + (rounding < ROUNDING_LIMIT ? rounding : 0);
    }
  }

  public GradientReport {
    directions = List.copyOf(directions);
    files = Map.copyOf(files);
  }

  /** This report with digests by the names of files, see {@link FileDigests}. */
  public GradientReport about(Map<String, String> digests) {
    return new GradientReport(
        runtime,
        derived,
        variable,
        guided,
        directions,
        valueError,
        cosine,
        batchCosine,
        normError,
        digests);
  }

  /** The worst direction's relative error; NaN when none was tried. */
  public double worst() {
    return Difference.worst(directions.stream().mapToDouble(Direction::error));
  }

  public boolean passed() {
    return !directions.isEmpty()
        && directions.stream().allMatch(Direction::holds)
        && valueError < ParityReport.LIMIT
        && cosine > COSINE_LIMIT
        && batchCosine > COSINE_LIMIT
        && normError < NORM_LIMIT;
  }

  /**
   * Refuses a report that did not pass.
   *
   * @throws ProblemException PARITY, naming what differs
   */
  public void require() {
    if (!passed()) {
      throw new ProblemException(
          ProblemKind.PARITY, "the gradient is not proven: " + summary() + "; nothing was written");
    }
  }

  /** In one line. */
  public String summary() {
    return String.format(
        Locale.ROOT,
        "central differences in float64 %.1e (limit %.0e%s), outputs in float32 %.1e (limit %.0e),"
            + " cosine to the float64 gradient %.6f and of batch to single %.6f (limit %.2f), its"
            + " length within %.1e (limit %.1f)",
        worst(),
        DIRECTION_LIMIT,
        worst() < DIRECTION_LIMIT ? "" : " beyond their rounding",
        valueError,
        ParityReport.LIMIT,
        cosine,
        batchCosine,
        COSINE_LIMIT,
        normError,
        NORM_LIMIT);
  }

  /** As a JSON document. */
  public String toJson() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("format", 1);
    document.put("runtime", runtime);
    document.put("derived", derived);
    document.put("variable", variable);
    document.put("guided", guided);
    document.put("passed", passed());
    document.put("files", files);
    document.put("directionLimit", DIRECTION_LIMIT);
    document.put("valueLimit", ParityReport.LIMIT);
    document.put("cosineLimit", COSINE_LIMIT);
    document.put("worstDirection", worst());
    document.put("valueError", valueError);
    document.put("cosine", cosine);
    document.put("batchCosine", batchCosine);
    document.put("normError", normError);
    document.put("directions", directions);
    return JsonText.of(document);
  }
}
