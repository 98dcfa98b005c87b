package org.xrv.samediff.build;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.ElementType;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Parameter;
import org.xrv.core.graph.ShapeInference;
import org.xrv.core.graph.ValueInfo;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/**
 * Builds a graph in SameDiff: the values keep their names, so that any of them can be asked for.
 *
 * <p>SameDiff's own import of ONNX files is not used: in 1.0.0-M2.1 it has no ConvTranspose and
 * computes Gemm and AveragePool wrongly without saying so.
 */
public final class SameDiffBuilder {
  private final SameDiff sd = SameDiff.create();
  private final Graph graph;
  private final NamedTensors weights;
  private final Map<String, ValueInfo> infos;
  private final Map<String, SDVariable> values = new HashMap<>();
  private final boolean trainable;
  private int steps;

  private SameDiffBuilder(Graph graph, NamedTensors weights, boolean trainable) {
    weights.requireFor(graph);
    this.graph = graph;
    this.weights = weights;
    this.trainable = trainable;
    this.infos = ShapeInference.infer(graph);
  }

  /**
   * The network with placeholders as inputs, of any batch size, and weights that can be trained on.
   *
   * @throws ProblemException BAD_DATA, naming op and node, for what SameDiff cannot express
   */
  public static SameDiff network(Graph graph, NamedTensors weights) {
    SameDiffBuilder builder = new SameDiffBuilder(graph, weights, true);
    for (ValueInfo input : graph.inputs()) {
      builder.values.put(
          input.name(),
          builder.sd.placeHolder(input.name(), type(graph, input), input.shape().toLongArray()));
    }
    return builder.build();
  }

  /**
   * The network applied to given inputs, which are its only variables: SameDiff differentiates with
   * respect to variables only, not to placeholders.
   */
  static SameDiff at(Graph graph, NamedTensors weights, List<FloatTensor> inputs) {
    SameDiffBuilder builder = new SameDiffBuilder(graph, weights, false);
    graph.inputs().forEach(input -> type(graph, input)); // before there is anything to give back
    for (int i = 0; i < inputs.size(); i++) {
      ValueInfo input = graph.inputs().get(i);
      builder.values.put(input.name(), builder.sd.var(input.name(), Arrays4j.of(inputs.get(i))));
    }
    return builder.build();
  }

  private static DataType type(Graph graph, ValueInfo input) {
    if (input.type() != ElementType.FLOAT) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          graph.name()
              + ": input '"
              + input.name()
              + "' is of type "
              + input.type()
              + "; SameDiff is given float inputs only");
    }
    return DataType.FLOAT;
  }

  /** All nodes, or nothing: what was made before one failed is given back. */
  private SameDiff build() {
    try {
      return nodes();
    } catch (RuntimeException | Error e) {
      Arrays4j.release(sd);
      throw e;
    }
  }

  private SameDiff nodes() {
    for (Node node : graph.nodes()) {
      List<SDVariable> made;
      try {
        made = new NodeBuilder(this, node).build();
      } catch (UnsupportedOperationException e) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            graph.name()
                + ": SameDiff cannot express node '"
                + node.name()
                + "' ("
                + node.op().type()
                + "): "
                + e.getMessage(),
            e);
      }
      for (int i = 0; i < made.size(); i++) {
        values.put(node.outputs().get(i), named(node.outputs().get(i), made.get(i)));
      }
    }
    for (String output : graph.outputs()) {
      if (graph.parameters().containsKey(output)) {
        value(output); // nothing else asked for it
      }
    }
    return sd;
  }

  private SDVariable named(String name, SDVariable made) {
    if (values.containsValue(made)) {
      made = sd.identity(made); // what passes its input on has made nothing that could be renamed
    }
    if (made.name().equals(name)) {
      return made;
    }
    if (sd.hasVariable(name)) {
      // A step within an earlier node, which SameDiff itself has named "add" or the like.
      sd.getVariable(name).rename(name + "/step" + steps++);
    }
    return made.rename(name);
  }

  SameDiff sd() {
    return sd;
  }

  ValueInfo info(String value) {
    return infos.get(value);
  }

  /** The weights of a parameter, or null for a value that is computed. */
  FloatTensor weight(String value) {
    return graph.parameters().containsKey(value) ? weights.get(value) : null;
  }

  SDVariable value(String name) {
    SDVariable known = values.get(name);
    if (known == null) {
      known = parameter(name, name, Arrays4j.of(weights.get(name)));
      values.put(name, known);
    }
    return known;
  }

  /**
   * The filters of a convolution as [kH, kW, second, first], which is how SameDiff differentiates
   * them; a computed value is turned as well.
   */
  SDVariable filters(String name) {
    if (!graph.parameters().containsKey(name)) {
      return sd.permute(value(name), 2, 3, 1, 0);
    }
    String key = name + "\0filters";
    SDVariable known = values.get(key);
    if (known == null) {
      // Under the parameter's own name, unless another layer uses it as it is.
      String own = sd.hasVariable(name) ? name + "/filters" : name;
      INDArray plain = Arrays4j.of(weights.get(name));
      known = parameter(name, own, plain.permute(2, 3, 1, 0).dup('c'));
      plain.close();
      values.put(key, known);
    }
    return known;
  }

  private SDVariable parameter(String name, String own, INDArray array) {
    Parameter p = graph.parameters().get(name);
    String free = sd.hasVariable(own) ? own + "/plain" : own;
    SDVariable made =
        trainable && p.kind().trainable() ? sd.var(free, array) : sd.constant(free, array);
    if (made.getArr(false).data() != array.data()) {
      array.close(); // SameDiff has copied it
    }
    return made;
  }

  /** Numbers that are computed from weights when the network is built. */
  SDVariable constant(FloatTensor tensor) {
    return sd.constant(Arrays4j.of(tensor));
  }
}
