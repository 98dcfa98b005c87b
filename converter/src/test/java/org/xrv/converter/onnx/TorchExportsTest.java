package org.xrv.converter.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.core.graph.Shape;
import org.xrv.core.peer.PeerPython;
import org.xrv.core.tensor.FloatTensor;

/**
 * Networks of the kinds that torchvision has, small, exported by PyTorch itself: the file and what
 * is read of it and written again give the same numbers, for one image and for two.
 */
@Tag("slow")
class TorchExportsTest {
  /** The exporter that comes with PyTorch; the newer one too where its package is there. */
  private static final String SCRIPT =
      """
      import sys, warnings, logging, importlib.util
      warnings.simplefilter("ignore")
      logging.disable(logging.WARNING)
      import torch
      from torch import nn
      from torch.nn import functional as F

      class Bottleneck(nn.Module):
          def __init__(self, inside, outside, stride, groups):
              super().__init__()
              self.body = nn.Sequential(
                  nn.Conv2d(inside, outside // 2, 1, bias=False), nn.BatchNorm2d(outside // 2), nn.ReLU(),
                  nn.Conv2d(outside // 2, outside // 2, 3, stride, 1, groups=groups, bias=False),
                  nn.BatchNorm2d(outside // 2), nn.ReLU(),
                  nn.Conv2d(outside // 2, outside, 1, bias=False), nn.BatchNorm2d(outside))
              self.beside = nn.Sequential(
                  nn.Conv2d(inside, outside, 1, stride, bias=False), nn.BatchNorm2d(outside))
          def forward(self, x):
              return F.relu(self.body(x) + self.beside(x))

      class ResNet(nn.Module):
          def __init__(self):
              super().__init__()
              self.stem = nn.Sequential(
                  nn.Conv2d(3, 8, 7, 2, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
              self.body = nn.Sequential(Bottleneck(8, 16, 1, 1), Bottleneck(16, 32, 2, 4))
              self.head = nn.Linear(32, 5)
          def forward(self, x):
              return self.head(torch.flatten(F.adaptive_avg_pool2d(self.body(self.stem(x)), 1), 1))

      class DenseNet(nn.Module):
          def __init__(self):
              super().__init__()
              self.first = nn.Conv2d(3, 6, 3, 2, 1, bias=False)
              self.norms = nn.ModuleList(nn.BatchNorm2d(6 + 4 * i) for i in range(4))
              self.convs = nn.ModuleList(nn.Conv2d(6 + 4 * i, 4, 3, 1, 1, bias=False) for i in range(3))
              self.head = nn.Linear(18, 5)
          def forward(self, x):
              parts = [F.avg_pool2d(self.first(x), 2, 2)]
              for norm, conv in zip(self.norms, self.convs):
                  parts.append(F.dropout(conv(F.relu(norm(torch.cat(parts, 1)))), 0.1, self.training))
              x = F.relu(self.norms[3](torch.cat(parts, 1)))
              return self.head(torch.flatten(F.adaptive_avg_pool2d(x, (1, 1)), 1))

      class Inverted(nn.Module):
          def __init__(self, channels, act, gate):
              super().__init__()
              wide = 3 * channels
              self.body = nn.Sequential(
                  nn.Conv2d(channels, wide, 1, bias=False), nn.BatchNorm2d(wide, eps=1e-3), act(),
                  nn.Conv2d(wide, wide, 5, 1, 2, groups=wide, bias=False), nn.BatchNorm2d(wide), act())
              self.squeeze = gate and nn.Sequential(
                  nn.AdaptiveAvgPool2d(1), nn.Conv2d(wide, 4, 1), act(), nn.Conv2d(4, wide, 1), gate())
              self.last = nn.Sequential(nn.Conv2d(wide, channels, 1, bias=False), nn.BatchNorm2d(channels))
          def forward(self, x):
              y = self.body(x)
              return x + self.last(self.squeeze(y) * y if self.squeeze else y)

      class Mobile(nn.Module):
          def __init__(self, act, gate):
              super().__init__()
              self.body = nn.Sequential(
                  nn.Conv2d(3, 8, 3, 2, 1, bias=False), nn.BatchNorm2d(8), act(), Inverted(8, act, gate))
              self.head = nn.Sequential(nn.Dropout(0.2), nn.Linear(8, 5))
          def forward(self, x):
              return self.head(self.body(x).mean([2, 3]))

      class Block(nn.Module):
          def __init__(self, size, heads):
              super().__init__()
              self.before = nn.LayerNorm(size, eps=1e-6)
              self.attention = nn.MultiheadAttention(size, heads, batch_first=True)
              self.between = nn.LayerNorm(size, eps=1e-6)
              self.dense = nn.Sequential(nn.Linear(size, 2 * size), nn.GELU(), nn.Linear(2 * size, size))
          def forward(self, x):
              y = self.before(x)
              x = x + self.attention(y, y, y, need_weights=False)[0]
              return x + self.dense(self.between(x))

      class Fused(nn.Module):
          def __init__(self, size, heads):
              super().__init__()
              self.heads = heads
              self.norm = nn.LayerNorm(size)
              self.qkv = nn.Linear(size, 3 * size)
              self.out = nn.Linear(size, size)
          def forward(self, x):
              b, n, c = x.shape
              q, k, v = self.qkv(self.norm(x)).reshape(b, n, 3, self.heads, c // self.heads).permute(
                  2, 0, 3, 1, 4).unbind(0)
              y = F.scaled_dot_product_attention(q, k, v)
              return x + self.out(y.transpose(1, 2).reshape(b, n, c))

      class Vision(nn.Module):
          def __init__(self, block):
              super().__init__()
              self.patches = nn.Conv2d(3, 16, 8, 8)
              self.token = nn.Parameter(torch.randn(1, 1, 16))
              self.places = nn.Parameter(torch.randn(1, 17, 16))
              self.body = nn.Sequential(block(16, 4), block(16, 4), nn.LayerNorm(16))
              self.head = nn.Linear(16, 5)
          def forward(self, x):
              n = x.shape[0]
              x = self.patches(x).reshape(n, 16, 16).permute(0, 2, 1)
              x = torch.cat([self.token.expand(n, -1, -1), x], 1) + self.places
              return self.head(self.body(x)[:, 0])

      networks = {
          "resnet": ResNet, "densenet": DenseNet, "mobilenet2": lambda: Mobile(nn.ReLU6, None),
          "mobilenet3": lambda: Mobile(nn.Hardswish, nn.Hardsigmoid),
          "efficientnet": lambda: Mobile(nn.SiLU, nn.Sigmoid),
          "vit": lambda: Vision(Block), "vit-fused": lambda: Vision(Fused)}
      newer = importlib.util.find_spec("onnxscript") is not None
      for name, make in networks.items():
          torch.manual_seed(1)
          network = make()
          for key, value in network.named_buffers():
              if key.endswith("running_mean"):
                  value.normal_(0, 0.2)
              if key.endswith("running_var"):
                  value.uniform_(0.5, 1.5)
          network.eval()
          for count, batch in ((2, "any"), (1, "one")):
              x = torch.randn(count, 3, 32, 32)
              for opset in (14, 17, 20):
                  torch.onnx.export(
                      network, x, f"{sys.argv[1]}/{name}-{opset}-{batch}.onnx", opset_version=opset,
                      dynamo=False, input_names=["x"], output_names=["y"],
                      dynamic_axes={"x": {0: "n"}, "y": {0: "n"}} if batch == "any" else None)
              if newer:
                  torch.onnx.export(
                      network, (x,), f"{sys.argv[1]}/{name}-new-{batch}.onnx", opset_version=18,
                      dynamo=True, input_names=["x"], output_names=["y"], verbose=False,
                      dynamic_shapes=({0: torch.export.Dim("n")},) if batch == "any" else None)
      """;

