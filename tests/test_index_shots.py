"""Cuts in the library: found while indexing, added to older libraries without encoding, and clips between them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.decoding.clips import ClipPlan
from indexer.recipe import CLIPS, SHOTS, recipe_of, stale_parts, without_parts
from search.library import Library, open_library
from tests.command_line import CommandLine
from tests.fake_classifiers import _fake_classifiers  # noqa: F401
from tests.fakes import FAKE_SPEC, FakeEncoder
from tests.films import draw_film

CLIP = FAKE_SPEC.frames / FAKE_SPEC.fps
SHOT = 1.25 * CLIP

pytestmark = pytest.mark.usefixtures("decoding_here")


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """Two shots that last a clip and a bit each."""
    draw_film(tmp_path / "films" / "film.mp4", "red", "blue", seconds=SHOT)
    return tmp_path / "films"


def run(line: CommandLine, *words: object) -> dict[str, Any]:
    done = line("index", *words, "--encoder", "fake", "--classifiers", "none", "--json")
    assert done.code == 0, done.err
    return {name: count for name, count in done.document["videos"].items() if count}


def cuts() -> list[float]:
    with open_library() as library:
        video_id = library.catalog.videos()[0].id
        return library.catalog.cuts([video_id])[video_id]


def forget_cuts(library: Library) -> None:
    """As a library was before cuts were found."""
    video = library.catalog.videos()[0]
    library.catalog.save_cuts(video.id, without_parts(video.recipe, {SHOTS}), [])


def clip_spans() -> list[tuple[float, float]]:
    with open_library() as library:
        ids = library.catalog.clip_ids().tolist()
        return sorted((round(it.start, 2), round(it.end, 2)) for it in library.catalog.clips(ids).values())


def test_cuts_are_a_part_of_the_recipe_and_decide_the_clips_only_where_these_lie_inside_shots() -> None:
    fixed, shots = (recipe_of(FAKE_SPEC, ClipPlan(8, 5.0, 32, shots=shots)) for shots in (False, True))
    assert stale_parts(without_parts(fixed, {SHOTS}), fixed) == {SHOTS}
    assert stale_parts(fixed, shots) == stale_parts(shots, fixed) == {CLIPS}


def test_cuts_are_stored_with_the_video(line: CommandLine, films: Path) -> None:
    assert run(line, films) == {"indexed": 1}
    assert cuts() == [pytest.approx(SHOT)]
    assert clip_spans() == [(0.0, 2.0), (2.0, 4.0)]


def test_an_older_library_gets_its_cuts_and_nothing_is_encoded_again(
    line: CommandLine, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(line, films)
    with open_library() as library:
        forget_cuts(library)
        before = library.catalog.clip_ids().tolist()
    monkeypatch.setattr(FakeEncoder, "encode_clips", None)
    assert run(line, films) == {"updated": 1, "stale": 1}
    assert cuts() == [pytest.approx(SHOT)]
    with open_library() as library:
        assert library.catalog.clip_ids().tolist() == before
    assert run(line, films) == {"unchanged": 1}


def test_the_library_remembers_how_its_clips_lie(line: CommandLine, films: Path) -> None:
    run(line, films)
    assert run(line, films, "--clips", "fixed") == {"updated": 1, "stale": 1}
    assert clip_spans() == [(0.0, 1.6), (1.6, 3.2), (3.2, 4.0)]
    assert run(line, films) == {"unchanged": 1}
    assert cuts() == [pytest.approx(SHOT)]
    assert run(line, films, "--clips", "shots") == {"updated": 1, "stale": 1}
    assert len(clip_spans()) == 2


@pytest.mark.usefixtures("_fake_classifiers")
def test_what_is_said_of_clips_inside_shots_is_kept_by_time_whenever_it_is_said(
    line: CommandLine, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("--encoder", "fake", "--clips", "shots")
    assert line("index", films, *words, "--classifiers", "hue").code == 0
    with open_library() as library:
        (at_once,) = library.catalog.tracks(library.catalog.videos()[0].id)
        seen = library.catalog.segments(library.catalog.videos()[0].id)
    assert at_once.step == pytest.approx(CLIP / 4)
    assert at_once.scores.argmax(axis=1).tolist() == [0] * 5 + [2] * 5
    assert {(one.label, round(one.start, 1), round(one.end, 1)) for one in seen} == {
        ("red", 0.0, 2.0),
        ("blue", 2.0, 4.0),
    }
    monkeypatch.setenv("VSEARCH_LIBRARY", str(films.parent / "second"))
    assert line("index", films, *words, "--classifiers", "none").code == 0
    assert line("index", films, "--classifiers", "hue").code == 0
    with open_library() as library:
        (later,) = library.catalog.tracks(library.catalog.videos()[0].id)
    np.testing.assert_array_equal(later.scores, at_once.scores)
