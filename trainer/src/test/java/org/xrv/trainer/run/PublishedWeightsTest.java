package org.xrv.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.converter.torch.TorchCheckpoint;
import org.xrv.converter.torch.TorchReader;
import org.xrv.converter.verify.OnnxRuntimeParity;
import org.xrv.converter.verify.ParityRuntime;
import org.xrv.core.architecture.LatentShape;
import org.xrv.core.architecture.ResNetAutoencoder;
import org.xrv.core.graph.Graph;
import org.xrv.core.peer.PeerPython;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.Safetensors;
import org.xrv.core.tensor.WeightFit;

/**
 * A state dict of the published network (ResNetAE-101, 512x3x3), written by PyTorch as the paper's
 * file was, makes here what it makes there.
 */
class PublishedWeightsTest {
  @TempDir Path directory;

  @Test
  void shouldReconstructAsPyTorchDoes() throws Exception {
    PeerPython.orSkip()
        .run(
            """
            import os, sys, torch
            from safetensors.torch import save_file
            from torch_reference import ResNetAE, randomize_running_stats
            os.chdir(sys.argv[1])
            torch.manual_seed(1)
            torch.set_num_threads(2)
            net = ResNetAE(101)
            with torch.no_grad():
                randomize_running_stats(net, 1)
            net.eval()
            torch.save(net.state_dict(), "ae.pt")
            torch.save(net.state_dict(), "ae-legacy.pth", _use_new_zipfile_serialization=False)
            save_file(net.state_dict(), "ae.safetensors")
            x = torch.rand(2, 1, 224, 224) * 2048 - 1024
            with torch.no_grad():
                save_file({"x": x, "y": net(x)}, "images.safetensors")
            """,
            directory);
    Graph graph = new ResNetAutoencoder(101, new LatentShape(512, 3), 1, 224).autoencoder();
    TorchCheckpoint read = TorchReader.read(directory.resolve("ae.pt"));
    WeightFit fit = WeightFit.of(graph, read.tensors());
    assertTrue(fit.isExact(), fit.differences());
    assertTrue(read.skipped().stream().allMatch(n -> n.endsWith("num_batches_tracked")));
    Safetensors.Content tensors = Safetensors.read(directory.resolve("ae.safetensors"));
    assertEquals(read.skipped().size(), tensors.skipped().size());
    TorchCheckpoint legacy = TorchReader.read(directory.resolve("ae-legacy.pth"));
    for (String name : read.tensors().names()) {
      float[] values = read.tensors().get(name).data();
      assertTrue(java.util.Arrays.equals(values, legacy.tensors().get(name).data()), name);
      assertTrue(java.util.Arrays.equals(values, tensors.tensors().get(name).data()), name);
    }

    var images = Safetensors.read(directory.resolve("images.safetensors")).tensors();
    FloatTensor made;
    try (ParityRuntime.Session session = new OnnxRuntimeParity().open(graph, read.tensors())) {
      made = session.run(List.of(images.get("x"))).get(0);
    }
    double largest = 0;
    double worst = 0;
    float[] expected = images.get("y").data();
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      worst = Math.max(worst, Math.abs(expected[i] - made.data()[i]));
    }
    assertTrue(largest > 0.01, "an output of nothing proves nothing: " + largest);
    assertTrue(worst / largest < 1e-4, "differs by " + worst + " of " + largest);
  }
}