  @TempDir Path folder;

  @Test
  void shouldReadWhatPyTorchExports() throws IOException, InterruptedException {
    PeerPython.orSkip().run(SCRIPT, folder);
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> models = files.filter(f -> f.toString().endsWith(".onnx")).sorted().toList();
      assertTrue(models.size() >= 42, models.toString());
      for (Path file : models) {
        compare(file);
      }
    }
  }

  private static void compare(Path file) {
    OnnxModel read = OnnxReader.read(file);
    boolean one = file.toString().endsWith("-one.onnx");
    boolean open = read.graph().input().shape().dim(0) == Shape.UNKNOWN;
    // Of networks made for one image, those with attention may stay so.
    assertTrue(open || (one && file.getFileName().toString().startsWith("vit")), file.toString());
    byte[] ours = OnnxWriter.bytes(read.graph(), read.weights());
    float[] images = Protos.uniform("images", 2 * 3 * 32 * 32);
    try (OnnxRunner theirs = OnnxRunner.open(file, 1);
        OnnxRunner mine = OnnxRunner.open("ours", ours, 1)) {
      float[] first = run(theirs, images, 0, 1);
      assertClose(first, run(mine, images, 0, 1), file);
      float[] second = run(theirs, images, 1, 1);
      assertFalse(Arrays.equals(first, second));
      if (open) {
        float[] both = Arrays.copyOf(first, 10);
        System.arraycopy(second, 0, both, 5, 5);
        assertClose(both, run(mine, images, 0, 2), file);
      }
    }
  }

  private static float[] run(OnnxRunner runner, float[] images, int from, int count) {
    int size = 3 * 32 * 32;
    float[] part = Arrays.copyOfRange(images, from * size, (from + count) * size);
    return runner
        .run(Map.of("x", new FloatTensor(Shape.of(count, 3, 32, 32), part)))
        .get("y")
        .data();
  }

  private static void assertClose(float[] expected, float[] actual, Path file) {
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 1e-5 * Math.max(1, Math.abs(expected[i])), file + "");
    }
  }
}
