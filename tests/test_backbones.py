"""Backbones: the bundled one against the encoder it is half of, and those of Keras Applications."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifiers.backbones import application, backbone_names, open_backbone
from classifiers.frame_trunk import FrameTrunk
from classifiers.picture_trunk import picture_network, picture_trunk
from classifiers.picture_weights import spatial_weights, weight_names
from search import runtime
from search.encoders.s3d import S3DConfig, read_config, video_network
from search.errors import ModelUnavailable, UsageError

STILL_FRAMES = 96
TINY = dataclasses.replace(read_config("mini"), frames=STILL_FRAMES, size=32, width=0.125)


def drawn_weights(network: Any) -> list[np.ndarray]:
    """Weights at which a signal neither dies nor explodes, normalisation included."""
    rng = np.random.default_rng(0)
    weights = []
    for weight in network.weights:
        shape, part = tuple(weight.shape), weight.path.rpartition("/")[2]
        if part == "kernel":
            weights.append(rng.normal(0, np.sqrt(2 / np.prod(shape[:-1])), shape))
        elif part in ("gamma", "moving_variance"):
            weights.append(rng.uniform(0.8, 1.2, shape))
        else:
            weights.append(rng.normal(0, 0.1, shape))
    return [weight.astype(np.float32) for weight in weights]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mini", "s3d"])
def test_weights_are_named_in_the_order_of_the_network(name: str) -> None:
    assert list(weight_names()) == [weight.path for weight in video_network(read_config(name)).weights]


@pytest.mark.slow
@pytest.mark.parametrize("stem", ["space_to_depth", "plain"])
def test_a_picture_is_a_clip_that_stands_still_for_ever(stem: Any) -> None:
    config: S3DConfig = dataclasses.replace(TINY, stem=stem)
    clips = video_network(config)
    weights = drawn_weights(clips)
    clips.set_weights(weights)
    pictures = picture_network(config, spatial_weights(weights))
    shown = np.random.default_rng(1).integers(0, 256, (3, 32, 32, 3)).astype(np.float32)
    still = np.repeat(shown[:, None] / 255, STILL_FRAMES, axis=1)

    last_block = runtime.keras().Model(clips.input, clips.get_layer("mixed_5c").output)
    whole = last_block.predict(still, verbose=0)
    middle = whole[:, whole.shape[1] // 2].mean(axis=(1, 2))
    feature = pictures.predict(shown, verbose=0)

    centred = [x - x.mean(axis=0) for x in (feature, middle)]
    likeness = (centred[0] * centred[1]).sum() / np.linalg.norm(centred[0]) / np.linalg.norm(centred[1])
    assert likeness > 0.95


@pytest.mark.slow
def test_the_bundled_backbone_gives_features_of_pictures_and_loads_without_code(tmp_path: Path) -> None:
    backbone = open_backbone("Bundled")
    pictures = np.random.default_rng(0).integers(0, 256, (3, backbone.size, backbone.size, 3), dtype=np.uint8)

    features = backbone.features(pictures)
    backbone.network.save(tmp_path / "trunk.keras")
    loaded = runtime.keras().saving.load_model(tmp_path / "trunk.keras", safe_mode=True)

    assert features.shape == (3, backbone.dim)
    assert features.dtype == np.float32
    assert backbone.features(pictures[:0]).shape == (0, backbone.dim)
    np.testing.assert_allclose(loaded.predict(pictures.astype(np.float32), verbose=0), features, atol=1e-5)


@pytest.mark.slow
def test_the_trunk_of_frames_is_that_of_pictures() -> None:
    pictures = picture_trunk()
    size = read_config("mini").size
    shown = np.random.default_rng(0).integers(0, 256, (2, size, size, 3), dtype=np.uint8)
    middle = runtime.keras().Model(pictures.input, pictures.get_layer("mixed_4f").output)

    places = FrameTrunk("mixed_4f").places(shown)

    np.testing.assert_allclose(places, middle.predict(shown, verbose=0), atol=1e-4)


@pytest.mark.slow
def test_a_folder_without_our_weights_is_no_trunk(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text('{"name": "mini"}')

    with pytest.raises(ModelUnavailable):
        picture_trunk(tmp_path)


@pytest.mark.slow
def test_preprocessing_is_inside_networks_of_keras_applications() -> None:
    backbone = application("VGG16", None)
    pictures = np.random.default_rng(0).uniform(0, 255, (1, 224, 224, 3)).astype(np.float32)

    inside = backbone.network.get_layer("preprocessing")(pictures)

    expected = runtime.keras().applications.vgg16.preprocess_input(pictures.copy())
    np.testing.assert_allclose(np.asarray(inside), expected, atol=1e-3)
    assert (backbone.name, backbone.size, backbone.dim) == ("vgg16", 224, 512)


@pytest.mark.slow
def test_without_a_network_the_cure_is_the_bundled_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    monkeypatch.setattr("keras.src.utils.file_utils.config.keras_home", lambda: str(tmp_path))

    with pytest.raises(ModelUnavailable) as raised:
        open_backbone("mobilenetv2")

    assert "--backbone bundled" in raised.value.cure
    assert capsys.readouterr().out == ""


def test_every_name_is_listed_and_another_is_refused() -> None:
    assert {"bundled", "vgg16", "resnet50", "inceptionv3", "mobilenetv2"} <= set(backbone_names())
    with pytest.raises(UsageError, match="resnet49"):
        open_backbone("resnet49")
