"""What a person reads of an answer: moments, chains, words said, and that nothing like that is here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from search.answer import Explanation, Hit, LaterMoment, SearchAnswer
from search.catalog.cues import FoundCue
from search.catalog.records import ClipRecord, Cue, Segment
from search.printing import print_answer
from web.words import span

CLIP = ClipRecord(17, 3, 61.0, 64.0, Path("/films/a [red] door.mp4"), "a [red] door.mp4")
HIT = Hit(1, 0.5, "strong", CLIP, (Segment("character", "tom", 0, 9, 0.9),), extent=(58.0, 70.0))


def printed(capsys: pytest.CaptureFixture[str], *hits: Hit, nothing: bool = False) -> tuple[str, str]:
    print_answer(SearchAnswer("red", (), (), "fake", "0", None, 1.0, hits, nothing=nothing))
    return tuple(capsys.readouterr())  # type: ignore[return-value]


def test_a_moment_is_its_extent_not_its_peak(capsys: pytest.CaptureFixture[str]) -> None:
    out, err = printed(capsys, HIT)
    assert "0:58 – 1:10" in out
    assert "/films/a [red] door.mp4" in out
    assert "character=tom" in out
    assert err == ""


def test_a_chain_names_its_later_moments(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = printed(capsys, replace(HIT, then=(LaterMoment(20, 0.4, 75.0, 78.0),)))
    assert "then 1:15 – 1:18" in out


def test_what_is_said_is_shown_with_its_time_and_cannot_steer_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    cue = FoundCue(3, Cue(59.0, 60.0, "A [bold]red\x1b[2J sky", "x.srt"), 1.0, ((8, 11),))
    out, _ = printed(capsys, replace(HIT, cues=(cue,)))
    assert "“A [bold]red\\x1b[2J sky” 0:59" in out


def test_how_many_more_there_are_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = printed(capsys, replace(HIT, duplicates=2, others=5))
    assert "2 more alike, 5 more in it" in out


def test_the_nearest_is_announced_as_such(capsys: pytest.CaptureFixture[str]) -> None:
    out, err = printed(capsys, replace(HIT, band="weak"), nothing=True)
    assert err == "Nothing like that here; the nearest:\n"
    assert "door.mp4" in out


def test_a_span_is_told_in_the_seconds_that_the_site_tells(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = printed(capsys, replace(HIT, extent=(7.9, 11.2)))
    assert span(7.9, 11.2) in out
    assert "0:07 – 0:12" in out


def test_what_was_meant_is_asked_before_the_moments(capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(SearchAnswer("dogg", (), (), "fake", "0", None, 1.0, (HIT,), did_you_mean="dog"))
    assert capsys.readouterr().err == "Did you mean: dog\n"


def test_an_explanation_says_only_what_played_a_part(capsys: pytest.CaptureFixture[str]) -> None:
    seen = Explanation(similarity=0.51, minus=0.0, standing=0.9, sight_rank=2, clip_ids=(16, 17))
    out, _ = printed(capsys, replace(HIT, explanation=seen))
    assert "similarity 0.51, above 90% of unrelated sentences, seen rank 2, clips 16 17" in out


def test_the_number_that_export_and_similar_ask_for_ends_the_row(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = printed(capsys, HIT)
    assert next(row for row in out.splitlines() if "door.mp4" in row).split()[-1] == "17"
