package org.xrv.converter.torchscript;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.ZipOutputStream;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Parameter;
import org.xrv.core.graph.ValueInfo;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.tensor.NamedTensors;

/**
 * A TorchScript archive with its weights, for torch.jit.load in Python and for DJL: a module whose
 * state dict has the names of the parameters, BatchNorm in inference form, one tensor (or a tuple)
 * per method. Inputs and results are float32, [N, C, H, W] for images.
 */
public final class TorchScriptModule {
  /** The method that calling the module runs. */
  public static final String FORWARD = "forward";

  private TorchScriptModule() {}

  /**
   * Writes an archive, all or nothing. The same networks and weights give the same bytes.
   *
   * @param methods graphs by the name of the method; {@link #FORWARD} among them
   * @param weights of all graphs
   * @throws org.xrv.core.error.ProblemException BAD_DATA when weights are missing or misshapen,
   *     DISK
   */
  public static void write(Map<String, Graph> methods, NamedTensors weights, Path file) {
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    methods
        .values()
        .forEach(
            g -> {
              weights.requireFor(g);
              parameters.putAll(g.parameters());
            });
    ModuleTree modules =
        ModuleTree.nested(parameters.values(), methods.keySet())
            .orElseGet(() -> ModuleTree.flat(parameters.values()));
    Map<String, String> expressions = modules.expressions();
    String source =
        methods.entrySet().stream()
            .map(m -> method(m.getKey(), m.getValue(), expressions))
            .collect(Collectors.joining());
    ModulePickle.Result pickle = ModulePickle.of(modules);
    AtomicFiles.write(
        file,
        out -> {
          ZipOutputStream zip = new ZipOutputStream(out);
          add(zip, "data.pkl", pickle.bytes());
          add(zip, "code/__torch__.py", modules.classes(source).getBytes(StandardCharsets.UTF_8));
          for (int i = 0; i < pickle.storages().size(); i++) {
            add(zip, "data/" + i, bytes(weights.get(pickle.storages().get(i).name()).data()));
          }
          add(zip, "constants.pkl", TorchScriptArchive.NO_CONSTANTS);
          add(zip, "version", "3\n".getBytes(StandardCharsets.US_ASCII));
          add(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
          zip.finish();
        });
  }

  private static String method(String name, Graph graph, Map<String, String> expressions) {
    ScriptWriter script = new ScriptWriter(Numerics.PLAIN, false);
    List<String> arguments = new ArrayList<>();
    for (ValueInfo input : graph.inputs()) {
      String argument = "x" + arguments.size();
      arguments.add(argument + ": Tensor");
      script.bind(input.name(), argument);
    }
    graph.parameters().keySet().forEach(p -> script.bind(p, expressions.get(p)));
    script.graph(graph);
    List<String> outputs = graph.outputs().stream().map(script::value).toList();
    boolean one = outputs.size() == 1;
    String type =
        one
            ? "Tensor"
            : outputs.stream().map(o -> "Tensor").collect(Collectors.joining(", ", "Tuple[", "]"));
    return "  def "
        + name
        + "(self: __torch__.Net,\n    "
        + String.join(",\n    ", arguments)
        + ") -> "
        + type
        + ":\n"
        + script.text()
        + "    return "
        + (one ? outputs.get(0) : "(" + String.join(", ", outputs) + ")")
        + "\n";
  }

  private static byte[] bytes(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
    TorchScriptArchive.add(zip, name, content);
  }
}
