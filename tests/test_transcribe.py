"""`vsearch transcribe`, with a module of faster-whisper's interface (1.2) that hears what it is told."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import av
import numpy as np
import pytest

from search.library import open_library
from tests.command_line import CommandLine
from tests.films import age, draw_film
from tests.test_index_command import run

SAID = [(0.5, 1.5, " Any <questions> & answers?"), (2.0, 3.0, " None.")]


class FakeWhisper:
    """`WhisperModel` as its documentation has it."""

    opened: list[dict[str, Any]]

    def __init__(
        self,
        model_size_or_path: str,
        device: str = "auto",
        compute_type: str = "default",
        local_files_only: bool = False,
    ) -> None:
        self.opened.append({"model": model_size_or_path, "local": local_files_only})
        if model_size_or_path == "tiny":
            raise ValueError("Cannot find an appropriate cached snapshot folder")

    def transcribe(
        self, audio: str, language: str | None = None, vad_filter: bool = False
    ) -> tuple[Iterator[SimpleNamespace], SimpleNamespace]:
        assert Path(audio).is_file()
        if language == "xx":
            raise ValueError("'xx' is not a valid language code")
        if language == "stop":
            raise KeyboardInterrupt
        segments = (SimpleNamespace(start=start, end=end, text=text) for start, end, text in SAID)
        return segments, SimpleNamespace(language=language or "en", duration=4.0)


@pytest.fixture
def whisper(monkeypatch: pytest.MonkeyPatch) -> type[FakeWhisper]:
    module = ModuleType("faster_whisper")
    FakeWhisper.opened = []
    module.WhisperModel = FakeWhisper  # type: ignore[attr-defined]
    module.available_models = lambda: ["tiny", "small"]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "faster_whisper", module)
    return FakeWhisper


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """A film of four seconds with sound."""
    path = tmp_path / "films" / "talk.mkv"
    path.parent.mkdir()
    with av.open(str(path), "w") as out:
        video, sound = out.add_stream("libx264", rate=10), out.add_stream("pcm_s16le", rate=16000)
        video.width = video.height = 64
        for number in range(40):
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            out.mux(video.encode(frame))
            heard = av.AudioFrame.from_ndarray(np.zeros((1, 1600), np.int16), format="s16", layout="mono")
            heard.sample_rate, heard.pts = 16000, 1600 * number
            out.mux(sound.encode(heard))
        out.mux(video.encode())
        out.mux(sound.encode())
    age(path)
    return path


@pytest.mark.slow
@pytest.mark.usefixtures("whisper")
def test_what_is_said_is_written_beside_the_film_and_found_at_once(line: CommandLine, talk: Path) -> None:
    run(line, talk.parent)
    done = line("transcribe", talk, "--json")
    assert done.code == 0, done.err
    assert done.document["written"] == [
        {"path": str(talk), "sidecar": str(talk.with_suffix(".vtt")), "language": "en", "cues": 2, "stored": True}
    ]
    assert talk.with_suffix(".vtt").read_text().splitlines()[4:6] == [
        "00:00:00.500 --> 00:00:01.500",
        "Any &lt;questions&gt; &amp; answers?",
    ]
    with open_library() as library:
        (hit,) = library.catalog.find_cues('"any questions"', 5)
    assert (hit.cue.start, hit.cue.words) == (0.5, "Any <questions> & answers?")
    assert run(line, talk.parent) == {"unchanged": 1}


def test_a_file_that_is_there_is_kept_and_no_model_is_opened(
    line: CommandLine, talk: Path, whisper: type[FakeWhisper]
) -> None:
    sidecar = talk.with_suffix(".vtt")
    sidecar.write_text("WEBVTT\n")
    done = line("transcribe", talk)
    assert (done.code, sidecar.read_text(), whisper.opened) == (0, "WEBVTT\n", [])
    assert "is there already" in done.err
    assert line("transcribe", talk, "--force", "--json").document["written"][0]["stored"] is False
    assert "questions" in sidecar.read_text()


@pytest.mark.usefixtures("whisper")
def test_words_written_elsewhere_are_not_stored(line: CommandLine, talk: Path, tmp_path: Path) -> None:
    run(line, talk.parent)
    done = line("transcribe", talk, "--out", tmp_path / "new" / "folder", "--json")
    assert done.document["written"][0]["stored"] is False
    assert (tmp_path / "new" / "folder" / "talk.vtt").is_file()


@pytest.mark.usefixtures("whisper")
def test_films_that_cannot_be_heard_fail_alone(line: CommandLine, talk: Path) -> None:
    silent, broken = draw_film(talk.with_name("silent.mp4"), "red"), talk.with_name("broken.mp4")
    broken.write_text("#EXTM3U\nhttp://127.0.0.1:9/x.ts\n")
    done = line("transcribe", silent, broken, talk, "--json")
    assert done.code == 1
    assert {failure["code"] for failure in done.document["failures"]} == {"no-sound", "not-video"}
    assert len(done.document["written"]) == 1
    assert "xx" in line("transcribe", talk, "--force", "--language", "xx").err


@pytest.mark.usefixtures("whisper")
def test_an_interrupt_leaves_no_half_file(line: CommandLine, talk: Path) -> None:
    assert line("transcribe", talk, "--language", "stop").code == 130
    assert [path.name for path in talk.parent.iterdir()] == ["talk.mkv"]


def test_a_model_that_cannot_be_had_is_one_sentence_and_a_cure(
    line: CommandLine, talk: Path, whisper: type[FakeWhisper], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:1")
    done = line("transcribe", talk, "--model", "tiny")
    assert done.code == 3
    assert "vsearch: The whisper model tiny cannot be had" in done.err
    assert "--model" in done.err
    assert whisper.opened == [{"model": "tiny", "local": True}]
    assert line("transcribe", talk, "--model", "smal").code == 2
    assert list(talk.parent.glob("*.vtt*")) == []


def test_without_the_package_the_extra_is_named(
    line: CommandLine, talk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "faster_whisper", None)
    done = line("transcribe", talk)
    assert done.code == 3
    assert "pip install 'vsearch[transcribe]'" in done.err
    assert line("transcribe", talk.with_name("nothing.mp4")).code == 2
