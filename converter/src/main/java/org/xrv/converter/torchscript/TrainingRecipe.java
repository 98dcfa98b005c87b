package org.xrv.converter.torchscript;

/**
 * What a step minimises, and how.
 *
 * @param clipNorm the gradient of all parameters together is scaled down to this Euclidean norm
 *     when it is longer (Pascanu, Mikolov and Bengio 2013); 0 for no limit
 * @param averageDecay beside the weights runs their exponential moving average, of which at step t
 *     a share of min(averageDecay, (1 + t) / (10 + t)) stays (Polyak and Juditsky 1992; the start
 *     as in TensorFlow's ExponentialMovingAverage); 0 for none
 * @param parts into how many parts of equal size a batch is cut. Gradients are summed in the order
 *     of the parts; BatchNorm uses each part's own statistics, and its running statistics become
 *     the mean of what each part makes of them. Parts may be computed one after another, to save
 *     memory, or at the same time on several devices: the numbers are the same
 */
public record TrainingRecipe(
    Loss loss, Adam adam, double clipNorm, double averageDecay, int parts) {
  public TrainingRecipe {
    if (!(clipNorm >= 0) || !(averageDecay >= 0 && averageDecay < 1) || parts < 1) {
      throw new IllegalArgumentException(
          "clip norm " + clipNorm + ", average decay " + averageDecay + ", parts " + parts);
    }
  }

  /** A whole batch at once, no clipping, no average. */
  public static TrainingRecipe of(Loss loss, Adam adam) {
    return new TrainingRecipe(loss, adam, 0, 0, 1);
  }

  public boolean averaged() {
    return averageDecay > 0;
  }

  public TrainingRecipe withClipNorm(double norm) {
    return new TrainingRecipe(loss, adam, norm, averageDecay, parts);
  }

  public TrainingRecipe withAverageDecay(double decay) {
    return new TrainingRecipe(loss, adam, clipNorm, decay, parts);
  }

  public TrainingRecipe withParts(int count) {
    return new TrainingRecipe(loss, adam, clipNorm, averageDecay, count);
  }
}
