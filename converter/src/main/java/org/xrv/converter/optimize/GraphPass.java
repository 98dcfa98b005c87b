package org.xrv.converter.optimize;

import org.xrv.converter.onnx.OnnxModel;

/**
 * A change of a network that leaves what it computes. The given graph and weights stay as they are;
 * inputs, outputs, their names and the metadata are those of the given graph.
 */
public interface GraphPass {
  /** What it does, in a few words, for the report. */
  String name();

  /** The changed network, or the given one where there is nothing to change. */
  OnnxModel apply(OnnxModel model);
}
