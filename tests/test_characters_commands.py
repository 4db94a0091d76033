"""Training, measuring and using a model of characters, on coloured frames and a backbone that sees colours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from classifiers import backbones
from classifiers.characters import networks, windows
from classifiers.characters.classifier import Characters, open_characters
from classifiers.characters.looks import HEIGHT, WIDTH
from classifiers.contracts import Choices, FramesNeeded
from search import runtime
from search.contracts import Float32, UInt8
from search.errors import ModelUnavailable, UsageError
from tests.command_line import CommandLine, Done
from tests.fakes import FakeEncoder

pytestmark = pytest.mark.slow  # TensorFlow

TOM, JERRY = (110, 110, 140), (190, 110, 40)


COLOURS = np.array([[1, 0, 1], [-1, -1, 1], [0, 1, 1]], np.float32)
"""How much more red than green, how much more blue than green, and light."""


def colour_trunk() -> Any:
    """The colours of a picture in sixteen places."""
    keras = runtime.keras()
    pictures = keras.Input((16, 16, 3))
    x = keras.layers.AveragePooling2D(4)(keras.layers.Rescaling(1 / 255)(pictures))
    mix = keras.layers.Dense(3, use_bias=False)
    x = mix(x)
    mix.set_weights([COLOURS])
    return keras.Model(pictures, keras.layers.Flatten()(x))


class ColourFrames:
    """Takes the place of FrameTrunk; each colour many times, so that a short training is enough."""

    def __init__(self, _block: str) -> None:
        self.colours = np.tile(COLOURS, 16)

    def places(self, frames: UInt8) -> Float32:
        count, height, width, _ = frames.shape
        places = frames.reshape(count, height // 16, 16, width // 16, 16, 3).mean(axis=(2, 4)) / 255
        seen: Float32 = np.maximum(places @ self.colours, 0).astype(np.float32)
        return seen

    def fingerprint(self, asked: str) -> str:
        return f"{asked} {self.colours.sum()}"


@pytest.fixture(autouse=True)
def _colour_backbone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backbones, "picture_trunk", colour_trunk)
    monkeypatch.setattr(windows, "FrameTrunk", ColourFrames)


@pytest.fixture
def frames(tmp_path: Path) -> Path:
    """Eighty frames with mapping.csv beside them: tom left, jerry right, both, or nobody, ten in a row."""
    folder = tmp_path / "frames"
    folder.mkdir()
    rows = ["Image_ID,jerry,tom"]
    for number in range(80):
        jerry, tom = (number // 10) % 2, (number // 20) % 2
        picture = np.full((HEIGHT, WIDTH, 3), 40 + number, np.uint8)
        if tom:
            picture[40:150, 20:120] = TOM
        if jerry:
            picture[90:170, 200:290] = JERRY
        cv2.imwrite(str(folder / f"{number:03}.png"), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
        rows.append(f"{number:03}.png,{jerry},{tom}")
    (tmp_path / "mapping.csv").write_text("\n".join(rows))
    return folder


def train(line: CommandLine, frames: Path, *options: object) -> Done:
    out = ("--out", frames.parent / "model", "--backbone", "bundled", "--json")
    return line("train", "characters", frames.parent / "mapping.csv", "--frames", frames, *out, *options)


def test_a_trained_model_says_who_is_there(line: CommandLine, frames: Path) -> None:
    document = train(line, frames, "--epochs", 30, "--views", 2).document
    assert document["characters"] == ["jerry", "tom"]
    assert document["epochs"] == 30
    assert not list((frames.parent / "model").glob("features_*"))

    asked = ("evaluate", "characters", frames.parent / "mapping.csv", "--frames", frames)
    figures = line(*asked, "--model", frames.parent / "model", "--json").document
    assert figures["n"] == 80
    assert figures["top_accuracy"] > 0.9
    assert figures["per_character"]["tom"]["seconds_true"] == 40.0
    assert "## Limits" in (frames.parent / "model" / "card.md").read_text()


def test_the_tutorials_file_and_head_serve_too(line: CommandLine, frames: Path) -> None:
    rows = [f"{number:03}.png,{(number // 10) % 2 or 2 * ((number // 20) % 2)}" for number in range(80)]
    (frames.parent / "mapping.csv").write_text("\n".join(["Image_ID,Class", *rows]))

    done = train(line, frames, "--names", "0=nobody,1=jerry,2=tom", "--head", "tutorial", "--epochs", 1, "--views", 1)

    assert done.code == 0
    assert done.document["head"] == "tutorial"


def test_the_classifier_keeps_the_contract(line: CommandLine, frames: Path) -> None:
    train(line, frames, "--epochs", 1, "--views", 1)

    opened = open_characters(Choices(FakeEncoder(), characters=str(frames.parent / "model")))
    batch = np.zeros((3, HEIGHT, WIDTH, 3), np.uint8)

    assert opened.spec.needs == FramesNeeded(1.0, WIDTH, HEIGHT, "pad")
    assert opened.spec.labels == ("jerry", "tom")
    scores = opened.scores(batch)
    assert scores.shape == (3, 2)
    assert scores.dtype == np.float32
    assert ((scores >= 0) & (scores <= 1)).all()
    assert opened.scores(batch[:0]).shape == (0, 2)
    with pytest.raises(UsageError, match="No model of characters was chosen"):
        open_characters(Choices(FakeEncoder()))


def test_a_model_is_refused_on_a_backbone_with_other_weights(
    line: CommandLine, frames: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(line, frames, "--epochs", 1, "--views", 1)
    monkeypatch.setattr("tests.test_characters_commands.COLOURS", COLOURS + 1)

    with pytest.raises(ModelUnavailable, match="other weights of the backbone"):
        Characters(frames.parent / "model").scores(np.zeros((1, HEIGHT, WIDTH, 3), np.uint8))


def test_a_model_of_before_frames_were_seen_in_windows_serves_on(
    line: CommandLine, frames: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(networks, "parts_view", lambda _backbone: "looks")
    train(line, frames, "--epochs", 1, "--views", 1)
    path = frames.parent / "model" / "model.json"
    facts = json.loads(path.read_text())
    assert facts["settings"].pop("view") == "looks"
    path.write_text(json.dumps(facts))

    assert Characters(frames.parent / "model").scores(np.zeros((2, HEIGHT, WIDTH, 3), np.uint8)).shape == (2, 2)


def test_models_of_other_kinds_and_other_people_are_refused(line: CommandLine, frames: Path) -> None:
    model = frames.parent / "model"
    asked = ("evaluate", "characters", frames.parent / "mapping.csv", "--frames", frames, "--model", model)
    assert "no folder of a trained classifier" in line(*asked).err

    train(line, frames, "--epochs", 1, "--views", 1)
    (frames.parent / "mapping.csv").write_text("Image_ID,spike\n000.png,1\n")
    assert "The model knows jerry, tom, not spike." in line(*asked).err

    facts = json.loads((model / "model.json").read_text())
    (model / "model.json").write_text(json.dumps(facts | {"kind": "emotion"}))
    assert line(*asked).code == 3


def test_labels_that_teach_nothing_are_refused_before_anything_is_written(line: CommandLine, frames: Path) -> None:
    for rows, said in (
        ([f"{number:03}.png,1,0" for number in range(20)], "jerry is on every frame"),
        (["000.png,1,0", "001.png,0,1", "002.png,0,0"], "3 labelled frames are too few"),
    ):
        (frames.parent / "mapping.csv").write_text("\n".join(["Image_ID,jerry,tom", *rows]))
        done = train(line, frames)
        assert done.code == 2
        assert said in done.err
    assert not (frames.parent / "model").exists()


def test_what_is_missing_is_named_and_refused_when_strict(line: CommandLine, frames: Path) -> None:
    (frames / "007.png").unlink()
    (frames / "008.png").write_bytes(b"\xff\xd8broken")

    done = train(line, frames, "--epochs", 1, "--views", 1)

    assert done.document["passed_over"] == 2
    assert "Passed over 2: 007.png is missing, 008.png is no picture." in done.err
    assert train(line, frames, "--strict").code == 2


def test_a_finished_training_is_not_overwritten(line: CommandLine, frames: Path) -> None:
    train(line, frames, "--epochs", 1, "--views", 1)

    assert "holds a training already" in train(line, frames, "--epochs", 1).err


def test_boxed_pictures_are_learnt_from(line: CommandLine, frames: Path) -> None:
    boxes = frames.parent / "boxes"
    boxes.mkdir()
    cv2.imwrite(str(boxes / "1.png"), np.full((100, 80, 3), 99, np.uint8))
    (boxes / "1.xml").write_text(
        "<annotation><object><name>tom</name><bndbox><xmin>10</xmin><ymin>20</ymin><xmax>50</xmax><ymax>60</ymax>"
        "</bndbox></object></annotation>"
    )

    assert train(line, frames, "--epochs", 1, "--views", 2, "--boxes", boxes).document["boxed"] == 2
