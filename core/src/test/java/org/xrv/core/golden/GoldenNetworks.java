package org.xrv.core.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Parameter;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/**
 * What PyTorch in Python computes for networks whose weights come from a formula.
 *
 * @param golden the document that describes the vectors
 */
public record GoldenNetworks(JsonNode golden) {
  private static final Path GOLDENS =
      Path.of(System.getProperty("xrv.shared"), "goldens", "networks");

  /** Opens the vectors, or skips the test where they are not. */
  public static GoldenNetworks open() throws IOException {
    assumeTrue(Files.exists(GOLDENS.resolve("golden.json")), "the golden vectors are not here");
    return new GoldenNetworks(new ObjectMapper().readTree(GOLDENS.resolve("golden.json").toFile()));
  }

  /** The formula is in golden.json. */
  public static NamedTensors formula(Graph graph, long seed) {
    Map<String, FloatTensor> tensors = new LinkedHashMap<>();
    List<String> names = graph.parameters().keySet().stream().sorted().toList();
    for (int k = 0; k < names.size(); k++) {
      Parameter p = graph.parameters().get(names.get(k));
      float[] data = new float[(int) p.shape().elements()];
      double fanIn = p.shape().rank() > 1 ? p.shape().elementsFrom(1) : 1;
      for (int i = 0; i < data.length; i++) {
        long h = splitmix64((seed << 48) + ((long) k << 32) + i);
        double v = Math.sqrt(3) * (2 * (h >>> 11) * 0x1p-53 - 1);
        data[i] =
            (float)
                switch (p.kind()) {
                  case CONV_WEIGHT, LINEAR_WEIGHT -> Math.sqrt(2 / fanIn) * v;
                  case BATCH_NORM_SCALE -> 0.4 + 0.04 * v;
                  case RUNNING_VARIANCE -> 1 + 0.2 * v;
                  default -> 0.1 * v;
                };
      }
      tensors.put(p.name(), new FloatTensor(p.shape(), data));
    }
    return new NamedTensors(tensors);
  }

  private static long splitmix64(long n) {
    n += 0x9E3779B97F4A7C15L;
    n = (n ^ (n >>> 30)) * 0xBF58476D1CE4E5B9L;
    n = (n ^ (n >>> 27)) * 0x94D049BB133111EBL;
    return n ^ (n >>> 31);
  }

  public FloatTensor images(int first, int count) throws IOException {
    float[] x = new float[count * 224 * 224];
    for (int n = 0; n < count; n++) {
      Path file =
          Path.of(
              System.getProperty("xrv.shared"),
              "data",
              "xrays",
              golden.get("files").get(first + n).asText());
      Raster raster = ImageIO.read(file.toFile()).getRaster();
      for (int i = 0; i < 224 * 224; i++) {
        x[n * 224 * 224 + i] = (2 * (raster.getSample(i % 224, i / 224, 0) / 255f) - 1) * 1024;
      }
    }
    return new FloatTensor(Shape.of(count, 1, 224, 224), x);
  }

  public static double[] read(String name) throws IOException {
    boolean wide = name.endsWith("64");
    ByteBuffer bytes =
        ByteBuffer.wrap(Files.readAllBytes(GOLDENS.resolve(name + (wide ? ".f64" : ".f32"))))
            .order(ByteOrder.LITTLE_ENDIAN);
    double[] values = new double[bytes.remaining() / (wide ? 8 : 4)];
    for (int i = 0; i < values.length; i++) {
      values[i] = wide ? bytes.getDouble() : bytes.getFloat();
    }
    return values;
  }

  /** The greatest difference relative to the greatest value. */
  public static void assertClose(double[] actual, double[] expected, double limit) {
    assertEquals(expected.length, actual.length);
    double difference = 0;
    double scale = 0;
    for (int i = 0; i < expected.length; i++) {
      difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
      scale = Math.max(scale, Math.abs(expected[i]));
    }
    assertTrue(difference <= limit * scale, "differs by " + difference / scale + " of " + scale);
  }
}
