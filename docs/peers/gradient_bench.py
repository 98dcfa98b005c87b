"""A gradient file in ONNX Runtime beside PyTorch's forward and backward of the same networks, taking turns.

gradient_bench.py GRADIENT.onnx NETWORK.py CLASSIFIER.py [ROUNDS] [THREADS]

GRADIENT.onnx comes from xrv-convert gradient --decoder DECODER --classifier CLASSIFIER (z of 512 x 3 x 3, DenseNet-121); NETWORK.py defines ResNetAE(depth), CLASSIFIER.py
DenseNet121(), as the published ones are built. Weights do not matter to the time. Batch 1; seconds by the clock and of processor time, medians of the rounds after the first.
"""
import importlib.util
import sys
import tempfile
import time

import numpy as np
import onnx
import onnxruntime as ort
import torch


def load(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def session(path, threads):
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])


gradient, network, classifier = sys.argv[1:4]
rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 7
threads = int(sys.argv[5]) if len(sys.argv) > 5 else 1
torch.set_num_threads(threads)
torch.set_flush_denormal(True)
forward = tempfile.mktemp(suffix=".onnx")
inputs = [i.name for i in onnx.load(gradient, load_external_data=False).graph.input]
onnx.utils.extract_model(gradient, forward, inputs, ["prediction"])
ours, alone = session(gradient, threads), session(forward, threads)
z = np.random.default_rng(0).standard_normal((1, 512, 3, 3), np.float32)
feeds = {"z": z, "target": np.array([10], np.int64)}
feeds = {name: feeds[name] for name in inputs}
ae, f = load(network, "network").ResNetAE(101).eval(), load(classifier, "classifier").DenseNet121().eval()
for p in [*ae.parameters(), *f.parameters()]:
    p.requires_grad_(False)


def backward():
    zz = torch.from_numpy(z).requires_grad_(True)
    p = torch.sigmoid(f(ae.decode(zz)))[:, 10].sum()
    return torch.autograd.grad(p, zz)[0]


turns = {
    "ONNX Runtime, forward": lambda: alone.run(None, feeds),
    "ONNX Runtime, gradient file": lambda: ours.run(None, feeds),
    "PyTorch, forward and backward": backward,
}
clock, cpu = {n: [] for n in turns}, {n: [] for n in turns}
for _ in range(rounds + 1):
    for name, run in turns.items():
        c, t = time.process_time(), time.perf_counter()
        run()
        clock[name].append(time.perf_counter() - t)
        cpu[name].append(time.process_time() - c)
base = np.median(cpu["ONNX Runtime, forward"][1:])
for name in turns:
    c = np.array(cpu[name][1:])
    print(f"{name}: {np.median(c):.3f} cpu s ({c.min():.3f} to {c.max():.3f}), {np.median(clock[name][1:]):.3f} s by the clock, {np.median(c) / base:.2f} times the forward")
