from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from classifiers import model_folder
from classifiers.emotion import networks
from classifiers.emotion.augment import Variation, varied
from classifiers.emotion.classifier import EmotionClassifier
from classifiers.emotion.faces import find_faces
from classifiers.emotion.labels import LABELS
from classifiers.emotion.reader import Calibration, ExpressionReader, calibrate, logits, open_reader
from classifiers.softmax import softmax
from search.contracts import UInt8
from search.errors import CannotGoOn, ModelUnavailable
from tests.emotion_files import noise, untrained_model

pytestmark = pytest.mark.slow  # TensorFlow

STILL = Variation(0, 0, 0, 0, 0)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return untrained_model(tmp_path_factory.mktemp("model") / "emotion")


@pytest.fixture(scope="module")
def person(test_data: Path) -> UInt8:
    """A frame of a real film with one face."""
    return frame_at(test_data / "captioned_clips" / "clip_08.mp4", 2.0)


def frame_at(film: Path, seconds: float) -> UInt8:
    """RGB, 380 pixels on its longer side."""
    video = cv2.VideoCapture(str(film))
    video.set(cv2.CAP_PROP_POS_MSEC, seconds * 1000)
    frame = video.read()[1]
    scale = 380 / max(frame.shape[:2])
    small = cv2.resize(frame, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2RGB), np.uint8)


class Fixed:
    """A network whose logits are given: `weights` times how bright the left half is."""

    def __call__(self, faces: Any, *, training: bool) -> Any:
        assert not training
        left = faces[:, :, :24].mean(axis=(1, 2, 3)) / 255
        return np.stack([left * 4, *[np.zeros_like(left)] * 5], axis=1).astype(np.float32)


def test_a_frame_without_a_face_says_so(model: Path) -> None:
    empty = np.full((3, 214, 380, 3), 128, np.uint8)

    classifier = EmotionClassifier(model)

    assert np.isnan(classifier.scores(empty)).all()
    assert classifier.scores(empty).shape == (3, 6)
    assert classifier.scores(empty[:0]).shape == (0, 6)


def test_a_real_face_is_found_and_its_probabilities_sum_to_one(model: Path, person: UInt8) -> None:
    frames = np.stack([np.zeros_like(person), person])

    scores = EmotionClassifier(model).scores(frames)

    assert np.isnan(scores[0]).all()
    assert scores[1].sum() == pytest.approx(1)
    assert scores.dtype == np.float32


@pytest.mark.parametrize(("film", "seconds"), [("clip_20.mp4", 1.0), ("clip_22.mp4", 7.0)])
def test_jugs_and_sparks_are_no_faces(test_data: Path, film: str, seconds: float) -> None:
    assert find_faces(frame_at(test_data / "captioned_clips" / film, seconds)) == []


def test_every_face_is_read_and_the_largest_leads(model: Path, person: UInt8) -> None:
    ((box, _),) = find_faces(person)
    near = person[box.top - 30 : box.top + box.side + 30, box.left - 30 : box.left + box.side + 30]
    both = np.zeros((1, 400, 760, 3), np.uint8)
    for side, left in ((300, 20), (400, 340)):
        both[0, :side, left : left + side] = cv2.resize(near, (side, side), interpolation=cv2.INTER_LINEAR)
    classifier = EmotionClassifier(model)

    (expressions,) = classifier.expressions(both)

    assert len(expressions) == 2
    assert expressions[0].box.side > expressions[1].box.side
    np.testing.assert_array_equal(classifier.scores(both)[0], expressions[0].probabilities)


def test_a_face_is_cut_to_its_grey_picture(person: UInt8) -> None:
    ((box, picture),) = find_faces(person)

    assert picture.shape == (48, 48)
    assert picture.dtype == np.uint8
    cut = person[box.top : box.top + box.side, box.left : box.left + box.side]
    assert abs(float(picture.mean()) - float(cut.mean())) < 12


def test_opencv_without_cascades_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from classifiers.emotion import faces

    monkeypatch.delattr(cv2, "CascadeClassifier")
    faces._cascade.cache_clear()
    with pytest.raises(CannotGoOn, match="no Haar cascades"):
        find_faces(np.zeros((64, 64, 3), np.uint8))


def test_equal_models_have_equal_fingerprints_and_others_not(model: Path, tmp_path: Path) -> None:
    other = untrained_model(tmp_path / "other", temperature=1.0)

    assert EmotionClassifier(model).spec == EmotionClassifier(model).spec
    assert EmotionClassifier(model).spec.labels == LABELS
    assert EmotionClassifier(other).spec.fingerprint != EmotionClassifier(model).spec.fingerprint


