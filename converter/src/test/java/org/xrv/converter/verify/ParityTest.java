package org.xrv.converter.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.converter.onnx.OnnxForm;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnx.OnnxWriter;
import org.xrv.core.architecture.Initialization;
import org.xrv.core.architecture.LatentShape;
import org.xrv.core.architecture.ResNetAutoencoder;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Shape;
import org.xrv.core.random.KeyedRandom;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

class ParityTest {
  private static final Graph GRAPH =
      new ResNetAutoencoder(50, new LatentShape(16, 1), 0.0625, 32).autoencoder();
  private static final NamedTensors WEIGHTS = Initialization.PYTORCH.weights(GRAPH, 1);
  private static final ParityRuntime ONNX_RUNTIME = new OnnxRuntimeParity();
  @TempDir Path directory;

  private static List<List<FloatTensor>> batches() {
    return List.of(List.of(images(1)), List.of(images(3)));
  }

  private static FloatTensor images(int count) {
    FloatTensor images = FloatTensor.zeros(Shape.of(count, 1, 32, 32));
    KeyedRandom random = KeyedRandom.of(3, "parity");
    for (int i = 0; i < images.data().length; i++) {
      images.data()[i] = (float) random.nextDouble(-1024, 1024);
    }
    return images;
  }

  @Test
  void shouldSpeakOfWeightsOutsideTheFile() {
    Path file = directory.resolve("ae.onnx");
    OnnxWriter.write(GRAPH, WEIGHTS, file, OnnxForm.opset(OnnxForm.DEFAULT).withExternalWeights());
    ParityReport report =
        new ParityReport("a", "b", ParityReport.LIMIT, List.of()).about(List.of(file));
    assertEquals(Set.of("ae.onnx", "ae.onnx.data"), report.files().keySet());
  }

  /** ONNX Runtime with every output moved by a share of itself. */
  private record Off(double share) implements ParityRuntime {
    @Override
    public String name() {
      return "a runtime that is off";
    }

    @Override
    public Session open(Graph graph, NamedTensors weights) {
      Session right = ONNX_RUNTIME.open(graph, weights);
      return new Session() {
        @Override
        public List<FloatTensor> run(List<FloatTensor> inputs) {
          List<FloatTensor> outputs = right.run(inputs);
          outputs.forEach(
              t -> {
                for (int i = 0; i < t.data().length; i++) {
                  t.data()[i] *= (float) (1 + share);
                }
              });
          return outputs;
        }

        @Override
        public void close() {
          right.close();
        }
      };
    }
  }

  /** With the file itself as the other. */
  private ParityReport compared(ParityRuntime reference) {
    Path file = directory.resolve("compared.onnx");
    OnnxWriter.write(GRAPH, WEIGHTS, file);
    return new ParityReport(
        reference.name(),
        ONNX_RUNTIME.name(),
        ParityReport.LIMIT,
        Parity.withFile(reference, GRAPH, WEIGHTS, file, batches()));
  }

  @Test
  void shouldPassRuntimesThatAgree() {
    ParityReport report = compared(new Off(5e-5));
    assertEquals(2, report.comparisons().size());
    assertEquals(5e-5, report.worst(), 1e-6);
    assertTrue(report.passed());
    report.require();
  }

  @Test
  void shouldRefuseRuntimesThatDisagreeAndNameWhatDoes() throws IOException {
    ParityReport report = compared(new Off(2e-4));
    assertFalse(report.passed());
    ProblemException e = assertThrows(ProblemException.class, report::require);
    assertEquals(ProblemKind.PARITY, e.kind());
    assertTrue(e.getMessage().contains("reconstruction of " + GRAPH.name()), e.getMessage());
    assertTrue(e.getMessage().contains("nothing was exported"), e.getMessage());
    JsonNode json = new ObjectMapper().readTree(report.toJson());
    assertFalse(json.path("passed").asBoolean());
    assertEquals(2e-4, json.path("worst").asDouble(), 1e-6);
  }

  @Test
  void shouldRefuseWhatIsNoNumberAndWhatWasNotCompared() {
    ParityReport noNumber = compared(new Off(Double.NaN));
    assertThrows(ProblemException.class, noNumber::require);
    ParityReport nothing = new ParityReport("a", "b", ParityReport.LIMIT, List.of());
    assertThrows(ProblemException.class, nothing::require);
  }

  @Test
  void shouldCompareWithTheExportedFileItself() {
    Path file = directory.resolve("model.onnx");
    NamedTensors others = Initialization.PYTORCH.weights(GRAPH, 2);
    OnnxWriter.write(GRAPH, WEIGHTS, file);
    List<ParityReport.Comparison> same =
        Parity.withFile(ONNX_RUNTIME, GRAPH, WEIGHTS, file, batches());
    assertTrue(same.stream().allMatch(c -> c.maxRelative() < 1e-6), same.toString());
    OnnxWriter.write(GRAPH, others, file);
    List<ParityReport.Comparison> stale =
        Parity.withFile(ONNX_RUNTIME, GRAPH, WEIGHTS, file, batches());
    assertTrue(stale.stream().allMatch(c -> c.maxRelative() > 1e-4), stale.toString());
  }

  /** One that can give some values only: it fails when it is asked for the given one. */
  private record Unable(String value) implements ParityRuntime {
    @Override
    public String name() {
      return "a runtime that is unable";
    }

    @Override
    public Session open(Graph graph, NamedTensors weights) {
      if (graph.outputs().contains(value)) {
        throw new ProblemException(ProblemKind.BAD_DATA, "no " + value + " here");
      }
      return ONNX_RUNTIME.open(graph, weights);
    }
  }

  @Test
  void shouldSayWhichWitnessIsLeftOutOfTheLayers() {
    Graph graph = new ResNetAutoencoder(50, new LatentShape(16, 1), 0.0625, 32).encoder();
    Path file = directory.resolve("encoder.onnx");
    OnnxWriter.write(graph, WEIGHTS, file);
    List<String> remarks = new ArrayList<>();
    List<LayerDifference> layers =
        Layers.ofRuntimes(
            new TrialNetwork("encoder", file, List.of(List.of(images(1)))),
            new OnnxModel(graph, WEIGHTS),
            ONNX_RUNTIME,
            List.of(new Unable(graph.output())),
            remarks::add);
    assertEquals(1, remarks.size(), remarks.toString());
    assertTrue(
        remarks.get(0).startsWith("a runtime that is unable is left out from node 'conv1' of"),
        remarks.toString());
    assertTrue(layers.stream().allMatch(l -> l.byRuntime().size() == 1), "it is in no layer");
    assertEquals(graph.nodes().size(), layers.size());
  }

  @Test
  void shouldFindOnnxRuntimeAsAService() {
    assertTrue(Parity.runtimes().stream().anyMatch(r -> r instanceof OnnxRuntimeParity));
  }
}
