from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from classifiers.emotion import lesson
from classifiers.emotion.fer import Faces
from classifiers.emotion.reader import cross_entropy
from classifiers.emotion.split import split
from classifiers.emotion.training import Entry, Plan, Trainer, train
from classifiers.training import checkpoint
from search.errors import CannotGoOn, PathNotFound, UsageError
from tests.command_line import CommandLine
from tests.emotion_files import VOTES, noise, untrained_model, write_csv, write_text

Make = Callable[..., Trainer]
SAMPLE = Path("fer2013_sample", "fer2013_sample.csv.gz")


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> Make:
    """A trainer of the cookbook's network on forty faces of noise."""
    from dataclasses import replace

    monkeypatch.setitem(lesson.RECIPES, "cookbook", replace(lesson.RECIPES["cookbook"], batch=8))
    faces = Faces(noise(40), np.arange(40, dtype=np.int64) % 6, np.full(40, "Training"))

    def made(epochs: int = 2, *, votes: bool = False, minutes: float | None = None) -> Trainer:
        told = np.full((40, 8), 1 / 8, np.float32) if votes else None
        return Trainer(Plan("cookbook", epochs, minutes, seed=3), faces, split(faces, 3), told)

    return made


def run(trainer: Trainer, folder: Path, *, resume: bool = False) -> list[Entry]:
    return train(trainer, folder, resume=resume, report=lambda _: None, on_step=lambda *_: None)


@pytest.mark.slow
def test_a_training_that_was_ended_goes_on_as_if_it_had_not_been(make: Make, tmp_path: Path) -> None:
    whole, begun, rest = make(), make(), make()

    entries = run(whole, tmp_path / "whole")
    begun.epoch(lambda *_: None)
    (tmp_path / "ended").mkdir()
    begun.save(tmp_path / "ended")
    again = run(rest, tmp_path / "ended", resume=True)

    assert [entry["epoch"] for entry in again] == [1, 2]
    assert [entry["loss"] for entry in again] == pytest.approx([entry["loss"] for entry in entries], rel=1e-5)
    for weight, other in zip(whole.network.get_weights(), rest.network.get_weights(), strict=True):
        np.testing.assert_allclose(weight, other, rtol=1e-4, atol=1e-5)


@pytest.mark.slow
def test_the_best_weights_are_kept_whatever_comes_later(make: Make) -> None:
    trainer = make()
    trainer.epoch(lambda *_: None)
    best = [weight.copy() for weight in trainer.state.best]

    trainer.state.entries[0]["accuracy"] = 1.0
    trainer.epoch(lambda *_: None)

    assert all((kept == weight).all() for kept, weight in zip(trainer.state.best, best, strict=True))


@pytest.mark.slow
def test_votes_teach_but_are_no_part_of_the_network(make: Make, tmp_path: Path) -> None:
    trainer = make(1, votes=True)

    run(trainer, tmp_path)

    assert trainer.network.output_shape == (None, 6)
    with pytest.raises(UsageError, match="begun otherwise"):
        make(1).restore(tmp_path)


def test_time_ends_a_training_too(make: Make) -> None:
    trainer = make(100, minutes=1)

    trainer.state.seconds = 30

    assert trainer.progress == pytest.approx(0.5)


def test_a_folder_holds_one_training(tmp_path: Path) -> None:
    with pytest.raises(PathNotFound, match="no training"):
        checkpoint.load(tmp_path)
    checkpoint.save(tmp_path, {"step": 3}, {"weights": [np.arange(3)], "none": []})

    assert checkpoint.load(tmp_path)[0] == {"step": 3}
    assert (checkpoint.load(tmp_path)[1]["weights"][0] == np.arange(3)).all()
    with pytest.raises(UsageError, match="holds a training"):
        checkpoint.open_folder(tmp_path, resume=False)
    (tmp_path / checkpoint.NAME).write_bytes(b"torn")
    with pytest.raises(CannotGoOn, match="damaged"):
        checkpoint.load(tmp_path)


def test_cross_entropy_by_hand() -> None:
    scores = np.log(np.array([[0.5, 0.5], [0.25, 0.75]], np.float32))

    assert cross_entropy(scores, np.array([0, 0])) == pytest.approx((np.log(2) + np.log(4)) / 2)


@pytest.mark.slow
def test_a_model_is_trained_measured_and_described(line: CommandLine, tmp_path: Path) -> None:
    usage = ["Training"] * 60 + ["PublicTest"] * 6
    file = write_csv(tmp_path / "fer.csv.gz", noise(66), [i % 7 for i in range(66)], usage)
    rows = "".join(f"{used},x.png,1,2,3,4,0,0,0,0,0,0\n" for used in usage)
    votes = write_text(tmp_path / "votes.csv", VOTES + rows)
    out = tmp_path / "model"

    done = line(
        "train", "emotion", file, "--out", out, "--arch", "cookbook", "--epochs", 1, "--votes", votes, "--json"
    )

    assert done.code == 0, done.err
    assert done.document["test"]["n"] == 6
    assert done.document["trained_on"] == 54
    assert "epoch 1" in done.err
    written = {path.name for path in out.iterdir()}
    assert written == {"model.keras", "model.json", "card.md", "curve.svg", "confusion.svg", "checkpoint.npz"}
    assert "| PublicTest | 6 |" in (out / "card.md").read_text()
    again = line("evaluate", "emotion", file, "--usage", "PublicTest", "--model", out, "--json").document
    assert again["confusion"] == done.document["test"]["confusion"]
    assert again["ece"] == pytest.approx(done.document["test"]["ece"], abs=1e-4)
    assert line("train", "emotion", file, "--out", out).code == 2
    assert "accuracy" in line("train", "emotion", file, "--out", out, "--arch", "cookbook", "--epochs", 1, "--votes",
                              votes, "--resume").out  # fmt: skip


@pytest.mark.slow
def test_figures_of_a_sample_are_whole(line: CommandLine, tmp_path: Path, test_data: Path) -> None:
    model = untrained_model(tmp_path / "model")

    done = line("evaluate", "emotion", test_data / SAMPLE, "--usage", "PublicTest", "--model", model, "--json")

    assert done.document["n"] == 238
    assert done.document["per_class"]["angry"]["n"] == 68, "disgust counts as angry"
    assert sum(map(sum, done.document["confusion"])) == 238
    assert 0 <= done.document["ece"] <= 1


def test_wrong_files_end_in_a_sentence(line: CommandLine, tmp_path: Path) -> None:
    bad = write_text(tmp_path / "bad.csv", "a,b\n1,2\n")

    for words in (("train", "emotion", bad, "--out", tmp_path / "out"), ("evaluate", "emotion", bad)):
        done = line(*words)
        assert done.code == 2
        assert "no column emotion" in done.err
    assert not (tmp_path / "out").exists()
    file = write_csv(tmp_path / "fer.csv", noise(20), [0] * 20, ["Training"] * 20)
    assert "All faces for training are angry" in line("train", "emotion", file, "--out", tmp_path / "out").err
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "model.json").write_text(json.dumps({"kind": "character", "labels": [], "settings": {}}))
    done = line("evaluate", "emotion", file, "--model", tmp_path / "other")
    assert done.code == 3
    assert "not for emotion" in done.err
