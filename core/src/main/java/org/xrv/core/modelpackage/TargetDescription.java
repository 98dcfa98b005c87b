package org.xrv.core.modelpackage;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Objects;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * What validation says about one target of a classifier. What cannot be told, as there are no
 * positives or no negatives, is null.
 *
 * @param name of the target
 * @param positives images with the finding
 * @param negatives images without it
 * @param unknown images of which nobody knows
 * @param auc area under the ROC curve
 * @param auprc area under the precision-recall curve, as average precision
 * @param operatingPoint from which probability on the finding is called present
 * @param calibration what makes its probabilities hold
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TargetDescription(
    String name,
    long positives,
    long negatives,
    long unknown,
    Double auc,
    Double auprc,
    OperatingPoint operatingPoint,
    Calibration calibration) {

  /**
   * A threshold on the probability that the model's outputs stand for.
   *
   * @param probability t in (0, 1): present where p &gt;= t
   * @param sensitivity share of the positives with p &gt;= t
   * @param specificity share of the negatives with p &lt; t
   */
  public record OperatingPoint(double probability, double sensitivity, double specificity) {
    /** The point that leaves a probability as it is. */
    public static final double NEUTRAL = 0.5;

    public OperatingPoint {
      if (!(probability > 0 && probability < 1)) {
        throw bad("an operating point of " + probability + "; expected one in (0, 1)");
      }
    }
  }

  /**
   * The calibrated probability is that of scale x logit + shift.
   *
   * @param scale of the logit that training gave
   * @param shift added to it
   * @param applied whether the model's outputs are calibrated already
   * @param errorBefore expected calibration error of the logits that training gave, in [0, 1]
   * @param errorAfter the same after calibration, each half of the images being calibrated by the
   *     fit of the other half
   */
  public record Calibration(
      double scale, double shift, boolean applied, double errorBefore, double errorAfter) {}

  public TargetDescription {
    Objects.requireNonNull(name);
    if (positives < 0 || negatives < 0 || unknown < 0) {
      throw bad("'" + name + "' with fewer than 0 images");
    }
  }

  private static ProblemException bad(String what) {
    return new ProblemException(ProblemKind.BAD_DATA, ModelPackage.DESCRIPTION + ": " + what);
  }
}
