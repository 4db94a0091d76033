"""Measuring what was never trained: sentences, and networks of whole windows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from classifiers.contracts import ClassifierSpec, FramesNeeded
from indexer.evaluating import activity_judges
from indexer.evaluating.activity_judges import WindowJudge, open_judge
from search.contracts import Float32, UInt8
from search.errors import ModelUnavailable
from tests.command_line import CommandLine
from tests.fakes import FakeEncoder
from tests.films import draw_film

pytestmark = pytest.mark.usefixtures("decoding_here")


@pytest.fixture(autouse=True)
def _fake_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activity_judges, "open_encoder", lambda _name: FakeEncoder())


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    for colour in ("red", "blue", "green"):
        for number in range(2):
            draw_film(tmp_path / "clips" / colour / f"{number}.mp4", colour, seconds=2.0)
    return tmp_path / "clips"


def test_zero_shot_reads_the_labels_as_sentences(line: CommandLine, clips: Path) -> None:
    document = line("evaluate", "activity", clips, "--model", "zero-shot", "--json").document

    assert (document["n"], document["accuracy"]) == (6, 1.0)
    assert sorted(document["per_class"]) == ["blue", "green", "red"]


def test_a_label_that_the_encoder_does_not_understand_is_named(line: CommandLine, clips: Path) -> None:
    (clips / "red").rename(clips / "weight_lifting")

    done = line("evaluate", "activity", clips, "--model", "zero-shot")

    assert done.code == 2
    assert "does not know all words of weight_lifting" in done.err


def test_a_classifier_of_windows_is_asked_for_windows() -> None:
    needs = FramesNeeded(fps=25.0, width=224, height=224, fit="crop", window=64)

    class Halves:
        spec = ClassifierSpec("activity", ("a", "b"), "f00d", needs)

        def scores(self, batch: UInt8 | Float32) -> Float32:
            return np.full((len(batch), 2), 0.5, np.float32)

    judge = WindowJudge(Halves(), needs)

    assert (judge.look.size, judge.look.fps, judge.look.window) == (224, 25.0, 64)
    assert judge.window_scores(np.zeros((3, 64, 8, 8, 3), np.uint8), np.full(3, 64)).shape == (3, 2)


def test_a_folder_is_opened_as_a_trained_model(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable):
        open_judge(tmp_path, ["red"])
