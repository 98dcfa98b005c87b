"""The recipe of configs/short.yaml in PyTorch: the same first weights, patients, optimizer, schedule and kinds of augmentation, its own random numbers.

short_recipe.py NETWORK.py WEIGHTS.safetensors IMAGES TABLE.csv EPOCHS [SEED]

NETWORK.py defines ResNetAE(depth) with the published parameter names; WEIGHTS are those of the first checkpoint of

    xrv-train --preset short --depth 50 --data nih --views all --data-root DIR --steps 1 --set train.lr=1e-30 --out first

Patients are split as by that command (train.seed 1): 752 images of the 951 at hand to train on, a mean image's MAE of 289.90, as xrv-train has it.
"""
import csv
import importlib.util
import math
import os
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from skimage.io import imread

MASK = (1 << 64) - 1
GAMMA = 0x9E3779B97F4A7C15


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def share(seed, *names):
    """KeyedRandom.of(seed, names).nextDouble()."""
    h = mix((seed + GAMMA) & MASK)
    for name in names:
        for b in name.encode():
            h = (mix(h ^ b) + GAMMA) & MASK
        h = (mix(h ^ 0x100) + GAMMA) & MASK
    return (mix((h + GAMMA) & MASK) >> 11) * 2.0**-53


def affine(batch, rng):
    n = len(batch)
    angle = np.radians(rng.uniform(-5, 5, n))
    scale = rng.uniform(0.95, 1.05, n)
    shift = rng.uniform(-0.03, 0.03, (n, 2)) * 2  # the grid's side is 2
    theta = np.zeros((n, 2, 3), np.float32)
    c, s = np.cos(angle) / scale, np.sin(angle) / scale
    theta[:, 0, 0], theta[:, 0, 1], theta[:, 1, 0], theta[:, 1, 1] = c, -s, s, c
    theta[:, :, 2] = -np.einsum("nij,nj->ni", theta[:, :, :2], shift)
    grid = F.affine_grid(torch.from_numpy(theta), batch.shape, align_corners=False)
    return F.grid_sample(batch, grid, mode="nearest", padding_mode="zeros", align_corners=False)


def main(network, weights, images, table, epochs, seed=1):
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    spec = importlib.util.spec_from_file_location("network", network)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    training, validation = [], []
    for row in csv.DictReader(open(table)):
        file = os.path.join(images, row["Image Index"])
        if os.path.exists(file):
            pixels = torch.from_numpy(imread(file).astype(np.float32))[None] / 255 * 2048 - 1024
            (validation if share(1, "split", "nih:" + row["Patient ID"]) < 0.2 else training).append(pixels)
    training, validation = torch.stack(training), torch.stack(validation)
    model = module.ResNetAE(50).train()
    missing, extra = model.load_state_dict(load_file(weights), strict=False)
    assert not extra and all(m.endswith("num_batches_tracked") for m in missing), (missing, extra)
    model = model.to(memory_format=torch.channels_last)
    batch = 8
    steps = len(training) // batch
    total, warm_up, lr, final = steps * epochs, 100, 1e-3, 0.01
    head = [p for n, p in model.named_parameters() if n == "conv1_1.weight"]
    rest = [p for n, p in model.named_parameters() if n != "conv1_1.weight"]
    optimizer = torch.optim.Adam(
        [{"params": rest, "scale": 1.0}, {"params": head, "scale": 1024.0}], lr=lr, weight_decay=1e-5, amsgrad=True)
    print(f"{len(training)} training images, {len(validation)} validation images, {total} steps; "
          f"mean image's MAE {(validation - training.mean(0)).abs().mean():.2f}", flush=True)
    step = 0
    for epoch in range(1, epochs + 1):
        model.train()
        order, start = rng.permutation(len(training)), time.time()
        for i in range(steps):
            x = affine(training[order[i * batch:(i + 1) * batch]], rng).contiguous(memory_format=torch.channels_last)
            done = (step - warm_up) / max(1, total - warm_up)
            rate = lr * (step + 1) / warm_up if step < warm_up else lr * (final + (1 - final) * (1 + math.cos(math.pi * min(1, done))) / 2)
            for group in optimizer.param_groups:
                group["lr"] = rate * group["scale"]
            optimizer.zero_grad()
            d = model(x) - x
            ((d * d).sum() + d.abs().sum()).backward()
            optimizer.step()
            step += 1
        model.eval()
        with torch.no_grad():
            error = sum((model(v) - v).abs().sum().item() for v in validation.split(batch)) / validation.numel()
        print(f"epoch {epoch}, step {step}: validation MAE {error:.3f}, {steps * batch / (time.time() - start):.2f} img/s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5]), int(sys.argv[6]) if len(sys.argv) > 6 else 1)
