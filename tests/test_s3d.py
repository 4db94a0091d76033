from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search.encoders.s3d import S3DConfig, read_config, text_network, video_network
from search.errors import UsageError

TINY = S3DConfig("tiny", 8, 5.0, 32, 16, 0.125, "space_to_depth", word_dim=6, hidden=10, max_words=4)
# The published name of a parameter's last part, and ours.
PARTS = {
    ("bn", "weight"): "gamma",
    ("bn", "bias"): "beta",
    ("bn", "running_mean"): "moving_mean",
    ("bn", "running_var"): "moving_variance",
    ("word_embd", "weight"): "embeddings",
}


@pytest.fixture(scope="module")
def published() -> dict[str, list[int]]:
    path = Path(os.environ.get("VSEARCH_TEST_DATA", "")) / "../reference/s3d_howto100m_shapes.json"
    if not path.exists():
        pytest.skip("the table of published shapes is not on this machine")
    table: dict[str, list[int]] = json.loads(path.read_text())["parameters"]
    return table


def our_name(published: str) -> str:
    module, _, part = published.rpartition(".")
    layer = module.rpartition(".")[2]
    kind = "bn" if layer.startswith("bn") else layer
    return f"{module.replace('.', '_')}/{PARTS.get((kind, part), {'weight': 'kernel'}.get(part, part))}"


def our_shape(name: str, published: list[int]) -> tuple[int, ...]:
    """[out, in, t, h, w] becomes [t, h, w, in, out], and [out, in] becomes [in, out]."""
    if len(published) == 5:
        out, into, *kernel = published
        return (*kernel, into, out)
    return tuple(published if "word_embd" in name else published[::-1])


@pytest.mark.slow
def test_at_full_size_every_published_weight_has_its_place(published: dict[str, list[int]]) -> None:
    config = read_config("s3d")
    networks = (video_network(config), text_network(config, published["text_module.word_embd.weight"][0] - 1))
    ours = {weight.path: tuple(weight.shape) for network in networks for weight in network.weights}

    theirs = {
        our_name(name): our_shape(name, shape) for name, shape in published.items() if "num_batches" not in name
    }

    assert theirs == ours


@pytest.mark.slow
@pytest.mark.parametrize("stem", ["space_to_depth", "plain"])
def test_clips_become_embeddings_and_features(stem: str) -> None:
    network = video_network(replace(TINY, stem=stem))  # type: ignore[arg-type]

    outputs = network(np.random.default_rng(0).random((2, 8, 32, 32, 3), np.float32))

    assert tuple(outputs["video_embedding"].shape) == (2, 16)
    assert outputs["mixed_5c"].shape[0] == 2


@pytest.mark.slow
def test_frame_order_matters() -> None:
    network = video_network(TINY)
    clip = np.random.default_rng(0).random((1, 8, 32, 32, 3), np.float32)

    # Untrained activations fade from layer to layer, so their scale is taken out.
    there, back = (np.asarray(network(c)["mixed_5c"]) for c in (clip, clip[:, ::-1]))

    assert np.abs(there - back).max() > 1e-3 * np.abs(there).max()


def test_absent_words_do_not_take_part() -> None:
    network = text_network(TINY, vocabulary=9)
    weights = network.get_weights()
    weights[0][0] = 1e3 * np.sign(np.random.default_rng(0).normal(size=TINY.word_dim))  # a padding that would win
    network.set_weights(weights)
    short = text_network(replace(TINY, max_words=2), vocabulary=9)
    short.set_weights(weights)

    long_one, short_one = network(np.array([[3, 4, 0, 0]])), short(np.array([[3, 4]]))

    np.testing.assert_allclose(np.asarray(long_one), np.asarray(short_one), rtol=1e-5)


def test_channels_follow_the_width_in_eights() -> None:
    assert [replace(TINY, width=0.5).channels(count) for count in (16, 24, 64, 208)] == [8, 16, 32, 104]
    assert all(read_config("s3d").channels(count) == count for count in (16, 24, 112, 208, 528))


def test_an_unknown_configuration_names_the_known_ones() -> None:
    with pytest.raises(UsageError) as raised:
        read_config("maxi")

    assert "mini, s3d" in raised.value.cure
