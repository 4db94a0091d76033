"""What is said in films is found after indexing, and follows the files beside them without decoding anything."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from indexer.decoding.decode import Decoder
from search.catalog.records import Cue
from search.library import open_library
from tests.command_line import CommandLine
from tests.fakes import FakeEncoder
from tests.films import draw_film
from tests.subtitled_films import draw_subtitled, srt
from tests.test_index_command import run

HELLO = (0.5, 1.5, "Hello <i>there</i>")


@pytest.fixture
def films(tmp_path: Path) -> Path:
    folder = tmp_path / "films"
    draw_film(folder / "red.mp4", "red", seconds=4)
    draw_film(folder / "blue.mp4", "blue", seconds=4)
    return folder


def said(relpath: str) -> list[Cue]:
    with open_library() as library:
        video = next(video for video in library.catalog.videos() if video.relpath == relpath)
        return library.catalog.cues(video.id)


def test_a_sidecar_is_stored_with_its_film(line: CommandLine, films: Path) -> None:
    (films / "red.en.srt").write_text(srt(HELLO, (2, 3, "{\\an8}General Kenobi")))
    run(line, films)
    assert said("red.mp4") == [
        Cue(0.5, 1.5, "Hello there", "red.en.srt"),
        Cue(2.0, 3.0, "General Kenobi", "red.en.srt"),
    ]
    assert said("blue.mp4") == []
    with open_library() as library:
        assert [hit.cue.words for hit in library.catalog.find_cues("kenobi", 5)] == ["General Kenobi"]


@pytest.mark.slow
def test_a_sidecar_that_is_added_changed_or_removed_decodes_nothing(
    line: CommandLine, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(line, films)
    monkeypatch.setattr(FakeEncoder, "encode_clips", None)
    monkeypatch.setattr(Decoder, "decode_all", None)
    sidecar = films / "red.srt"
    sidecar.write_text(srt(HELLO))
    assert run(line, films) == {"updated": 1, "stale": 1, "unchanged": 1}
    assert [cue.words for cue in said("red.mp4")] == ["Hello there"]
    sidecar.write_text(srt((1, 2, "Farewell")))
    assert run(line, films) == {"updated": 1, "stale": 1, "unchanged": 1}
    assert [cue.words for cue in said("red.mp4")] == ["Farewell"]
    sidecar.unlink()
    assert run(line, films) == {"updated": 1, "stale": 1, "unchanged": 1}
    assert said("red.mp4") == []
    assert run(line, films) == {"unchanged": 2}


def test_a_film_that_moves_with_its_sidecar_keeps_its_words(line: CommandLine, films: Path) -> None:
    (films / "red.srt").write_text(srt(HELLO))
    run(line, films)
    (films / "away").mkdir()
    for name in ("red.mp4", "red.srt"):
        (films / name).rename(films / "away" / name)
    assert run(line, films) == {"unchanged": 1, "moved": 1}
    assert [cue.words for cue in said("away/red.mp4")] == ["Hello there"]


def test_a_corrupt_sidecar_is_one_line_and_no_failure(line: CommandLine, films: Path) -> None:
    (films / "red.srt").write_bytes(os.urandom(3000))
    (films / "red.vtt").write_text("WEBVTT\n\n00:00.500 --> 00:01.500\nHello\n")
    done = line("index", films, "--encoder", "fake", "--json")
    assert done.code == 0
    assert done.document["videos"]["indexed"] == 2
    assert done.document["failures"] == []
    (told,) = done.document["words_passed_over"]
    assert told["path"] == str(films / "red.mp4")
    assert told["reason"].startswith("red.srt: ")
    assert [cue.words for cue in said("red.mp4")] == ["Hello"]


def test_a_person_is_told_which_words_were_left_out(line: CommandLine, films: Path) -> None:
    (films / "red.ass").write_text("no subtitles at all")
    told = f"words left out of {films / 'red.mp4'}: red.ass: no subtitles in it\n"
    assert told in line("index", films, "--encoder", "fake").out


def test_a_huge_file_is_refused_by_its_size(line: CommandLine, films: Path) -> None:
    with (films / "red.srt").open("wb") as file:
        file.truncate(100 << 20)
    done = line("index", films, "--encoder", "fake", "--json")
    assert "too large" in done.document["words_passed_over"][0]["reason"]


@pytest.mark.parametrize(
    ("name", "codec"), [("f.mkv", "srt"), ("f.mp4", "mov_text"), ("f.mkv", "ass"), ("f.mkv", "webvtt")]
)
def test_the_text_track_of_a_film_is_read(tmp_path: Path, name: str, codec: str) -> None:
    film = draw_subtitled(tmp_path / name, codec, [(0.5, 1.5, "Hello {\\i1}there{\\i0}"), (2, 3, "General\\NKenobi")])
    with Decoder() as decoder:
        assert decoder.read_words(film, (), 4.0).cues == (
            Cue(0.5, 1.5, "Hello there", "track 1"),
            Cue(2.0, 3.0, "General\nKenobi", "track 1"),
        )


def test_times_begin_with_the_first_shown_frame(tmp_path: Path) -> None:
    film = draw_subtitled(tmp_path / "late.mkv", "srt", [(0.5, 1.5, "Hello")], first=10.0)
    with Decoder() as decoder:
        assert decoder.read_words(film, (), 4.0).cues == (Cue(0.5, 1.5, "Hello", "track 1"),)


def test_no_file_of_films_breaks_the_reading_of_words(test_data: Path) -> None:
    with Decoder(patience=20) as decoder:
        for path in sorted((test_data / "odd_files" / "made").iterdir()):
            words = decoder.read_words(path, (), 1.0)
            assert words.passed_over == (), path


def test_a_transcript_of_whisper_is_read(line: CommandLine, films: Path) -> None:
    segments = [{"id": 0, "start": 0.25, "end": 1.0, "text": " Hello", "tokens": [1]}]
    (films / "blue.json").write_text(json.dumps({"text": " Hello", "segments": segments, "language": "en"}))
    run(line, films)
    assert said("blue.mp4") == [Cue(0.25, 1.0, "Hello", "blue.json")]


def test_a_search_for_what_is_said_leads_to_the_moment(line: CommandLine, films: Path) -> None:
    (films / "red.srt").write_text(srt(HELLO, (2.5, 3.5, "General Kenobi")))
    run(line, films)
    (hit,) = line("search", 'said:"general kenobi"', "--json").document["results"]
    assert (hit["title"], hit["cues"][0]["text"]) == ("red.mp4", "General Kenobi")
    assert hit["start"] <= 2.5 < hit["end"]
