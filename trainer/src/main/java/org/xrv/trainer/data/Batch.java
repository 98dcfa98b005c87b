package org.xrv.trainer.data;

import java.util.List;
import org.xrv.core.dataset.Sample;
import org.xrv.core.tensor.FloatTensor;

/**
 * What one step sees.
 *
 * @param samples one for each image
 * @param images [N, 1, R, R], pixels in [-1024, 1024], augmented where the loader was told to
 */
public record Batch(List<Sample> samples, FloatTensor images) {
  public Batch {
    samples = List.copyOf(samples);
    if (samples.size() != images.shape().dim(0)) {
      throw new IllegalArgumentException(samples.size() + " samples, images " + images.shape());
    }
  }

  public int size() {
    return samples.size();
  }
}
