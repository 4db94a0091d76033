"""What every encoder promises (`search.contracts.Encoder`), held against each that is on this machine."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from search.contracts import Encoder, UInt8
from search.encoders.cards import describe
from search.encoders.hub import S3D, find_cached, own_folder
from search.encoders.registry import encoder_names, open_encoder
from search.encoders.saved_model import SavedModelEncoder
from search.errors import VsearchError
from search.settings import read_settings
from tests.fakes import FakeEncoder
from tests.models import build_hub_model, build_model
from tests.onnx_models import build_onnx
from tests.open_clip_models import build_open_clip

pytestmark = pytest.mark.slow  # TensorFlow

TEXTS = ["a dog runs on the beach", "A DOG!", "", "   ", "😀 🎬", "12345", "犬 собака", "\x00\ud800", "a " * 5000]


BUILT = ["fake", "folder with tower", "folder", "tf1 hub", "onnx", "open_clip"]


@pytest.fixture(scope="module", params=[*BUILT, *encoder_names()])
def encoder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    name, folder = request.param, tmp_path_factory.mktemp("encoder") / "model"
    settings = replace(read_settings(), models=tmp_path_factory.mktemp("models"))
    if name == "fake":
        return FakeEncoder()
    if name == "onnx":
        return open_encoder(f"onnx:{build_onnx(folder)}", settings)
    if name == "open_clip":
        return open_encoder(f"open_clip:{build_open_clip(folder)}", settings)
    if name == "tf1 hub":
        build_hub_model(folder)
        build_model(folder.parent / "plan")
        (folder / "model.json").write_text((folder.parent / "plan" / "model.json").read_text())
        return SavedModelEncoder(folder, models=settings.models)
    if name.startswith("folder"):
        return SavedModelEncoder(build_model(folder, tower="tower" in name), models=settings.models)
    if cached := find_cached(S3D, read_settings()):
        own_folder(S3D, settings).symlink_to(cached)
    if not describe(name, settings).cached:
        pytest.skip(f"the model {name} is not on this machine")
    return open_encoder(name, settings)


@pytest.fixture(scope="module")
def clips(encoder: Encoder) -> UInt8:
    """Three clips: noise, darkness, one bright colour."""
    spec = encoder.spec
    drawn = np.random.default_rng(0).integers(0, 256, (3, spec.frames, spec.size, spec.size, 3), np.uint8)
    drawn[1] = 0
    drawn[2] = (250, 200, 20)
    return drawn


def test_the_spec_is_sane_and_stays(encoder: Encoder) -> None:
    spec = encoder.spec
    assert spec == encoder.spec
    assert spec.name
    assert int(spec.fingerprint, 16) >= 0
    assert min(spec.dim, spec.frames, spec.size) > 0
    assert spec.fps > 0


def test_clips_become_one_finite_float32_vector_each(encoder: Encoder, clips: UInt8) -> None:
    vectors = encoder.encode_clips(clips)
    assert vectors.dtype == np.float32
    assert vectors.shape == (3, encoder.spec.dim)
    assert np.isfinite(vectors).all()
    assert not np.allclose(vectors[0], vectors[2], atol=1e-3)


def test_no_clips_and_no_texts_are_fine(encoder: Encoder, clips: UInt8) -> None:
    for vectors in (encoder.encode_clips(clips[:0]), encoder.encode_texts([])):
        assert vectors.dtype == np.float32
    assert vectors.shape == (0, encoder.spec.dim)


def test_the_same_clips_give_the_same_vectors(encoder: Encoder, clips: UInt8) -> None:
    np.testing.assert_allclose(encoder.encode_clips(clips), encoder.encode_clips(clips), atol=1e-5)


def test_a_vector_does_not_depend_on_its_batch(encoder: Encoder, clips: UInt8) -> None:
    together = encoder.encode_clips(clips)
    alone = np.concatenate([encoder.encode_clips(clip[None]) for clip in clips])
    np.testing.assert_allclose(together, alone, atol=1e-4 * max(1, np.abs(together).max()))
    together = encoder.encode_texts(TEXTS)
    alone = np.concatenate([encoder.encode_texts([text]) for text in TEXTS])
    np.testing.assert_allclose(together, alone, atol=1e-4 * max(1, np.abs(together).max()))


def test_clips_of_another_shape_or_type_are_refused_at_the_door(encoder: Encoder, clips: UInt8) -> None:
    for wrong in (clips[:, :-1], clips[:, :, :-1], clips[0], clips.astype(np.float32)):
        with pytest.raises(VsearchError):
            encoder.encode_clips(wrong)  # type: ignore[arg-type]


def test_no_sentence_raises(encoder: Encoder) -> None:
    vectors = encoder.encode_texts(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), encoder.spec.dim)
    assert np.isfinite(vectors).all()


def test_unknown_words_are_lower_cased_words_of_the_text_in_order(encoder: Encoder) -> None:
    text = "Zzqxv qwrtz"
    assert encoder.unknown_words(text) in ([], ["zzqxv", "qwrtz"])
    assert encoder.unknown_words("") == []
    for text in TEXTS:
        assert all(word in text.lower() for word in encoder.unknown_words(text))


@pytest.mark.parametrize("name", encoder_names())
def test_opening_and_asking_import_no_tensorflow(name: str) -> None:
    card = describe(name, read_settings())
    if card.text_runtime != "numpy":
        pytest.skip(f"{name} is not here, or needs TensorFlow for texts")
    code = (
        f"import sys\nfrom search.encoders.registry import open_encoder\nencoder = open_encoder({name!r})\n"
        "assert encoder.encode_texts(['a dog']).shape == (1, encoder.spec.dim)\n"
        "assert not {'tensorflow', 'keras', 'tensorflow_hub'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
