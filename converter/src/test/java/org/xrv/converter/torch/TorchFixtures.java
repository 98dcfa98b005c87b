package org.xrv.converter.torch;

/**
 * The script that made the files among this package's test resources, and makes them anew.
 * network-legacy.pt is not among them: the old format puts the classes' source texts and their
 * paths into the file.
 */
final class TorchFixtures {
  /** Writes all files into the directory that it gets. Value i of a tensor is i / 8 - 1. */
  static final String SCRIPT =
      """
      import collections, os, sys, torch
      from torch import nn
      os.chdir(sys.argv[1])

      def ramp(*sizes, dtype=torch.float32):
          n = 1
          for s in sizes:
              n *= s
          return (torch.arange(n, dtype=torch.float64) / 8 - 1).reshape(sizes).to(dtype)

      base = ramp(3, 4)
      kinds = collections.OrderedDict(
          whole=base, transposed=base.t(), row=base[1], step=base[:, ::2], scalar=ramp(),
          half=ramp(2, 3, dtype=torch.float16), brain=ramp(2, 3, dtype=torch.bfloat16),
          double=ramp(2, 3, dtype=torch.float64), count=torch.tensor(7), flags=torch.tensor([True]),
          empty=torch.zeros(0), parameter=nn.Parameter(ramp(5)))
      old = dict(_use_new_zipfile_serialization=False)
      torch.save(kinds, "kinds.pt")
      torch.save(kinds, "kinds-legacy.pt", **old)
      torch.save(kinds, "kinds-protocol4.pt", pickle_protocol=4)

      net = nn.Sequential(collections.OrderedDict(
          conv1=nn.Conv2d(1, 2, 3, bias=False), bn1=nn.BatchNorm2d(2), relu=nn.ReLU()))
      with torch.no_grad():
          for p in list(net.parameters()) + [net.bn1.running_mean, net.bn1.running_var]:
              p.copy_(ramp(*p.shape))
      torch.save(net, "network.pt")
      torch.save(net, "network-legacy.pt", **old)
      wrapped = nn.DataParallel(net)
      adam = torch.optim.Adam(net.parameters(), amsgrad=True)
      torch.save({"epoch": 3, "state_dict": wrapped.state_dict(), "optimizer": adam.state_dict(),
                  "best": torch.tensor(1.5)}, "training.pt")
      torch.save({"model": net, "args": collections.Counter("ab")}, "held.pt")
      """;

  private TorchFixtures() {}
}
