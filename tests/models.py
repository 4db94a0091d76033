"""Small model folders for tests: the signatures of S3D over a tiny network."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from search import runtime
from search.encoders.text_tower import FOLDER, TextTower, TowerPlan, save_tower

WORDS = ["a", "the", "on", "in", "of", "red", "green", "blue", "dog", "cat", "man", "woman", "runs", "jumps", "beach"]
WORDS += ["forest", "snow", "it's", "night", "room"]
FRAMES, FPS, SIZE, DIM = 8, 5.0, 32, 16
EMBEDDING, HIDDEN = 12, 24
PLAN = TowerPlan()


@dataclass(frozen=True)
class Weights:
    """What the small network is made of; drawn from a seed."""

    seed: int = 0
    words: Sequence[str] = tuple(WORDS)
    plan: TowerPlan = PLAN

    def text(self) -> list[np.ndarray]:
        draw = np.random.default_rng(self.seed)
        shapes = [(len(self.words) + 1, EMBEDDING), (EMBEDDING, HIDDEN), (HIDDEN,), (HIDDEN, DIM), (DIM,)]
        return [draw.normal(0, 0.5, shape).astype(np.float32) for shape in shapes]

    def video(self) -> np.ndarray:
        return np.random.default_rng(self.seed + 1).normal(0, 1, (3, DIM)).astype(np.float32)

    def tower(self) -> TextTower:
        return TextTower(self.words, self.text(), self.plan)


WEIGHTS = Weights()


def rows_of_words(tf: Any, table: Any, texts: Any, plan: TowerPlan) -> Any:
    """Sentences to rows of the word table, as the graphs of S3D do it."""
    clean = tf.strings.regex_replace(tf.strings.lower(texts), r"[^a-z0-9_']+", " ")
    words = tf.strings.split(clean)
    rows = words.with_values(table.lookup(words.values))
    known = tf.ragged.boolean_mask(rows, rows > 0)[:, : plan.max_words]
    return known.to_tensor(0, shape=(None, plan.max_words))


def text_vectors(tf: Any, rows: Any, weights: Sequence[Any], plan: TowerPlan) -> Any:
    embedding, kernel1, bias1, kernel2, bias2 = weights
    hidden = tf.nn.relu(tf.einsum("nwe,eh->nwh", tf.gather(embedding, rows), kernel1) + bias1)
    if not plan.pad_counts:
        only_padding = tf.reduce_all(tf.equal(rows, 0), axis=1, keepdims=True)
        hidden *= tf.cast(tf.not_equal(rows, 0) | only_padding, tf.float32)[..., None]
    return tf.reduce_max(hidden, axis=1) @ kernel2 + bias2


def build_model(
    folder: Path,
    weights: Weights = WEIGHTS,
    *,
    plan: bool = True,
    tower: bool = False,
    signatures: Sequence[str] = ("video", "text"),
    normalised: bool = False,
    broken: bool = False,
    frames: int | None = None,
) -> Path:
    """Writes a SavedModel of TensorFlow 2, its vocabulary a lookup table inside the graph.

    `normalised` makes the text side no plain tower, `broken` makes it answer NaN, `frames` fixes the input's shape.
    """
    tf = runtime.tensorflow()

    small = tf.Module()
    keys, values = tf.constant(list(weights.words)), tf.range(1, len(weights.words) + 1, dtype=tf.int64)
    small.table = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(keys, values), 0)
    small.text_module = [tf.Variable(matrix) for matrix in weights.text()]
    small.fc = tf.Variable(weights.video())

    def video(clips: Any) -> Any:
        pooled = tf.reduce_mean(clips, axis=(1, 2, 3))
        return {"mixed_5c": pooled, "video_embedding": pooled @ small.fc}

    def text(texts: Any) -> Any:
        rows = rows_of_words(tf, small.table, texts, weights.plan)
        vectors = text_vectors(tf, rows, small.text_module, weights.plan)
        if normalised:
            vectors = tf.math.l2_normalize(vectors, axis=1)
        return {"text_embedding": vectors / (0.0 if broken else 1.0)}

    takes_clips = tf.TensorSpec([None, frames, None, None, 3], tf.float32, name="frames")
    functions = {
        "video": tf.function(video, input_signature=[takes_clips]),
        "text": tf.function(text, input_signature=[tf.TensorSpec([None], tf.string, name="sentences")]),
    }
    small.functions = functions
    tf.saved_model.save(small, str(folder), {name: functions[name] for name in signatures})
    complete(folder, weights, plan=plan, tower=tower)
    return folder


def build_hub_model(folder: Path, weights: Weights = WEIGHTS) -> Path:
    """Writes a module in the form of TF1 Hub: graphs tagged {} and {train}, the vocabulary an asset."""
    tf = runtime.tensorflow()
    v1 = tf.compat.v1
    vocabulary = folder.with_suffix(".txt")
    vocabulary.write_text("".join(f"{word}\n" for word in weights.words))
    with tf.Graph().as_default(), v1.Session() as session:
        texts = v1.placeholder(tf.string, [None], name="words")
        clips = v1.placeholder(tf.float32, [None, None, None, None, 3], name="video")
        asset = tf.constant(str(vocabulary), name="vocabulary")
        v1.add_to_collection(v1.GraphKeys.ASSET_FILEPATHS, asset)
        whole, line = tf.lookup.TextFileIndex.WHOLE_LINE, tf.lookup.TextFileIndex.LINE_NUMBER
        initializer = tf.lookup.TextFileInitializer(asset, tf.string, whole, tf.int64, line)
        table = tf.lookup.StaticHashTable(initializer, -1)
        shifted = type("Shifted", (), {"lookup": staticmethod(lambda words: table.lookup(words) + 1)})
        names = ("word_embd", "fc1/w", "fc1/b", "fc2/w", "fc2/b")
        with v1.variable_scope("text_module"):
            variables = [v1.get_variable(n, initializer=w) for n, w in zip(names, weights.text(), strict=True)]
        fc = v1.get_variable("fc", initializer=weights.video())
        vectors = text_vectors(tf, rows_of_words(tf, shifted, texts, weights.plan), variables, weights.plan)
        pooled = tf.reduce_mean(clips, axis=(1, 2, 3))
        define = v1.saved_model.signature_def_utils.predict_signature_def
        signatures = {
            "video": define({"images": clips}, {"video_embedding": pooled @ fc, "mixed_5c": pooled}),
            "text": define({"words": texts}, {"text_embedding": vectors}),
        }
        session.run([v1.global_variables_initializer(), v1.tables_initializer()])
        builder = v1.saved_model.Builder(str(folder))
        builder.add_meta_graph_and_variables(
            session, [], signatures, assets_collection=[asset], main_op=v1.tables_initializer()
        )
        builder.add_meta_graph(["train"], signatures)
        builder.save()
    (folder / "tfhub_module.pb").write_bytes(b"\x08\x03")
    return folder


def complete(folder: Path, weights: Weights, *, plan: bool, tower: bool) -> None:
    if plan:
        said = {"schema": 1, "name": "small", "dim": DIM, "frames": FRAMES, "fps": FPS, "size": SIZE}
        (folder / "model.json").write_text(json.dumps(said | {"max_words": weights.plan.max_words}))
    if tower:
        save_tower(weights.tower(), folder / FOLDER)
