package org.xrv.trainer.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xrv.converter.verify.ExportedNetwork;
import org.xrv.converter.verify.ParityRuntime;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.GraphBuilder;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.ParameterKind;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/** Archives with weights under names that are no words of a program. */
class DjlTorchScriptTest {
  @TempDir Path folder;

  /** Adds all parameters to the input; the second output is the input with the last one only. */
  private static Graph sums(String... parameters) {
    GraphBuilder b = new GraphBuilder("sums");
    String x = b.input("x", 2);
    String sum = x;
    String last = x;
    for (int i = 0; i < parameters.length; i++) {
      ParameterKind kind = i % 2 == 0 ? ParameterKind.BIAS : ParameterKind.RUNNING_MEAN;
      String p = b.parameter(parameters[i], kind, 2);
      sum = b.node("sum" + i, new Op.Add(), sum, p);
      last = b.node("last" + i, new Op.Add(), x, p);
    }
    return b.build(sum, last);
  }

  private List<FloatTensor> run(String... parameters) {
    Map<String, FloatTensor> weights = new LinkedHashMap<>();
    for (int i = 0; i < parameters.length; i++) {
      weights.put(
          parameters[i],
          new FloatTensor(Shape.of(2), new float[] {1 << i, (float) (100 * Math.pow(10, i))}));
    }
    Graph graph = sums(parameters);
    Path file = folder.resolve("sums.pt");
    DjlTorchScript exporter = new DjlTorchScript();
    exporter.write(new ExportedNetwork(graph, Map.of(), new NamedTensors(weights)), file);
    try (ParityRuntime.Session session = exporter.open(graph, Optional.empty(), file)) {
      return session.run(List.of(new FloatTensor(Shape.of(1, 2), new float[] {0.5f, 0.25f})));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "layer1.0.weight,layer1.0.bias,layer1.10.weight", // numbers, as Sequential has them
        "in.class,for,_x.y", // words of the language
        "onnx::Add_12,/model/0/weight,a b", // what exporters invent
        "training,forward.weight,self.w", // what a module has already
        "a.b,a,a.b.c", // no tree
        "a..b,.c,quo\"te\\", // no names at all
      })
  void shouldHoldWeightsOfAnyName(String names) {
    List<FloatTensor> made = run(names.split(","));
    assertEquals(2, made.size());
    assertArrayEquals(new float[] {7.5f, 11100.25f}, made.get(0).data());
    assertArrayEquals(new float[] {4.5f, 10000.25f}, made.get(1).data());
  }

  @Test
  void shouldKeepNamesWhereTheyAreATree() throws Exception {
    run("layer1.0.weight", "layer1.0.running_mean");
    try (ZipFile zip = new ZipFile(folder.resolve("sums.pt").toFile())) {
      String code =
          new String(
              zip.getInputStream(zip.getEntry("net/code/__torch__.py")).readAllBytes(),
              java.nio.charset.StandardCharsets.UTF_8);
      org.junit.jupiter.api.Assertions.assertTrue(
          code.contains("__parameters__ = [\"weight\", ]")
              && code.contains("__buffers__ = [\"running_mean\", ]")
              && code.contains("getattr(self.layer1, \"0\").weight"),
          code);
    }
  }
}
