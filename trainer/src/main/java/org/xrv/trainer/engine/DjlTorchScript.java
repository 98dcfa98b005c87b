package org.xrv.trainer.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xrv.converter.torchscript.Precision;
import org.xrv.converter.torchscript.TorchScriptModule;
import org.xrv.converter.verify.ExportedNetwork;
import org.xrv.converter.verify.GraphExporter;
import org.xrv.converter.verify.ParityRuntime;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Graph;
import org.xrv.core.tensor.FloatTensor;

/** TorchScript archives with their weights, run by DJL's PyTorch engine. */
public final class DjlTorchScript implements GraphExporter {
  @Override
  public String format() {
    return "torchscript";
  }

  @Override
  public String runtime() {
    return new DjlParity().name();
  }

  @Override
  public void write(ExportedNetwork network, Path file) {
    Map<String, Graph> methods = new LinkedHashMap<>();
    methods.put(TorchScriptModule.FORWARD, network.whole());
    methods.putAll(network.parts());
    TorchScriptModule.write(methods, network.weights(), file);
  }

  @Override
  public boolean hasParts() {
    return true;
  }

  @Override
  public ParityRuntime.Session open(Graph graph, Optional<String> part, Path file) {
    byte[] archive;
    try {
      archive = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, file + ": cannot be read: " + e.getMessage(), e);
    }
    DjlEngine engine = DjlEngine.open();
    NDManager manager = engine.newScope();
    DjlProgram program;
    try {
      program = new DjlProgram(manager, archive);
    } catch (RuntimeException | Error e) {
      engine.close(); // and the scope with it
      throw e;
    }
    return new ParityRuntime.Session() {
      @Override
      public List<FloatTensor> run(List<FloatTensor> inputs) {
        try (NDManager scope = manager.newSubManager()) {
          List<NDArray> in =
              inputs.stream().map(t -> DjlEngine.array(scope, t, Precision.FLOAT32)).toList();
          return program.call(part.orElse(TorchScriptModule.FORWARD), in, List.of()).stream()
              .map(DjlEngine::tensor)
              .toList();
        }
      }

      @Override
      public void close() {
        manager.close();
        engine.close();
      }
    };
  }
}
