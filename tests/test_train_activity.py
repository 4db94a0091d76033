"""Training and measuring activities, on tiny films and a backbone that sees colours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from classifiers.activity.classifier import open_activity
from classifiers.activity.cnn_rnn import build_gru, head_scores
from classifiers.activity.course import fit_course
from classifiers.activity.examples import Examples
from classifiers.activity.network import ActivityNetwork
from classifiers.backbones import Backbone
from classifiers.contracts import Choices
from classifiers.smoothing import rolling_average
from indexer.training import activity as activity_training
from search import runtime
from search.errors import ModelUnavailable
from tests.command_line import CommandLine
from tests.fakes import FakeEncoder
from tests.films import draw_film

pytestmark = pytest.mark.slow
SIZE, DIM = 16, 6


def colour_backbone(name: str) -> Backbone:
    """Channel means of a picture, and their negatives."""
    keras = runtime.keras()
    pictures = keras.Input((SIZE, SIZE, 3))
    x = keras.layers.GlobalAveragePooling2D()(keras.layers.Rescaling(1 / 255)(pictures))
    network = keras.Model(pictures, keras.layers.Concatenate()([x, keras.layers.Rescaling(-1)(x)]), name="colours")
    return Backbone(name, SIZE, DIM, network)


@pytest.fixture(autouse=True)
def _colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activity_training, "open_backbone", colour_backbone)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Eight reddish and eight bluish pictures, and one that is none."""
    rng = np.random.default_rng(0)
    folder = tmp_path / "pictures"
    for label, bgr in (("red", (30, 30, 200)), ("blue", (200, 30, 30))):
        (folder / label).mkdir(parents=True)
        for i in range(8):
            noisy = np.clip(rng.normal(bgr, 20, (24, 30, 3)), 0, 255).astype(np.uint8)
            cv2.imwrite(str(folder / label / f"{i}.png"), noisy)
    (folder / "red" / "broken.png").write_bytes(b"no picture")
    return folder


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    """Films that flicker and films that stand, with the source of each."""
    folder = tmp_path / "clips"
    rows = ["clip,source"]
    for i in range(8):
        draw_film(folder / "still" / f"{i}.mp4", ("red", "blue", "green")[i % 3], seconds=1.0)
        draw_film(folder / "flicker" / f"{i}.mp4", *(("red", "blue", "green") * 4)[i % 3 : i % 3 + 8], seconds=0.2)
        rows += [f"{label}/{i}.mp4,film {i // 2}" for label in ("still", "flicker")]
    (tmp_path / "groups.csv").write_text("\n".join(rows))
    return folder


def test_frames_are_learnt_saved_and_measured(line: CommandLine, pictures: Path, tmp_path: Path) -> None:
    model = tmp_path / "model"

    trained = line(
        "train", "activity", pictures, "--backbone", "bundled", "--epochs", 15, "--folds", 4, "--out", model, "--json"
    )
    measured = line("evaluate", "activity", pictures, "--model", model, "--json")

    assert trained.code == measured.code == 0, trained.err + measured.err
    assert trained.document["labels"] == ["blue", "red"]
    assert (trained.document["n"], measured.document["n"]) == (16, 16)
    assert trained.document["accuracy"] == measured.document["accuracy"] == 1.0
    assert set(measured.document) >= {"macro_f1", "per_class", "confusion", "ece"}
    assert trained.document["passed_over"] == ["red/broken.png is no picture"]
    assert "red/broken.png" in trained.err
    files = {path.name for path in model.iterdir()}
    assert files == {"model.keras", "model.json", "card.md", "curve.svg", "confusion.svg"}


def test_a_trained_model_scores_frames_in_an_index(line: CommandLine, pictures: Path, tmp_path: Path) -> None:
    line("train", "activity", pictures, "--backbone", "bundled", "--epochs", 15, "--out", tmp_path / "model")
    classifier = open_activity(Choices(FakeEncoder(), activity=str(tmp_path / "model")))
    red = np.zeros((3, SIZE, SIZE, 3), np.uint8)
    red[..., 0] = 200

    scores = classifier.scores(red)

    assert classifier.spec.labels == ("blue", "red")
    assert scores.argmax(axis=1).tolist() == [1, 1, 1]
    assert classifier.scores(red[:0]).shape == (0, 2)


