package org.xrv.trainer.task;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.xrv.converter.torchscript.Loss;
import org.xrv.core.architecture.Initialization;
import org.xrv.core.architecture.ResNetAutoencoder;
import org.xrv.core.graph.Graph;
import org.xrv.core.image.GrayImage;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.trainer.data.Batch;
import org.xrv.trainer.log.Pictures;

/**
 * Reproducing the input.
 *
 * @param meanImage the mean training image [1, 1, R, R], which a useful model beats
 */
public record AutoencoderTask(
    ResNetAutoencoder architecture,
    Loss loss,
    Initialization initialization,
    long seed,
    FloatTensor meanImage)
    implements Task {
  public static final String MAE = "mae";
  public static final String MSE = "mse";

  /** The sum of both, the published loss. */
  public static final String ELASTIC = "elastic";

  /** What can say which checkpoint is best. */
  public static final List<String> RANKING = List.of(MAE, MSE, ELASTIC);

  /** A network that has learnt nothing, but gives values of images, is at 1 to 3. */
  private static final double FAR = 10;

  public static final String MEAN_IMAGE_MAE = "meanImageMae";
  public static final String MEAN_IMAGE_MSE = "meanImageMse";

  @Override
  public Graph graph() {
    return architecture.autoencoder();
  }

  @Override
  public NamedTensors firstWeights() {
    return initialization.weights(graph(), seed);
  }

  @Override
  public FloatTensor target(Batch batch) {
    return batch.images();
  }

  @Override
  public long lossElements(FloatTensor target) {
    return target.data().length;
  }

  /**
   * Mean absolute and mean squared error over pixels of [-1024, 1024], of the model and of the mean
   * image.
   */
  @Override
  public Validation validation() {
    return new Errors();
  }

  @Override
  public Optional<String> doubt(Map<String, Double> metrics) {
    double times = metrics.get(MAE) / metrics.get(MEAN_IMAGE_MAE);
    return times > FAR
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "the validation MAE of %.4g is %.4g times that of the mean image",
                metrics.get(MAE),
                times))
        : Optional.empty();
  }

  @Override
  public double score(Map<String, Double> metrics, String best) {
    return best.equals(ELASTIC) ? metrics.get(MSE) + metrics.get(MAE) : metrics.get(best);
  }

  @Override
  public void illustrate(Path file, List<Batch> examples, UnaryOperator<FloatTensor> predict) {
    List<List<GrayImage>> rows = new ArrayList<>();
    for (Batch batch : examples) {
      rows.add(images(batch.images()));
      rows.add(images(predict.apply(batch.images())));
    }
    if (!rows.isEmpty()) {
      Pictures.write(file, rows);
    }
  }

  private static List<GrayImage> images(FloatTensor tensor) {
    int side = tensor.shape().dim(-1);
    List<GrayImage> images = new ArrayList<>();
    for (int i = 0; i < tensor.shape().dim(0); i++) {
      images.add(
          new GrayImage(
              side,
              side,
              Arrays.copyOfRange(tensor.data(), i * side * side, (i + 1) * side * side)));
    }
    return images;
  }

  private final class Errors implements Validation {
    private double absolute;
    private double squared;
    private double meanAbsolute;
    private double meanSquared;
    private long count;

    @Override
    public void add(Batch batch, FloatTensor output) {
      float[] x = batch.images().data();
      float[] y = output.data();
      float[] mean = meanImage.data();
      for (int i = 0; i < x.length; i++) {
        double d = x[i] - (double) y[i];
        absolute += Math.abs(d);
        squared += d * d;
        double m = x[i] - (double) mean[i % mean.length];
        meanAbsolute += Math.abs(m);
        meanSquared += m * m;
      }
      count += x.length;
    }

    @Override
    public Map<String, Double> metrics() {
      Map<String, Double> metrics = new LinkedHashMap<>();
      metrics.put(MAE, absolute / count);
      metrics.put(MSE, squared / count);
      metrics.put(MEAN_IMAGE_MAE, meanAbsolute / count);
      metrics.put(MEAN_IMAGE_MSE, meanSquared / count);
      return metrics;
    }
  }
}
