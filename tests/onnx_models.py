"""Small ONNX folders for tests: graphs of two or three nodes, and a tokenizer of whole words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

WORDS = ["[pad]", "[unk]", "a", "dog", "cat", "runs", "on", "the", "beach", "red", "green", "blue"]
SIZE, DIM, LENGTH = 32, 16, 6
PLAN: dict[str, Any] = {
    "schema": 1,
    "size": SIZE,
    "mean": [0.5, 0.4, 0.3],
    "std": [0.2, 0.25, 0.3],
    "context_length": LENGTH,
}


def draw(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 1, shape).astype(np.float32)


def build_onnx(
    folder: Path,
    *,
    seed: int = 0,
    plan: Mapping[str, Any] = PLAN,
    layout: str = "BCHW",
    masked: bool = False,
    batch: str | int = "B",
    text_dim: int = DIM,
) -> Path:
    """A picture is its mean colour times a matrix; a sentence is the mean of the vectors of its tokens.

    `masked` makes the text graph take a mask and leave what is filled up out of the mean.
    """
    pytest.importorskip("onnxruntime", reason="needs the extra onnx (make test-extras)")
    pytest.importorskip("onnx", reason="needs the package onnx (make test-extras)")
    folder.mkdir(parents=True)
    save_image_graph(folder / "image.onnx", layout, batch, draw(3, DIM, seed=seed))
    save_text_graph(folder / "text.onnx", masked, batch, draw(len(WORDS), text_dim, seed=seed + 1))
    save_tokenizer(folder / "tokenizer.json")
    (folder / "encoder.json").write_text(json.dumps(plan))
    return folder


def save_image_graph(path: Path, layout: str, batch: str | int, matrix: np.ndarray) -> None:
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    shape, axes = ([batch, 3, SIZE, SIZE], [2, 3]) if layout == "BCHW" else ([batch, SIZE, SIZE, 3], [1, 2])
    nodes = [
        helper.make_node("ReduceMean", ["pixels"], ["colour"], axes=axes, keepdims=0),
        helper.make_node("MatMul", ["colour", "matrix"], ["image_embedding"]),
    ]
    graph = helper.make_graph(
        nodes,
        "image",
        [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("image_embedding", TensorProto.FLOAT, [batch, DIM])],
        [numpy_helper.from_array(matrix, "matrix")],
    )
    onnx.save(make_model(graph), path)


def save_text_graph(path: Path, masked: bool, batch: str | int, table: np.ndarray) -> None:
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    inputs = [helper.make_tensor_value_info("tokens", TensorProto.INT64, [batch, LENGTH])]
    nodes = [helper.make_node("Gather", ["table", "tokens"], ["words"])]
    constants = [numpy_helper.from_array(table, "table")]
    if masked:
        inputs.append(helper.make_tensor_value_info("mask", TensorProto.INT64, [batch, LENGTH]))
        constants.append(numpy_helper.from_array(np.array([2]), "last"))
        nodes += [
            helper.make_node("Cast", ["mask"], ["counted"], to=TensorProto.FLOAT),
            helper.make_node("Unsqueeze", ["counted", "last"], ["weights"]),
            helper.make_node("Mul", ["words", "weights"], ["kept"]),
        ]
    words = "kept" if masked else "words"
    nodes.append(helper.make_node("ReduceMean", [words], ["text_embedding"], axes=[1], keepdims=0))
    answer = helper.make_tensor_value_info("text_embedding", TensorProto.FLOAT, [batch, table.shape[1]])
    onnx.save(make_model(helper.make_graph(nodes, "text", inputs, [answer], constants)), path)


def make_model(graph: Any) -> Any:
    from onnx import helper

    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def save_tokenizer(path: Path) -> None:
    tokenizers = pytest.importorskip("tokenizers", reason="needs the extra onnx (make test-extras)")
    numbers = {word: number for number, word in enumerate(WORDS)}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(numbers, unk_token="[unk]"))
    tokenizer.normalizer = tokenizers.normalizers.Lowercase()
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.save(str(path))
