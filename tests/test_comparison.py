"""Encoders side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexer.evaluating.captions_file import Candidate, CaptionRow
from indexer.evaluating.comparison import compare_encoders
from indexer.evaluating.retrieval import evaluate_retrieval
from search.contracts import Float32, UInt8
from search.encoders import registry
from tests.command_line import CommandLine
from tests.fakes import FAKE_SPEC, FakeEncoder
from tests.films import draw_film

COLOURS = ("red", "green", "blue")
CAPTIONS = [(f"{colour}.mp4", f"{word} {colour}") for colour in COLOURS for word in ("all", "quite")]

pytestmark = pytest.mark.usefixtures("decoding_here")


class Blind(FakeEncoder):
    """Sees the same in every clip, in another shape."""

    def __init__(self, log: list[str] | None = None) -> None:
        super().__init__(replace(FAKE_SPEC, name="blind", fingerprint="b11d" * 16, frames=4, size=16))
        self.log = log if log is not None else []

    def encode_clips(self, clips: UInt8) -> Float32:
        self.log.append("blind")
        return np.ones_like(super().encode_clips(clips))


class Logging(FakeEncoder):
    def __init__(self, log: list[str]) -> None:
        super().__init__()
        self.log = log

    def encode_clips(self, clips: UInt8) -> Float32:
        self.log.append("fake")
        return super().encode_clips(clips)


@pytest.fixture
def films(tmp_path: Path) -> Path:
    for colour in COLOURS:
        draw_film(tmp_path / f"{colour}.mp4", colour, seconds=2.0)
    lines = [f"{path},{caption}" for path, caption in CAPTIONS]
    (tmp_path / "captions.csv").write_text("\n".join(["path,caption", *lines]))
    return tmp_path


def rows_of(captions: Sequence[tuple[str, str]]) -> list[CaptionRow]:
    return [CaptionRow(Candidate(path), caption) for path, caption in captions]


def test_each_encoder_gets_the_figures_it_gets_alone(films: Path) -> None:
    seeing, blind = compare_encoders(rows_of(CAPTIONS), films, [FakeEncoder(), Blind()])

    assert seeing.retrieval == evaluate_retrieval(rows_of(CAPTIONS), films, FakeEncoder())
    assert seeing.retrieval.text_to_video.r1 == 1.0
    assert blind.retrieval.text_to_video.r1 == 0.0
    assert (seeing.clips, blind.clips) == (6, 9)  # two seconds at five frames a second, in clips of eight and of four
    assert (seeing.bytes_per_clip, blind.bytes_per_clip) == (32, 32)
    assert min(seeing.clip_ms, blind.clip_ms, seeing.texts_per_second, blind.texts_per_second) > 0


def test_encoders_take_turns_so_that_they_meet_the_same_machine(films: Path) -> None:
    log: list[str] = []

    compare_encoders(rows_of(CAPTIONS), films, [Logging(log), Blind(log)])

    assert log == ["fake", "blind"] * 4  # once to warm up, then video by video


def test_the_command_prints_one_document(films: Path, line: CommandLine) -> None:
    registry.register("blind", lambda settings: Blind())

    done = line(
        "models", "compare", "fake", "blind", "--videos", films, "--captions", films / "captions.csv", "--json"
    )

    assert done.code == 0
    assert (done.document["candidates"], done.document["captions"]) == (3, 6)
    fake, blind = done.document["encoders"]
    assert (fake["name"], fake["dim"], fake["bytes_per_clip"], fake["bytes"]) == ("fake", 16, 32, None)
    assert fake["direction"]["text_to_video"]["r1"] > blind["direction"]["text_to_video"]["r1"]
    assert fake["direction"]["video_to_text"]["n"] == 3


def test_people_see_a_table(films: Path, line: CommandLine) -> None:
    registry.register("blind", lambda settings: Blind())

    done = line("models", "compare", "fake", "blind", "--videos", films, "--captions", films / "captions.csv")

    assert "6 captions, 3 candidates" in done.out
    assert "texts encoded a second" in done.out


def test_one_encoder_twice_is_no_comparison(films: Path, line: CommandLine) -> None:
    done = line("models", "compare", "fake", "fake", "--videos", films, "--captions", films / "captions.csv")

    assert done.code == 2
    assert "Name two" in done.err
