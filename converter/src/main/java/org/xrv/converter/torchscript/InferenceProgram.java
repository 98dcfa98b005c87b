package org.xrv.converter.torchscript;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Parameter;
import org.xrv.core.graph.ValueInfo;

/**
 * A compiled program that runs a graph.
 *
 * <p>Method {@code run(x0, x1, ..., w)} returns the list of outputs. Method {@code gradient(x0,
 * w)}, for graphs with one float input, returns the first output and the gradient of its sum with
 * respect to the input.
 *
 * @param archive the TorchScript archive
 * @param parameters in the order of the argument list w, which is left out when there are none
 */
@SuppressWarnings("ArrayRecordComponent") // the archive is handed to the loader as it is
public record InferenceProgram(byte[] archive, List<Parameter> parameters) {
  public InferenceProgram {
    parameters = List.copyOf(parameters);
  }

  public static InferenceProgram compile(Graph graph, Precision precision) {
    List<Parameter> parameters = List.copyOf(graph.parameters().values());
    StringBuilder methods = new StringBuilder(method(graph, parameters, precision, false));
    if (graph.inputs().size() == 1) {
      methods.append(method(graph, parameters, precision, true));
    }
    return new InferenceProgram(TorchScriptArchive.of(methods.toString()), parameters);
  }

  private static String method(
      Graph graph, List<Parameter> parameters, Precision precision, boolean gradient) {
    ScriptWriter script = new ScriptWriter(Numerics.of(precision), false);
    List<String> arguments = new ArrayList<>();
    for (ValueInfo input : graph.inputs()) {
      String argument = "x" + arguments.size();
      arguments.add(argument + ": Tensor");
      script.bind(input.name(), argument);
    }
    if (!parameters.isEmpty()) {
      arguments.add("w: List[Tensor]");
      for (int i = 0; i < parameters.size(); i++) {
        script.bind(parameters.get(i).name(), "w[" + i + "]");
      }
    }
    if (gradient) {
      script.line("leaf = torch.requires_grad_(torch.detach(x0))");
      script.bind(graph.input().name(), "leaf");
    }
    script.graph(graph);
    List<String> outputs =
        graph.outputs().stream()
            .map(script::value)
            .map(new TypeScript(Numerics.of(precision))::stored)
            .toList();
    if (gradient) {
      script.line("grads = torch.autograd.grad([torch.sum(" + outputs.get(0) + ")], [leaf])");
      script.line("grad = unchecked_cast(Tensor, grads[0])");
      outputs = List.of("torch.detach(" + outputs.get(0) + ")", "grad");
    }
    return "  def "
        + (gradient ? "gradient" : "run")
        + "(self: __torch__.Net,\n    "
        + String.join(",\n    ", arguments)
        + ") -> List[Tensor]:\n"
        + script.text()
        + outputs.stream().collect(Collectors.joining(", ", "    return [", "]\n"));
  }
}
