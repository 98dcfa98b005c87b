package org.xrv.converter.verify;

import java.util.Map;
import org.xrv.converter.onnx.Widening;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.converter.onnxruntime.WideTensor;
import org.xrv.core.graph.Graph;
import org.xrv.core.tensor.NamedTensors;

/**
 * A graph in float64 on ONNX Runtime. Slower than float32 by a factor of ten or so; what it
 * computes is exact enough to be measured by.
 */
public final class WideSession implements AutoCloseable {
  private final OnnxRunner runner;

  private WideSession(OnnxRunner runner) {
    this.runner = runner;
  }

  /**
   * Loads a graph.
   *
   * @throws org.xrv.core.error.ProblemException BAD_DATA when an op has no float64 form in ONNX
   *     Runtime
   */
  public static WideSession open(Graph graph, NamedTensors weights, int threads) {
    return new WideSession(
        OnnxRunner.open(
            graph.name() + " in float64", Widening.bytes(MatrixForm.of(graph), weights), threads));
  }

  /** The float outputs by name. */
  public Map<String, WideTensor> run(Map<String, WideTensor> inputs, Map<String, long[]> indices) {
    return runner.runWide(inputs, indices);
  }

  @Override
  public void close() {
    runner.close();
  }
}
