package org.xrv.converter.published;

/** Scripts for the peer Python that write checkpoints as they are published. */
final class PublishedScripts {
  /**
   * A package of the library's name, made in memory, whose DenseNet has what the library's has:
   * targets, a buffer op_threshs (NaN for what was not trained), apply_sigmoid, upsample; and the
   * library's op_norm, stated after the paper's definition. Arguments: the directory. Writes
   * whole.pt, whole-legacy.pt, plain.pt (logits only), state.pt, twice.pt, and io.safetensors.
   */
  static final String CLASSIFIER =
      """
      import os, sys, types, torch
      import torch.nn.functional as F
      from torch import nn
      from safetensors.torch import save_file
      from densenet_reference import DenseNet121
      from torch_reference import randomize_running_stats
      os.chdir(sys.argv[1])
      torch.manual_seed(3)
      torch.set_num_threads(2)

      package, models = types.ModuleType("torchxrayvision"), types.ModuleType("torchxrayvision.models")
      sys.modules["torchxrayvision"], sys.modules["torchxrayvision.models"] = package, models

      class DenseNet(DenseNet121):
          def __init__(self, targets=None, op_threshs=None, apply_sigmoid=False):
              super().__init__(18)
              self.apply_sigmoid, self.weights = apply_sigmoid, "densenet121-res224-all"
              if targets is not None:
                  self.targets = self.pathologies = targets
              self.register_buffer("op_threshs", op_threshs)
              self.upsample = nn.Upsample(size=(224, 224), mode="bilinear", align_corners=False)

          def forward(self, x):
              out = super().forward(x)
              if self.apply_sigmoid:
                  out = torch.sigmoid(out)
              if self.op_threshs is not None:
                  p, t = torch.sigmoid(out), self.op_threshs.expand(len(out), -1)
                  out = torch.where(p < t, p / (2 * t), 1 - (1 - p) / (2 * (1 - t)))
                  out = torch.where(torch.isnan(t), torch.full_like(out, 0.5), out)
              return out

      DenseNet.__module__, DenseNet.__qualname__ = "torchxrayvision.models", "DenseNet"
      models.DenseNet = DenseNet
      targets = ["Atelectasis", "Consolidation", "", "Pneumothorax", "Edema", "", "", "Effusion",
                 "Pneumonia", "", "Cardiomegaly", "", "", "", "Lung Lesion", "Fracture",
                 "Lung Opacity", "Enlarged Cardiomediastinum"]
      points = torch.tensor([float("nan") if not t else 0.02 + 0.05 * i for i, t in enumerate(targets)])
      whole = DenseNet(targets, points)
      with torch.no_grad():
          randomize_running_stats(whole, 3)
          whole.classifier.weight.mul_(8)  # outputs on both sides of the operating points
      plain, twice, sigmoid = DenseNet(), DenseNet(targets, points, True), DenseNet(apply_sigmoid=True)
      for other in (plain, twice, sigmoid):
          other.load_state_dict({k: v for k, v in whole.state_dict().items() if k != "op_threshs"}, strict=False)
      nets = dict(whole=whole, plain=plain, twice=twice, sigmoid=sigmoid)
      x = torch.rand(3, 1, 224, 224) * 2048 - 1024
      io = {"x": x}
      with torch.no_grad():
          for name, net in nets.items():
              net.eval()
              torch.save(net, name + ".pt")
              io[name] = net(x)
      torch.save(whole, "whole-legacy.pt", _use_new_zipfile_serialization=False)
      torch.save({"state_dict": {"model." + k: v.half() if v.is_floating_point() else v
                                 for k, v in whole.state_dict().items()},
                  "hyper_parameters": {"lr": 1e-3}}, "lightning.ckpt")
      save_file(io, "io.safetensors")
      """;

  /**
   * The autoencoder of depth 101 with running statistics. Arguments: the directory. Writes ae.pt
   * and io.safetensors (x, z, and y made of z).
   */
  static final String AUTOENCODER =
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
      x = torch.rand(2, 1, 224, 224) * 2048 - 1024
      with torch.no_grad():
          z = net.encode(x)
          save_file({"x": x, "z": z, "y": net.decode(z)}, "io.safetensors")
      """;

  private PublishedScripts() {}
}
