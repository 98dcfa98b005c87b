package org.xrv.converter.optimize;

import org.xrv.converter.onnx.OnnxModel;

/**
 * BatchNorm in inference is a scale and a shift per channel, which a convolution beside it can do
 * with its own weights:
 *
 * <ul>
 *   <li>behind a Conv or ConvTranspose always, if nobody else sees the convolution's result;
 *   <li>before a Conv, if nobody else sees its own result, and the Conv does not pad, or there is
 *       no shift: padding is zero behind the BatchNorm, where a folded one would be the shift.
 * </ul>
 *
 * <p>A BatchNorm before a ConvTranspose stays, as at edges and between strides fewer weights meet
 * than in the middle, so that the shift would be no constant; so does one with a ReLU between it
 * and the Conv, such as the first of each dense layer of a DenseNet. Where scale or shift is not
 * finite (a negative variance), nothing is folded.
 */
public final class FoldBatchNorm implements GraphPass {
  @Override
  public String name() {
    return "BatchNorm folded into convolutions";
  }

  @Override
  public OnnxModel apply(OnnxModel model) {
    OnnxModel now = model;
    OnnxModel before;
    do { // each sweep folds at most one BatchNorm into each convolution
      before = now;
      now = new BatchNormSweep(now).behindConvolutions();
      if (now.graph().nodes().size() == before.graph().nodes().size()) {
        now = new BatchNormSweep(now).beforeConvolutions();
      }
    } while (now.graph().nodes().size() < before.graph().nodes().size());
    return now;
  }
}
