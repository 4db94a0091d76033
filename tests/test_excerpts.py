"""Spans of films, read exactly and written as files of their own."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from indexer.excerpts import reading
from indexer.excerpts.excerpt import Span, excerpt_name, write_excerpt
from indexer.excerpts.reading import TimedFrame, read_span
from indexer.excerpts.sheet import sheet
from indexer.excerpts.writing import write_moving
from search.errors import PathNotFound, UsageError
from tests.command_line import CommandLine
from tests.films import draw_film
from tests.library_fixtures import add_film, make_library
from tests.moving import RATE, add_tone, draw_moving, loudness


@pytest.fixture(scope="module")
def long_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Longer than what is decoded from the beginning."""
    return draw_moving(tmp_path_factory.mktemp("films") / "long.mp4", 30)


def test_a_span_in_the_middle_has_the_frames_that_decoding_everything_gives(long_film: Path) -> None:
    everything = [frame for frame in read_span(long_film) if frame.until > 20.02 and frame.time < 21]

    span = list(read_span(long_film, 20.02, 21))

    assert [frame.until for frame in span] == [frame.until for frame in everything]
    assert span[0].time == 20.02
    for one, other in zip(span, everything, strict=True):
        np.testing.assert_array_equal(one.picture, other.picture)


def test_real_files_of_every_kind_are_entered_in_the_middle_where_they_would_have_been(
    test_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "NEAR", 0.0)
    films = sorted((test_data / "odd_files" / "made").glob("*.*"))
    checked = 0
    for film in islice((film for film in films if film.stat().st_size < 300_000), 0, None, 3):
        try:
            everything = np.array([(frame.time, frame.until) for frame in read_span(film, longest_side=32)])
        except UsageError:
            continue
        middle = float(everything[len(everything) // 2, 0])
        span = np.array([(frame.time, frame.until) for frame in read_span(film, middle, longest_side=32)])
        np.testing.assert_allclose(span, everything[everything[:, 1] > middle], atol=1e-6, err_msg=film.name)
        checked += 1
    assert checked > 10


def test_what_is_no_film_or_too_short_is_refused_with_a_sentence(tmp_path: Path) -> None:
    film = draw_film(tmp_path / "film.mp4", "red")
    (tmp_path / "words.mp4").write_text("no film at all, only words")

    with pytest.raises(PathNotFound):
        list(read_span(tmp_path / "absent.mp4"))
    with pytest.raises(UsageError, match="ends before 9 s"):
        list(read_span(film, 9))
    with pytest.raises(UsageError, match="text"):
        list(read_span(tmp_path / "words.mp4"))


def test_an_mp4_keeps_times_pictures_and_sound(long_film: Path, tmp_path: Path) -> None:
    heard = add_tone(long_film, 30)

    written = write_excerpt(Span(heard, 0.5, 2.5), tmp_path / "out.mp4")

    assert (written.frames, round(written.seconds, 2)) == (2 * RATE + 1, 2.0)
    first = next(read_span(tmp_path / "out.mp4")).picture
    wanted = next(read_span(heard, 0.5)).picture
    assert np.abs(first.astype(int) - wanted).mean() < 4
    seconds, loud = loudness(tmp_path / "out.mp4")
    assert seconds == pytest.approx(2, abs=0.1)
    assert max(loud[:4]) < 0.01  # the tone begins half a second into it
    assert min(loud[7:18]) > 0.2


def test_sound_from_the_middle_of_a_film_starts_at_once(long_film: Path, tmp_path: Path) -> None:
    heard = add_tone(long_film, 30)

    write_excerpt(Span(heard, 25, 26), tmp_path / "out.mp4")

    seconds, loud = loudness(tmp_path / "out.mp4")
    assert seconds == pytest.approx(1, abs=0.1)
    assert min(loud[1:8]) > 0.2


@pytest.mark.parametrize("suffix", [".gif", ".webp"])
def test_small_moving_pictures_play_as_long_as_the_span(long_film: Path, tmp_path: Path, suffix: str) -> None:
    write_excerpt(Span(long_film, 3, 4), tmp_path / f"out{suffix}", 80)

    read, moving = cv2.imreadanimation(str(tmp_path / f"out{suffix}"))
    assert read
    assert len(moving.frames) == RATE
    assert moving.frames[0].shape[:2] == (60, 80)
    assert sum(moving.durations) == pytest.approx(1000, abs=50)
    assert np.abs(moving.frames[0][..., :3].astype(int) - moving.frames[12][..., :3]).max() > 50


def test_odd_sizes_and_uneven_times_survive(tmp_path: Path) -> None:
    picture = np.random.default_rng(1).integers(0, 255, (35, 51, 3), np.uint8)
    frames = [TimedFrame(5.0, 5.1, picture), TimedFrame(5.1, 5.7, 255 - picture), TimedFrame(5.7, 5.74, picture)]

    write_moving(tmp_path / "odd.mp4", frames)

    with av.open(str(tmp_path / "odd.mp4")) as container:
        shown = [frame.time for frame in container.decode(video=0)]
        assert (container.streams.video[0].width, container.streams.video[0].height) == (52, 36)
    assert shown == pytest.approx([0, 0.1, 0.7], abs=1e-3)


@pytest.mark.parametrize("start", [0.5 - 1e-7, 0.5 + 1e-7])
def test_a_span_that_begins_a_hair_beside_a_frame_begins_with_that_frame(tmp_path: Path, start: float) -> None:
    film = draw_film(tmp_path / "film.mp4", "red")

    written = write_excerpt(Span(film, start, 0.85), tmp_path / "out.mp4")

    assert written.frames == 4
    assert written.seconds == pytest.approx(0.35, abs=1e-3)


def test_an_excerpt_that_is_interrupted_leaves_nothing(tmp_path: Path) -> None:
    def frames() -> object:
        yield TimedFrame(0, 1, np.zeros((32, 32, 3), np.uint8))
        raise KeyboardInterrupt

    for suffix in (".mp4", ".gif", ".webp"):
        with pytest.raises(KeyboardInterrupt):
            write_moving(tmp_path / f"out{suffix}", frames())  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_a_sheet_holds_every_picture_in_its_place() -> None:
    pictures = [np.full((90, 160, 3), value, np.uint8) for value in (10, 60, 110, 160, 210)]

    page = sheet(pictures, ["one", "two", "three", "four", "ünf"], width=80, columns=3)

    assert page.shape[1] == 8 + 3 * 88
    assert [int(page[20, 8 + 88 * i + 5, 0]) for i in range(3)] == [10, 60, 110]
    assert (page[-30 - 8 - 20, 13, 0], page[-30 - 8 - 20, 13 + 88, 0]) == (160, 210)


def test_export_writes_a_span_of_a_film_and_clips_of_the_library(line: CommandLine, tmp_path: Path) -> None:
    draw_film(tmp_path / "films" / "three.mp4", "red", "green", "blue", seconds=1.6)
    with make_library(tmp_path / "library") as library:
        add_film(library, "three.mp4", ["red", "green", "blue"], root=tmp_path / "films")

    clips = line("--library", tmp_path / "library", "export", 2, 3, "-o", tmp_path / "out", "--json")
    span = line("export", tmp_path / "films" / "three.mp4", "--from", 1.7, "--to", 2, "-o", tmp_path / "green.gif")

    assert (clips.code, span.code) == (0, 0)
    files = clips.document["files"]
    assert [Path(file["path"]).name for file in files] == ["three_00-00-01.mp4", "three_00-00-03.mp4"]
    colours = [next(read_span(Path(file["path"]))).picture.mean(axis=(0, 1)).argmax() for file in files]
    assert colours == [1, 2]
    assert (tmp_path / "green.gif").is_file()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["film.mp4"], "from one second to a later one"),
        (["film.mp4", "--from", 2, "--to", 1], "from one second to a later one"),
        (["1", "2", "--from", 2, "--to", 3], "from one second to a later one"),
        (["film.mp4", "--from", 0, "--to", 1, "-o", "out.avi"], "out.avi is nothing that can be written"),
        (["absent.mp4", "--from", 0, "--to", 1, "-o", "out.mp4"], "no file"),
        (["film.mp4", "--from", 0, "--to", 1, "-o", "film.mp4"], "film.mp4 is the film itself"),
    ],
)
def test_export_refuses_what_makes_no_span(
    line: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[object], said: str
) -> None:
    film = draw_film(tmp_path / "film.mp4", "red", seconds=3)
    before = film.read_bytes()
    monkeypatch.chdir(tmp_path)

    done = line("export", *words)

    assert done.code == 2
    assert said in done.err
    assert film.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_said_in_a_sentence(
    line: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_film(tmp_path / "film.mp4", "red", seconds=3)
    (tmp_path / "taken").touch()
    monkeypatch.chdir(tmp_path)

    done = line("export", "film.mp4", "--from", 0, "--to", 1, "-o", "taken")

    assert done.code == 3
    assert "Cannot make the folder taken" in done.err


def test_a_clip_that_is_not_there_is_named(line: CommandLine, tmp_path: Path) -> None:
    make_library(tmp_path / "library").close()

    done = line("--library", tmp_path / "library", "export", 41)

    assert done.code == 2
    assert "There is no clip 41" in done.err


def test_names_of_excerpts_suit_every_disk_and_do_not_collide() -> None:
    assert excerpt_name(Span(Path('a:b?"c.mp4'), 3661.9, 3670), ".gif") == "a_b__c_01-01-01.gif"
