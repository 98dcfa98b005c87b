package org.xrv.converter.verify;

import java.nio.file.Path;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.core.graph.Graph;
import org.xrv.core.tensor.NamedTensors;

/**
 * ONNX Runtime on a file's nodes as they are written, without its optimizations: the reference
 * where no other runtime is at hand. It shows what the optimizer does to a network, not what the
 * kernels have in common.
 *
 * @param file which is run, whatever graph is asked for
 */
public record PlainOnnxRuntime(Path file) implements ParityRuntime {
  @Override
  public String name() {
    return "ONNX Runtime " + OnnxRunner.version() + " without optimizations";
  }

  @Override
  public Session open(Graph graph, NamedTensors weights) {
    return OnnxRuntimeParity.session(
        graph, OnnxRunner.open(file, Parity.THREADS, OnnxRunner.Optimization.NONE));
  }
}
