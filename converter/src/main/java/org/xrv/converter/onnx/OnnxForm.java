package org.xrv.converter.onnx;

import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * How a graph is written as ONNX.
 *
 * @param opset the operator set, from {@link #OLDEST} to {@link #NEWEST}
 * @param externalAbove when the weights take more bytes than this, they are written to a file
 *     beside the model; at most {@link #IN_ONE_FILE}
 */
public record OnnxForm(int opset, long externalAbove) {
  /** The operator set whose meaning {@link org.xrv.core.graph.Op} has. */
  public static final int DEFAULT = 17;

  /** From here on shapes, axes and bounds are inputs as they are today. */
  public static final int OLDEST = 13;

  /** The newest that ONNX Runtime 1.29 has whole. */
  public static final int NEWEST = 26;

  /** Of weights: a protobuf message ends at 2 GiB, and the graph needs some of it. */
  public static final long IN_ONE_FILE = Integer.MAX_VALUE - (64L << 20);

  public OnnxForm {
    if (opset < OLDEST || opset > NEWEST) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "opset " + opset + ": opsets " + OLDEST + " to " + NEWEST + " can be written");
    }
    if (externalAbove < 0 || externalAbove > IN_ONE_FILE) {
      throw new IllegalArgumentException("external above " + externalAbove);
    }
  }

  /** One file where that is possible. */
  public static OnnxForm opset(int opset) {
    return new OnnxForm(opset, IN_ONE_FILE);
  }

  /** The weights in a file beside the model, whatever their size. */
  public OnnxForm withExternalWeights() {
    return new OnnxForm(opset, 0);
  }

  /** The first version of the file format that came with the operator set. */
  int irVersion() {
    if (opset < 15) {
      return 7;
    } else if (opset < 19) {
      return 8;
    } else if (opset < 21) {
      return 9;
    } else if (opset < 23) {
      return 10;
    }
    return opset == 23 ? 11 : opset == 24 ? 12 : 13;
  }
}
