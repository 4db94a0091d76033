"""Indexing with classifiers: one decode pass, tracks and tags beside the clips, and only what is needed done anew."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer import retag as retagging
from indexer.decoding.decode import Decoder
from indexer.mp4 import write_mp4
from search.catalog.records import Track, VideoState
from search.library import Library, open_library
from search.settings import read_settings
from tests.command_line import CommandLine
from tests.fake_classifiers import FakeClassifier, _fake_classifiers  # noqa: F401
from tests.fakes import FAKE_SPEC, FakeEncoder
from tests.films import age, draw_film

CLIP = FAKE_SPEC.frames / FAKE_SPEC.fps

pytestmark = pytest.mark.usefixtures("_fake_classifiers", "decoding_here")


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """Red then blue; and a green film shorter than any step."""
    draw_film(tmp_path / "films" / "long.mp4", "red", "blue", seconds=3 * CLIP)
    draw_film(tmp_path / "films" / "short.mp4", "green", seconds=0.2)
    return tmp_path / "films"


def run(line: CommandLine, *words: object, code: int = 0) -> dict[str, Any]:
    done = line("index", *words, "--encoder", "fake", "--json")
    assert done.code == code, done.err
    return done.document


def counts(document: dict[str, Any]) -> dict[str, int]:
    return {name: count for name, count in document["videos"].items() if count}


def tracks(name: str) -> dict[str, Track]:
    with open_library() as library:
        return {track.kind: track for track in library.catalog.tracks(video(library, name))}


def video(library: Library, name: str) -> int:
    return next(row.id for row in library.catalog.videos() if row.relpath == name)


def tags(name: str) -> set[tuple[str, str]]:
    with open_library() as library:
        return {(one.kind, one.label) for one in library.catalog.segments(video(library, name))}


def test_every_row_of_a_track_says_what_is_seen_in_its_time(line: CommandLine, films: Path) -> None:
    run(line, films, "--classifiers", "mood,deed,hue", "--clips", "fixed")
    found = tracks("long.mp4")
    mood, deed, hue = found["mood"], found["deed"], found["hue"]
    assert (mood.step, mood.span, mood.labels) == (0.5, 0.5, ("red", "green", "blue"))
    assert (deed.step, deed.span) == (0.8, 0.8)
    assert (hue.step, hue.span) == (CLIP, CLIP)
    assert [len(mood.scores), len(deed.scores), len(hue.scores)] == [20, 12, 6]
    assert (mood.scores.argmax(axis=1) == [0] * 10 + [2] * 10).all()
    assert (hue.scores.argmax(axis=1) == [0] * 3 + [2] * 3).all()
    assert tags("long.mp4") == {(kind, label) for kind in ("mood", "deed", "hue") for label in ("red", "blue")}


def test_tags_are_found_as_soon_as_they_are_indexed(line: CommandLine, films: Path) -> None:
    run(line, films, "--classifiers", "mood")
    found = line("search", "--tag", "mood=blue", "--json").document
    assert [result["title"] for result in found["results"]] == ["long.mp4"]
    assert found["facets"][0] == {
        "kind": "mood",
        "label": "blue",
        "videos": 1,
        "clips": 3,
        "seconds": pytest.approx(3 * CLIP, abs=0.5),
    }


def test_a_film_shorter_than_a_step_has_a_row_and_its_tag(line: CommandLine, films: Path) -> None:
    run(line, films, "--classifiers", "mood,deed")
    assert {kind: len(track.scores) for kind, track in tracks("short.mp4").items()} == {"mood": 1, "deed": 1}
    assert tags("short.mp4") == {("mood", "green"), ("deed", "green")}


def test_a_classifier_added_later_says_the_same_and_encodes_nothing(
    line: CommandLine, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(line, films, "--classifiers", "mood,hue")
    at_once = tracks("long.mp4")
    monkeypatch.setenv("VSEARCH_LIBRARY", str(films.parent / "second"))
    run(line, films, "--classifiers", "none")
    with open_library() as library:
        clips = library.catalog.clip_ids().tolist()
    monkeypatch.setattr(FakeEncoder, "encode_clips", None)
    assert counts(run(line, films, "--classifiers", "mood,hue")) == {"updated": 2, "stale": 2}
    later = tracks("long.mp4")
    for kind, track in at_once.items():
        np.testing.assert_array_equal(later[kind].scores, track.scores)
        assert later[kind].step == track.step
    assert tags("long.mp4") == {(kind, label) for kind in ("mood", "hue") for label in ("red", "blue")}
    with open_library() as library:
        assert library.catalog.clip_ids().tolist() == clips
    assert counts(run(line, films)) == {"unchanged": 2}


def test_a_classifier_of_vectors_added_later_decodes_nothing(
    line: CommandLine, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(line, films, "--classifiers", "mood")
    monkeypatch.setattr(Decoder, "decode_all", None)
    assert counts(run(line, films, "--classifiers", "mood,hue")) == {"updated": 2, "stale": 2}
    assert set(tracks("long.mp4")) == {"mood", "hue"}
    assert counts(run(line, films)) == {"unchanged": 2}


def test_another_model_redoes_its_own_track_alone(line: CommandLine, films: Path) -> None:
    run(line, films, "--classifiers", "mood,deed")
    FakeClassifier.seen.clear()
    assert counts(run(line, films, "--classifiers", "mood,deed", "--activity", "better")) == {
        "updated": 2,
        "stale": 2,
    }
    assert sum(FakeClassifier.seen) <= 13
    assert tracks("long.mp4")["deed"].fingerprint == "better"


def test_other_clips_make_every_track_anew(line: CommandLine, films: Path) -> None:
    run(line, films, "--classifiers", "mood,hue", "--clips", "fixed")
    run(line, films, "--overlap", 0.5)
    found = tracks("long.mp4")
    assert found["hue"].step == pytest.approx(CLIP / 2)
    assert len(found["mood"].scores) == 20


def test_a_classifier_that_is_left_out_loses_its_tags_and_keeps_its_track(line: CommandLine, films: Path) -> None:
    run(line, films, "--classifiers", "mood,deed")
    assert run(line, films, "--classifiers", "mood")["retagged"] == 2
    assert {kind for kind, _ in tags("long.mp4")} == {"mood"}
    FakeClassifier.seen.clear()
    assert counts(run(line, films, "--classifiers", "mood,deed")) == {"unchanged": 2}
    assert {kind for kind, _ in tags("long.mp4")} == {"mood", "deed"}
    assert not FakeClassifier.seen


def test_no_emotion_forgets_expressions_until_they_are_wanted_again(line: CommandLine, films: Path) -> None:
    run(line, films, "--classifiers", "emotion,mood")
    run(line, films, "--no-emotion")
    assert set(tracks("long.mp4")) == {"mood"}
    assert {kind for kind, _ in tags("long.mp4")} == {"mood"}
    assert counts(run(line, films)) == {"unchanged": 2}
    assert counts(run(line, films, "--classifiers", "emotion,mood")) == {"updated": 2, "stale": 2}
    assert {kind for kind, _ in tags("long.mp4")} == {"mood", "emotion"}


def test_the_setting_switches_expressions_off_while_it_is_there(
    line: CommandLine, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(line, films, "--classifiers", "emotion")
    monkeypatch.setenv("VSEARCH_NO_EMOTION", "1")
    assert line("tags", "--json").document["tags"] == []
    assert counts(run(line, films)) == {"unchanged": 2}
    assert tags("long.mp4") == set()
    monkeypatch.delenv("VSEARCH_NO_EMOTION")
    assert counts(run(line, films)) == {"unchanged": 2}
    assert tags("long.mp4") == {("emotion", "red"), ("emotion", "blue")}


def test_films_of_other_sizes_go_through_the_same_classifier(line: CommandLine, films: Path) -> None:
    """`inside` keeps their shapes."""
    wide = films / "wide.mp4"
    write_mp4(wide, (np.full((48, 96, 3), (0, 255, 0), np.uint8) for _ in range(20)), 96, 48, 10)
    age(wide)
    run(line, films, "--classifiers", "mood", "--workers", 2)
    assert tags("wide.mp4") == {("mood", "green")}
    assert tags("long.mp4") == {("mood", "red"), ("mood", "blue")}


def test_a_broken_film_has_no_tracks_and_is_not_tried_again_for_a_new_classifier(
    line: CommandLine, films: Path
) -> None:
    (films / "words.mp4").write_text("these are words")
    age(films / "words.mp4")
    assert counts(run(line, films, "--classifiers", "mood", code=1)) == {"indexed": 2, "failed": 1}
    assert tracks("words.mp4") == {}
    assert counts(run(line, films, "--classifiers", "mood,hue", code=1)) == {"updated": 2, "stale": 2, "failed": 1}


def test_a_film_that_breaks_meanwhile_keeps_what_is_known_of_it(
    line: CommandLine, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(line, films, "--classifiers", "none")
    long = films / "long.mp4"
    dates = long.stat().st_atime_ns, long.stat().st_mtime_ns
    whole = long.read_bytes()
    long.write_bytes(bytes(len(whole)))
    os.utime(long, ns=dates)
    document = run(line, films, "--classifiers", "mood", code=1)
    assert counts(document) == {"updated": 1, "stale": 1, "failed": 1}
    with open_library() as library:
        kept = library.catalog.video(video(library, "long.mp4"))
        assert (kept.state, kept.clips) == (VideoState.INDEXED, 6)
    long.write_bytes(whole)
    os.utime(long, ns=dates)
    assert counts(run(line, films)) == {"updated": 1, "stale": 1, "unchanged": 1}
    assert set(tracks("long.mp4")) == {"mood"}


@pytest.mark.parametrize("fault", ["raises", "shape", "range"])
def test_a_classifier_that_fails_names_itself_and_loses_nothing(
    line: CommandLine, films: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    run(line, films, "--classifiers", "none")

    def scores(self: FakeClassifier, batch: Any) -> Any:
        if fault == "raises":
            raise RuntimeError("OOM when allocating\nand more")
        return np.full((len(batch), 2 if fault == "shape" else 3), 7.0, np.float32)

    monkeypatch.setattr(FakeClassifier, "scores", scores)
    done = line("index", films, "--classifiers", "mood")
    assert done.code == 3
    assert "The classifier of mood failed on" in done.err
    assert "and more" not in done.err
    with open_library() as library:
        assert len(library.catalog.clip_ids()) == 7


def test_a_dry_run_counts_what_a_new_classifier_would_do(line: CommandLine, films: Path) -> None:
    run(line, films, "--classifiers", "none")
    assert counts(run(line, films, "--classifiers", "mood", "--dry-run")) == {"updated": 2, "stale": 2}
    assert counts(run(line, films)) == {"unchanged": 2}


def test_new_rules_make_other_tags_and_decode_nothing(
    line: CommandLine, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(line, films, "--classifiers", "mood")
    monkeypatch.setattr(Decoder, "decode_all", None)
    document = line("retag", "--rule", "mood.min_seconds=99", "--json").document
    assert (document["videos"], document["segments"], document["interrupted"]) == (2, 1, False)
    assert document["rules"]["mood"]["min_seconds"] == 99
    assert tags("long.mp4") == set()
    assert counts(run(line, films)) == {"unchanged": 2}
    assert tags("long.mp4") == set()
    assert line("retag", "--reset").code == 0
    assert tags("long.mp4") == {("mood", "red"), ("mood", "blue")}


@pytest.mark.parametrize(
    "rule", ["mood", "mode.enter=1", "mood.entr=1", "mood.enter=high", "mood.enter=0.1", "mood.leave=-1"]
)
def test_a_rule_that_makes_no_sense_is_refused_with_a_cure(line: CommandLine, films: Path, rule: str) -> None:
    run(line, films, "--classifiers", "mood")
    done = line("retag", "--rule", rule)
    assert done.code == 2
    assert len(done.err.splitlines()) == 2
    assert line("retag", "--json").document["rules"]["mood"]["enter"] == 0.5


def test_retagging_that_is_interrupted_is_taken_up_by_the_next_run(line: CommandLine, films: Path) -> None:
    run(line, films, "--classifiers", "mood")
    looks = iter([False, True])
    with open_library() as library:
        done, _ = retagging.tag_again(
            library.catalog, ["mood.enter=1.0"], reset=True, interrupted=lambda: next(looks)
        )
        assert (done.videos, done.interrupted) == (1, True)
        retagging.change_rules(library.catalog, [], reset=True)
    assert run(line, films)["retagged"] == 2
    assert tags("long.mp4") == {("mood", "red"), ("mood", "blue")}
    assert tags("short.mp4") == {("mood", "green")}


@pytest.mark.parametrize(
    ("words", "cure"),
    [
        (["--classifiers", "moody"], "Known are"),
        (["--classifiers", "characters"], "--characters drawn"),
        (["--classifiers", "emotion", "--no-emotion"], "Leave one"),
    ],
)
def test_wishes_that_cannot_be_met_exit_2_and_make_no_library(
    line: CommandLine, films: Path, words: list[str], cure: str
) -> None:
    done = line("index", films, "--encoder", "fake", *words)
    assert done.code == 2
    assert cure in done.err
    assert not read_settings().library.exists()
