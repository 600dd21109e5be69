#!/usr/bin/env python3
"""Fills in golden.jsonl: token ids and float32 vectors of the original model.

    python3 reference.py MODEL_FOLDER golden.jsonl

Every line of golden.jsonl is an object with a "text"; this script sets its
"ids" and "float32" (base64 of little-endian values). It is written apart from
the Go code, from the description of BERT, with numpy only, so that the two
check each other. MODEL_FOLDER holds config.json, vocab.txt, model.safetensors.
"""
import base64
import json
import math
import struct
import sys
import unicodedata

import numpy as np

LONGEST_TEXT = 256  # tokens
LONGEST_WORD = 100  # characters


class Tokenizer:
    def __init__(self, path):
        with open(path, encoding="utf-8") as f:
            self.ids = {line.rstrip("\n"): i for i, line in enumerate(f)}

    def encode(self, text):
        ids = [i for word in self.words(text) for i in self.pieces(word)]
        return [self.ids["[CLS]"], *ids[: LONGEST_TEXT - 2], self.ids["[SEP]"]]

    def words(self, text):
        clean = []
        for c in text:
            if c in "\t\n\r":
                clean.append(" ")
            elif c == "\ufffd" or unicodedata.category(c).startswith("C"):
                continue
            elif c.isspace():
                clean.append(" ")
            else:
                clean.append(f" {c} " if is_ideograph(ord(c)) else c)
        plain = unicodedata.normalize("NFD", "".join(clean))
        plain = "".join(c.lower() for c in plain if unicodedata.category(c) != "Mn")
        return "".join(f" {c} " if is_punctuation(c) else c for c in plain).split()

    def pieces(self, word):
        if len(word) > LONGEST_WORD:
            return [self.ids["[UNK]"]]
        found, start = [], 0
        while start < len(word):
            for end in range(len(word), start, -1):
                piece = word[start:end] if start == 0 else "##" + word[start:end]
                if piece in self.ids:
                    found.append(self.ids[piece])
                    start = end
                    break
            else:
                return [self.ids["[UNK]"]]
        return found


def is_ideograph(c):
    ranges = [(0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F),
              (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)]
    return any(low <= c <= high for low, high in ranges)


def is_punctuation(c):
    if ord(c) < 128:
        return 32 < ord(c) < 127 and not c.isalnum()
    return unicodedata.category(c).startswith("P")


def read_tensors(path):
    with open(path, "rb") as f:
        header = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))
        data = f.read()
    return {
        name: np.frombuffer(data[slice(*t["data_offsets"])], dtype="<f4").reshape(t["shape"])
        for name, t in header.items()
        if name != "__metadata__" and t["dtype"] == "F32"
    }


def layer_norm(x, t, name, eps):
    x = x - x.mean(axis=-1, keepdims=True)
    x = x / np.sqrt((x * x).mean(axis=-1, keepdims=True) + eps)
    return x * t[name + ".weight"] + t[name + ".bias"]


def linear(x, t, name):
    return x @ t[name + ".weight"].T + t[name + ".bias"]


erf = np.vectorize(math.erf, otypes=[np.float64])


def encode(ids, t, config):
    n, eps, heads = len(ids), config["layer_norm_eps"], config["num_attention_heads"]
    x = t["embeddings.word_embeddings.weight"][ids]
    x = x + t["embeddings.position_embeddings.weight"][:n] + t["embeddings.token_type_embeddings.weight"][0]
    x = layer_norm(x.astype(np.float64), t, "embeddings.LayerNorm", eps)
    for i in range(config["num_hidden_layers"]):
        at = f"encoder.layer.{i}."
        q, k, v = (
            linear(x, t, f"{at}attention.self.{part}").reshape(n, heads, -1).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = q @ k.transpose(0, 2, 1) / math.sqrt(q.shape[-1])
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        mixed = (weights @ v).transpose(1, 0, 2).reshape(n, -1)
        x = layer_norm(x + linear(mixed, t, at + "attention.output.dense"), t, at + "attention.output.LayerNorm", eps)
        up = linear(x, t, at + "intermediate.dense")
        up = up * 0.5 * (1 + erf(up / math.sqrt(2)))
        x = layer_norm(x + linear(up, t, at + "output.dense"), t, at + "output.LayerNorm", eps)
    mean = x.mean(axis=0)
    return mean / np.linalg.norm(mean)


def main():
    folder, path = sys.argv[1:]
    with open(f"{folder}/config.json", encoding="utf-8") as f:
        config = json.load(f)
    tokenizer = Tokenizer(f"{folder}/vocab.txt")
    tensors = read_tensors(f"{folder}/model.safetensors")
    with open(path, encoding="utf-8") as f:
        texts = [json.loads(line)["text"] for line in f]
    with open(path, "w", encoding="utf-8") as f:
        for text in texts:
            ids = tokenizer.encode(text)
            vector = encode(ids, tensors, config).astype("<f4").tobytes()
            line = {"text": text, "ids": ids, "float32": base64.b64encode(vector).decode()}
            f.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
