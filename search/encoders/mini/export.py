"""From trained networks to a model folder: the one format of every local encoder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from search import runtime
from search.encoders.s3d import S3DConfig, read_config, text_network, video_network
from search.encoders.text_tower import FOLDER, TextTower, TowerPlan, save_tower
from search.errors import CannotGoOn

Weights = Sequence[NDArray[Any]]
Precision = Literal["int8", "float16", "float32"]
SAMPLE_WORDS = ("a", "on", "dog")


def build_and_export(config_name: str, out: Path, seed: int = 0, words: Sequence[str] = SAMPLE_WORDS) -> S3DConfig:
    """Exports an untrained network of a shipped configuration: the right sizes and costs, meaningless vectors.

    Raises UsageError for an unknown configuration.
    """
    config = read_config(config_name)
    runtime.keras().utils.set_random_seed(seed)
    video, text = video_network(config), text_network(config, len(words))
    export(config, words, video.get_weights(), text.get_weights(), out)
    return config


def export(
    config: S3DConfig,
    words: Sequence[str],
    video: Weights,
    text: Weights,
    out: Path,
    *,
    precision: Precision = "float16",
    pad_counts: bool = False,
) -> None:
    """Writes the weights of `video_network` and `text_network` as a model folder.

    A SavedModel with the signatures `video` and `text` that plain TensorFlow runs, sentences cut into words inside
    the graph; `model.json`; and `text_tower/` for NumPy. Weights are kept in `precision` (int8: the word vectors and
    the kernels of convolutions; all else as float16 or float32) and computed with as float32; `pad_counts` as in
    `TowerPlan`. Raises CannotGoOn unless Keras runs on TensorFlow.
    """
    if runtime.keras().backend.backend() != "tensorflow":
        raise CannotGoOn(
            "Only TensorFlow writes SavedModels.", "Run again with KERAS_BACKEND=tensorflow and --resume."
        )
    tf = runtime.tensorflow()
    text = text if pad_counts else _silent_padding(text)
    network = video_network(config)
    if precision == "int8":
        video, text = _with_whole_kernels(network, video), _with_whole_numbers(text)
    else:
        video, text = _stored(video, precision), _stored(text, precision)
    video_graph, video_variables = _graph(network, video)
    # The network passes over number 0; padding that counts is one word more.
    filler = len(words) + 1 if pad_counts else 0
    text_graph, text_variables = _graph(
        text_network(config, len(words) + pad_counts), _padding_as_word(text) if pad_counts else text
    )
    numbers = _word_table(words)

    def encode_video(video: Any) -> dict[str, Any]:
        return dict(video_graph(video))

    def encode_text(text: Any) -> dict[str, Any]:
        return {"text_embedding": text_graph(_tokens(text, numbers, config.max_words, filler))}

    module = tf.Module()
    module.variables_kept = [video_variables, text_variables]
    module.numbers = numbers
    clips = tf.TensorSpec((None, config.frames, config.size, config.size, 3), tf.float32, "video")
    signatures = {
        "video": tf.function(encode_video).get_concrete_function(clips),
        "text": tf.function(encode_text).get_concrete_function(tf.TensorSpec((None,), tf.string, "text")),
    }
    tf.saved_model.save(module, str(out), signatures)
    save_tower(TextTower(words, text, TowerPlan(config.max_words, pad_counts)), out / FOLDER)
    (out / "model.json").write_text(json.dumps(_description(config), indent=2) + "\n", "utf-8")


def _description(config: S3DConfig) -> dict[str, Any]:
    fields = ("name", "dim", "frames", "fps", "size", "max_words")
    return {"schema": 1, **{field: getattr(config, field) for field in fields}, "card": "card.md"}


def _stored(weights: Weights, dtype: str) -> Weights:
    return [weight.astype(dtype) for weight in weights]


def _with_whole_kernels(network: Any, video: Weights) -> list[NDArray[Any]]:
    """The clip side with kernels of int8; the batch normalisation behind each, as float32, takes up their scales."""
    arrays = dict(zip((weight.path for weight in network.weights), video, strict=True))
    found = dict(zip(arrays, _stored(video, "float16"), strict=True))
    for layer in network.layers:
        mean, variance = f"{layer.name}/moving_mean", f"{layer.name}/moving_variance"
        if mean not in arrays:
            continue
        kernel = f"{layer.name.replace('_bn', '_conv')}/kernel"
        largest = np.abs(arrays[kernel]).max(axis=tuple(range(arrays[kernel].ndim - 1)))
        scale = np.where(largest > 0, largest, 1) / 127
        found[kernel] = np.rint(arrays[kernel] / scale).astype(np.int8)
        found[mean] = (arrays[mean] / scale).astype(np.float32)
        wide = (arrays[variance] + layer.epsilon) / scale**2 - layer.epsilon
        found[variance] = wide.astype(np.float32)
    return list(found.values())


def _with_whole_numbers(text: Weights) -> list[NDArray[Any]]:
    """The text weights with word vectors of int8; the first layer, kept as float32, takes up their scale."""
    embedding, kernel, *rest = text
    scale = np.abs(embedding).max(axis=0) / 127 + 1e-12
    whole = np.rint(embedding / scale).astype(np.int8)
    return [whole, (kernel * scale[:, None]).astype(np.float32), *_stored(rest, "float16")]


def _silent_padding(text: Weights) -> list[NDArray[Any]]:
    """The text weights with zeros as the word vector of number 0, which training never moves from chance."""
    embedding, *rest = text
    return [np.concatenate([np.zeros_like(embedding[:1]), embedding[1:]]), *rest]


def _padding_as_word(text: Weights) -> list[NDArray[Any]]:
    """The text weights with the row of the padding once more, at the end."""
    embedding, *rest = text
    return [np.concatenate([embedding, embedding[:1]]), *rest]


def _graph(network: Any, weights: Weights) -> tuple[Any, list[Any]]:
    """A function that runs a Keras network on variables of the weights' own dtype, and those variables."""
    tf = runtime.tensorflow()
    variables = [tf.Variable(weight, trainable=False) for weight in weights]
    of_path = {weight.path: variable for weight, variable in zip(network.weights, variables, strict=True)}

    def run(inputs: Any) -> Any:
        def cast(weight: Any) -> Any:
            return tf.cast(of_path[weight.path], tf.float32)

        trainable = [cast(weight) for weight in network.trainable_variables]
        fixed = [cast(weight) for weight in network.non_trainable_variables]
        outputs, _ = network.stateless_call(trainable, fixed, inputs, training=False)
        return outputs

    return run, variables


def _word_table(words: Sequence[str]) -> Any:
    """A lookup table inside the graph from a word to its number, 0 for an unknown one."""
    tf = runtime.tensorflow()
    rows = {word: row for row, word in enumerate(words, start=1)}  # of a word that stands twice, the last
    keys, values = tf.constant(list(rows)), tf.constant(list(rows.values()), tf.int32)
    return tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(keys, values), default_value=0)


def _tokens(texts: Any, numbers: Any, max_words: int, filler: int) -> Any:
    """String `[B]` to word numbers int32 `[B, max_words]`, short ones filled, as `Vocabulary.tokens` gives them."""
    tf = runtime.tensorflow()
    words = tf.strings.split(tf.strings.regex_replace(tf.strings.lower(texts), "[^a-z0-9_']+", " "))
    found = tf.ragged.map_flat_values(numbers.lookup, words)
    known = tf.ragged.boolean_mask(found, found > 0)
    return known[:, :max_words].to_tensor(filler, shape=(None, max_words))
