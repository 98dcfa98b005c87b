package org.xrv.converter.verify;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xrv.converter.onnx.OnnxWriter;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.core.graph.Graph;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/** ONNX Runtime on the ONNX file that the graph becomes. */
public final class OnnxRuntimeParity implements ParityRuntime {
  @Override
  public String name() {
    return "ONNX Runtime " + OnnxRunner.version();
  }

  @Override
  public Session open(Graph graph, NamedTensors weights) {
    return session(
        graph, OnnxRunner.open(graph.name(), OnnxWriter.bytes(graph, weights), Parity.THREADS));
  }

  static Session session(Graph graph, OnnxRunner runner) {
    return new Session() {
      @Override
      public List<FloatTensor> run(List<FloatTensor> inputs) {
        return OnnxRuntimeParity.run(graph, runner, inputs);
      }

      @Override
      public void close() {
        runner.close();
      }
    };
  }

  /** The outputs in the graph's order for inputs in the graph's order. */
  static List<FloatTensor> run(Graph graph, OnnxRunner runner, List<FloatTensor> inputs) {
    Map<String, FloatTensor> named = new LinkedHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      named.put(graph.inputs().get(i).name(), inputs.get(i));
    }
    Map<String, FloatTensor> outputs = runner.run(named);
    List<FloatTensor> inOrder = new ArrayList<>();
    graph.outputs().forEach(name -> inOrder.add(outputs.get(name)));
    return inOrder;
  }
}