def test_fine_tuning_goes_on_with_the_whole_network(line: CommandLine, pictures: Path, tmp_path: Path) -> None:
    done = line(
        "train", "activity", pictures, "--backbone", "bundled", "--epochs", 8, "--fine-tune", "--out", tmp_path / "m",
        "--json",
    )  # fmt: skip

    assert done.code == 0, done.err
    assert done.document["accuracy"] >= 0.75
    assert "epoch 16" in (tmp_path / "m" / "curve.svg").read_text()


@pytest.mark.parametrize(("head", "folds"), [("strong", 4), ("gru", 2)])
def test_courses_are_learnt_with_groups_kept_whole(
    line: CommandLine, clips: Path, tmp_path: Path, head: str, folds: int
) -> None:
    order = ("--arch", "cnn-rnn", "--head", head, "--backbone", "bundled", "--epochs", 2, "--folds", folds)
    model = tmp_path / "model"

    trained = line("train", "activity", clips, *order, "--groups", tmp_path / "groups.csv", "--out", model, "--json")
    measured = line("evaluate", "activity", clips, "--model", model, "--json")

    assert trained.code == 0, trained.err
    assert trained.document["n"] == 16
    if head == "strong":  # the recurrent one needs more than sixteen films
        assert trained.document["accuracy"] == measured.document["accuracy"] == 1.0
    assert json.loads((model / "model.json").read_text())["settings"]["head"] == head


@pytest.mark.parametrize("build", ["strong", "gru"])
def test_masked_frames_do_not_matter(build: str) -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(20, 5, DIM)).astype(np.float32)
    counts = np.full(20, 3, np.int64)
    examples = Examples(features, counts, np.arange(20) % 2, np.arange(20), np.arange(20))
    other = Examples(features.copy(), *(getattr(examples, name) for name in ("counts", "truth", "file", "group")))
    other.features[:, 3:] = 100

    head: Any = (
        fit_course(examples, 2, 0)[0] if build == "strong" else build_gru(5, 2, features[:, :3].reshape(-1, DIM))
    )

    np.testing.assert_allclose(head_scores(head, examples), head_scores(head, other), atol=1e-5)
    np.testing.assert_allclose(head_scores(head, examples).sum(axis=1), 1, atol=1e-5)


def test_wrong_data_is_refused_with_a_cure(line: CommandLine, pictures: Path, clips: Path, tmp_path: Path) -> None:
    out = ("--backbone", "bundled", "--out", tmp_path / "model")

    strict = line("train", "activity", pictures, "--strict", *out)
    course = line("train", "activity", pictures, "--arch", "cnn-rnn", *out)
    tuned = line("train", "activity", clips, "--arch", "cnn-rnn", "--fine-tune", *out)
    line("train", "activity", pictures, "--epochs", 1, *out)
    strange = line("evaluate", "activity", clips, "--model", tmp_path / "model")

    assert [done.code for done in (strict, course, tuned, strange)] == [2, 2, 2, 2]
    assert "broken.png" in strict.err
    assert "no course" in course.err
    assert "--fine-tune" in tuned.err
    assert "does not know" in strange.err


def test_a_model_of_another_kind_or_with_code_in_it_is_refused(
    line: CommandLine, pictures: Path, tmp_path: Path
) -> None:
    model = tmp_path / "model"
    line("train", "activity", pictures, "--backbone", "bundled", "--epochs", 1, "--out", model)
    keras = runtime.keras()
    given = keras.Input((SIZE, SIZE, 3))
    keras.Model(given, keras.layers.Lambda(lambda x: x[:, 0, 0, :2])(given)).save(model / "model.keras")

    with pytest.raises(ModelUnavailable):
        ActivityNetwork(model).scores(np.zeros((1, SIZE, SIZE, 3), np.uint8))

    facts = json.loads((model / "model.json").read_text()) | {"kind": "emotion"}
    (model / "model.json").write_text(json.dumps(facts))
    with pytest.raises(ModelUnavailable, match="emotion"):
        ActivityNetwork(model)


def test_rolling_averaging_changes_labels_less_often() -> None:
    rng = np.random.default_rng(0)
    truth = np.repeat([0, 1], 500)
    scores = (np.eye(2)[truth] * 0.3 + rng.uniform(0, 1, (1000, 2))).astype(np.float32)

    changes = [
        int((np.diff(rolling_average(scores, window, trailing=True).argmax(axis=1)) != 0).sum())
        for window in (1, 128)
    ]

    assert changes[0] > 300
    assert changes[1] < 10