def test_mirror_images_count_as_much_as_the_face() -> None:
    face = np.zeros((1, 48, 48), np.uint8)
    face[:, :, :24] = 255

    one = ExpressionReader(Fixed()).probabilities(face)
    both = ExpressionReader(Fixed(), Calibration(2.0, True)).probabilities(face)

    np.testing.assert_allclose(one, softmax(np.array([[4.0, 0, 0, 0, 0, 0]])), atol=1e-6)
    np.testing.assert_allclose(both, softmax(np.array([[1.0, 0, 0, 0, 0, 0]])), atol=1e-6)


def test_the_inner_part_of_a_face_counts_as_much_as_the_whole() -> None:
    framed = np.zeros((1, 48, 48), np.uint8)
    framed[:, 2:46, 2:46] = 255

    scores = [logits(Fixed(), framed, inner=inner)[0, 0] for inner in (False, True)]

    whole = 4 * (44 * 22) / (48 * 24)
    np.testing.assert_allclose(scores, [whole, (whole + 4) / 2], rtol=1e-5)


def test_calibration_finds_the_temperature_that_was_put_in() -> None:
    rng = np.random.default_rng(0)
    brightness = rng.integers(0, 256, 3000)
    faces = np.broadcast_to(brightness[:, None, None], (3000, 48, 48)).astype(np.uint8)
    odds = softmax(np.stack([brightness / 255 * 2, *[np.zeros(3000)] * 5], axis=1).astype(np.float32))
    true = (rng.random((3000, 1)) > odds.cumsum(axis=1)).sum(axis=1).clip(max=5)

    found = calibrate(Fixed(), faces, true)

    assert found.temperature == pytest.approx(2.0, rel=0.25), "the logits are twice what they should be"


def test_half_precision_on_disk_reads_nearly_the_same(model: Path) -> None:
    reader = open_reader(model)

    assert {str(weight.dtype) for weight in model_folder.load_network(model).get_weights()} == {"float16"}
    assert {str(weight.dtype) for weight in reader.network.get_weights()} == {"float32"}
    assert reader.probabilities(noise(2)).sum(axis=1) == pytest.approx([1, 1])


def test_folders_of_another_kind_are_refused(model: Path, tmp_path: Path) -> None:
    facts = json.loads((model / "model.json").read_text())
    for change in ({"kind": "activity"}, {"labels": ["a"]}, {"settings": {}}, {"settings": {"temperature": "hot"}}):
        (tmp_path / "model.json").write_text(json.dumps({**facts, **change}))
        (tmp_path / "model.keras").write_bytes((model / "model.keras").read_bytes())
        with pytest.raises(ModelUnavailable):
            open_reader(tmp_path)
    with pytest.raises(ModelUnavailable):
        EmotionClassifier(tmp_path / "nothing")


@pytest.mark.parametrize(("arch", "most"), [("residual", 2_400_000), ("cookbook", 700_000)])
def test_networks_are_small_and_answer_six_logits(arch: str, most: int) -> None:
    network = networks.build(arch)

    assert network.count_params() <= most
    assert network.predict_on_batch(np.zeros((2, 48, 48, 1), np.float32)).shape == (2, 6)


def test_the_stronger_network_does_not_mind_the_light() -> None:
    network, face = networks.build("residual"), noise(1)[..., None].astype(np.float32)

    dimmer = network.predict_on_batch(face * 0.5 + 20)

    np.testing.assert_allclose(network.predict_on_batch(face), dimmer, rtol=1e-2, atol=1e-2)


def test_a_variation_of_nothing_is_the_face_or_its_mirror_image() -> None:
    faces = noise(32)

    moved = varied(faces, STILL, np.random.default_rng(0)).round().astype(np.uint8)

    mirrored = [(face == other[:, ::-1]).all() for face, other in zip(faces, moved, strict=True)]
    plain = [(face == other).all() for face, other in zip(faces, moved, strict=True)]
    assert all(np.array(mirrored) ^ np.array(plain))
    assert 4 < sum(mirrored) < 28


def test_variations_keep_the_range_and_a_seed_decides_them() -> None:
    faces = noise(16)

    one, again, other = (varied(faces, Variation(), np.random.default_rng(seed)) for seed in (1, 1, 2))

    assert one.dtype == np.float32
    assert one.min() >= 0
    assert one.max() <= 255
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()
