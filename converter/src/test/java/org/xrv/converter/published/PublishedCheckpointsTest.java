package org.xrv.converter.published;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.core.modelpackage.OutputKind;
import org.xrv.core.peer.PeerPython;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.core.tensor.Safetensors;

/** Checkpoints that PyTorch writes as the published ones were: the ONNX files give its numbers. */
@Tag("slow")
class PublishedCheckpointsTest {
  /** Relative to the largest value. */
  private static final double LIMIT = 1e-5;

  @TempDir Path folder;

  private static FloatTensor run(Path file, FloatTensor input) {
    try (OnnxRunner runner = OnnxRunner.open(file, 2)) {
      return runner
          .run(Map.of(runner.inputs().iterator().next(), input))
          .values()
          .iterator()
          .next();
    }
  }

  private static void requireEqual(FloatTensor expected, FloatTensor actual, String what) {
    assertEquals(expected.shape(), actual.shape(), what);
    double largest = 0;
    double worst = 0;
    for (int i = 0; i < expected.data().length; i++) {
      largest = Math.max(largest, Math.abs(expected.data()[i]));
      worst = Math.max(worst, Math.abs((double) expected.data()[i] - actual.data()[i]));
    }
    assertTrue(largest > 0.01, what + ": an output of nothing proves nothing: " + largest);
    assertTrue(worst / largest < LIMIT, what + " differs by " + worst + " of " + largest);
  }

  @Test
  void shouldEncodeAndDecodeAsPyTorchDoes() throws Exception {
    PeerPython.orSkip().run(PublishedScripts.AUTOENCODER, folder);
    Path made = folder.resolve("made");
    ImportedNetwork network =
        new AutoencoderImport(Optional.of(101), Optional.of(4608), Optional.empty(), 224)
            .of(WeightFile.read(folder.resolve("ae.pt")));
    assertEquals(31_120_448L, network.description().architecture().get("parameters"));
    network.write(made);
    NamedTensors io = Safetensors.read(folder.resolve("io.safetensors")).tensors();
    requireEqual(io.get("z"), run(made.resolve("encoder.onnx"), io.get("x")), "z");
    requireEqual(io.get("y"), run(made.resolve("decoder.onnx"), io.get("z")), "reconstruction");
  }

  private ImportedNetwork classifier(String name) {
    return new ClassifierImport(Optional.empty(), List.of(), List.of(), 224)
        .of(WeightFile.read(folder.resolve(name)));
  }

  @Test
  void shouldClassifyAsTheLibraryDoes() throws Exception {
    PeerPython.orSkip().run(PublishedScripts.CLASSIFIER, folder);
    NamedTensors io = Safetensors.read(folder.resolve("io.safetensors")).tensors();
    for (String name : List.of("whole", "plain", "twice", "sigmoid")) {
      ImportedNetwork network = classifier(name + ".pt");
      Path made = folder.resolve(name);
      network.write(made);
      requireEqual(io.get(name), run(made.resolve("model.onnx"), io.get("x")), name);
      assertEquals(
          name.equals("plain") ? OutputKind.LOGITS : OutputKind.PROBABILITIES,
          network.description().outputs());
      assertEquals("densenet121", network.description().architecture().get("size"));
      assertEquals(6_966_034L, network.description().architecture().get("parameters"));
    }
    ImportedNetwork whole = classifier("whole.pt");
    assertEquals("torchxrayvision.models.DenseNet", whole.source().network().type());
    assertEquals(
        List.of("Atelectasis", "Consolidation", "", "Pneumothorax"),
        whole.description().targets().subList(0, 4));
    assertEquals(
        ClassifierImport.PUBLISHED_TARGETS, classifier("plain.pt").description().targets());

    ImportedNetwork legacy = classifier("whole-legacy.pt");
    ImportedNetwork lightning = classifier("lightning.ckpt");
    assertEquals(whole.description().targets(), legacy.description().targets());
    assertEquals(whole.weights().names(), lightning.weights().names());
    for (String name : whole.weights().names()) {
      float[] values = whole.weights().get(name).data();
      assertArrayEquals(values, legacy.weights().get(name).data(), name);
      float most = 0;
      for (float v : values) {
        most = Math.max(most, Math.abs(v));
      }
      // Half precision has 11 bits
      if (!name.startsWith("op_norm.")) {
        assertArrayEquals(values, lightning.weights().get(name).data(), most / 2048, name);
      }
    }
    assertTrue(
        lightning.remarks().stream().anyMatch(r -> r.contains("were float16")),
        lightning.remarks().toString());
  }

  /** Views as PyTorch saves them: the storage whole, the tensor as offset, sizes and strides. */
  @Test
  void shouldReadEveryView() throws Exception {
    PeerPython.orSkip()
        .run(
            """
            import os, sys, torch
            from safetensors.torch import save_file
            os.chdir(sys.argv[1])
            g = torch.Generator().manual_seed(1)
            base = torch.randn(6, 5, 4, 3, generator=g)
            flat = torch.randn(7, generator=g)
            views = {
                "channels_last": base.contiguous(memory_format=torch.channels_last),
                "permuted": base.permute(3, 1, 0, 2), "transposed": base[0, 0].t(),
                "offset": base[2:5, 1], "steps": base[::2, :, 1::2], "expanded": flat.expand(4, 7),
                "column": flat[:, None].expand(7, 3), "one": flat[3],
                "double": base.double()[:, 2], "half": base.half().permute(1, 0, 2, 3),
                "brain": base.bfloat16()[3:], "parameter": torch.nn.Parameter(flat[2:]),
                "bn.num_batches_tracked": torch.tensor(9), "mask": flat > 0}
            torch.save(views, "views.pt")
            torch.save(views, "views-legacy.pt", _use_new_zipfile_serialization=False)
            save_file({k: v.detach().float().contiguous().clone() for k, v in views.items()
                       if v.is_floating_point()}, "views.safetensors")
            """,
            folder);
    NamedTensors expected = Safetensors.read(folder.resolve("views.safetensors")).tensors();
    for (String name : List.of("views.pt", "views-legacy.pt")) {
      WeightFile read = WeightFile.read(folder.resolve(name));
      assertEquals(List.of("bn.num_batches_tracked", "mask"), read.skipped());
      assertEquals(expected.names(), read.tensors().names());
      for (String tensor : expected.names()) {
        assertEquals(expected.get(tensor).shape(), read.tensors().get(tensor).shape(), tensor);
        assertArrayEquals(
            expected.get(tensor).data(), read.tensors().get(tensor).data(), tensor + " of " + name);
      }
    }
  }
}
