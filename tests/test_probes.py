"""What training never sees, and the probes: unseen combinations, pairs that differ in motion, other words."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from itertools import combinations as pairs_of
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.commands.samples import samples
from indexer.samples import paraphrases, words
from indexer.samples.captions import Caption, caption_shot, tell_shot
from indexer.samples.ceiling import ceiling
from indexer.samples.film import draw_shot
from indexer.samples.folder import draw_samples
from indexer.samples.lists import captions_csv
from indexer.samples.paraphrases import paraphrase_shot
from indexer.samples.probes import CONTRASTS, PAIRS, PROBES
from indexer.samples.script import (
    ACTIVITIES,
    CHARACTERS,
    EMOTIONS,
    PACELESS,
    PACES,
    SCENES,
    Shot,
    any_pace,
    held_out,
    kept_apart,
    random_shot,
)
from search.errors import UsageError
from tests.drawn_words import drawn_words

SEEDS = st.integers(0, 2**32 - 1)
COMBINATIONS = list(product(CHARACTERS, ACTIVITIES, SCENES))
LITTLE_WORDS = set(re.findall(r"\w+", "a an and are at in is of off on one other some the then way with"))
"""Words that say nothing of a shot."""


def shot_of(activity: str, scene: str, *characters: str) -> Shot:
    return Shot(characters, scene, activity, "happy", "static", "day", seed=1, duration=4.0)


def test_about_one_combination_in_nine_is_kept_apart() -> None:
    assert 0.09 < np.mean([kept_apart(*names) for names in COMBINATIONS]) < 0.13


def test_the_combinations_kept_apart_stay_the_same_over_versions() -> None:
    assert kept_apart("dog", "bouncing", "city")
    assert kept_apart("cat", "spinning", "underwater")
    assert not kept_apart("dog", "bouncing", "meadow")
    assert not kept_apart("cat", "jumping", "beach")


def test_a_shot_of_two_is_held_out_when_either_combination_is() -> None:
    assert held_out(shot_of("jumping", "beach", "dog", "cat"))
    assert held_out(shot_of("jumping", "beach", "cat", "dog"))
    assert not held_out(shot_of("waving", "forest", "cat"))


def test_every_two_names_are_seen_together_in_training() -> None:
    seen = [names for names in COMBINATIONS if not kept_apart(*names)]
    tables = (CHARACTERS, ACTIVITIES, SCENES)
    for one, other in pairs_of(range(3), 2):
        assert {(names[one], names[other]) for names in seen} == set(product(tables[one], tables[other]))


def test_a_fast_body_moves_three_times_as_fast_as_a_slow_one() -> None:
    times = (np.arange(8) / 25).tolist()
    moved = {}
    for pace in PACES:
        frames = draw_shot(replace(shot_of("swaying", "room", "cat"), pace=pace), times, 64, 64).astype(int)
        moved[pace] = np.abs(np.diff(frames, axis=0)).mean()
    assert moved["slow"] < moved["steady"] < moved["fast"]


@given(SEEDS)
def test_only_what_has_a_rhythm_gets_a_pace(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shot = any_pace(random_shot(rng), rng)
    assert shot.pace == "steady" or shot.activity not in PACELESS


@given(SEEDS, st.sampled_from(["slow", "fast"]))
def test_a_complete_caption_says_what_is_done_at_what_pace_and_where(seed: int, pace: str) -> None:
    shot = replace(shot_of("jumping", "beach", "frog"), pace=pace)
    caption = tell_shot(shot, np.random.default_rng(seed), complete=True)
    assert caption.told >= {"characters", "activity", "pace", "scene"}
    assert re.search("slow" if pace == "slow" else "fast|quick|speed", caption.text)
    assert "jump" in caption.text
    assert any(place in caption.text for place in words.PLACES["beach"])


@given(SEEDS)
def test_a_caption_without_a_pace_is_what_it_always_was(seed: int) -> None:
    shot = random_shot(np.random.default_rng(seed))
    caption = tell_shot(shot, np.random.default_rng(seed))
    assert caption.text == caption_shot(shot, np.random.default_rng(seed))
    assert "pace" not in caption.told


def test_the_ceiling_is_what_a_draw_among_shots_alike_gives() -> None:
    shots = [replace(shot_of("waving", "room", "cat"), seed=seed, emotion=EMOTIONS[seed % 2]) for seed in range(12)]
    everything = Caption("", frozenset({"characters", "activity", "scene", "emotion"}))
    nothing_felt = replace(everything, told=everything.told - {"emotion"})
    for caption, alike in ((everything, 6), (nothing_felt, 12)):
        best = ceiling([(shot, caption) for shot in shots])
        assert best.r1 == pytest.approx(1 / alike)
        assert best.r5 == pytest.approx(5 / alike)


def test_who_stands_first_makes_no_difference_to_the_ceiling() -> None:
    shots = [shot_of("waving", "room", *names) for names in (("cat", "dog"), ("dog", "cat"), ("cat",))]
    told = [(shot, Caption("", frozenset({"characters"}))) for shot in shots]
    assert ceiling(told).r1 == pytest.approx((1 / 2 + 1 / 2 + 1) / 3)


def test_the_combinations_probe_shows_each_unseen_combination_once_and_names_it() -> None:
    probe = PROBES["combinations"](1)
    shown = [(*film.shots[0].characters, film.shots[0].activity, film.shots[0].scene) for film in probe.films]
    assert sorted(shown) == sorted(names for names in COMBINATIONS if kept_apart(*names))
    assert all(row.caption.told >= {"characters", "activity", "scene"} for row in probe.rows)
    assert {row.film for row in probe.rows} == set(range(1, len(probe.films) + 1))


def test_twins_are_equal_but_for_the_contrast_and_so_are_their_captions() -> None:
    probe = PROBES["motion"](1)
    by_film = {row.film: row for row in probe.rows}
    for row in probe.rows:
        twin = by_film[row.twin]
        assert twin.twin == row.film
        one, other = (replace(shot, activity="", pace="") for shot in (row.shot, twin.shot))
        assert one == other
        assert {row.shot.activity, row.shot.pace} != {twin.shot.activity, twin.shot.pace}
        assert not held_out(row.shot)
        said, said_of_twin = ({*row.caption.text.split()}, {*twin.caption.text.split()})
        assert said != said_of_twin
        assert said - said_of_twin <= motion_words(row.shot)
    contrasts = [row.contrast for row in probe.rows]
    assert {name: contrasts.count(name) for name in CONTRASTS} == dict.fromkeys(CONTRASTS, 2 * PAIRS)


def motion_words(shot: Shot) -> set[str]:
    phrases = [form for forms in words.VERBS[shot.activity] for form in forms] + list(words.PACES.get(shot.pace, ()))
    return {word for phrase in phrases for word in phrase.split()}


@pytest.mark.slow
@pytest.mark.parametrize("name", list(PROBES))
def test_a_probe_is_a_function_of_its_seed(name: str) -> None:
    assert PROBES[name](4) == PROBES[name](4)
    assert PROBES[name](4) != PROBES[name](5)


def test_the_first_films_of_a_probe_have_whole_pairs_only() -> None:
    probe = PROBES["motion"](1).first(7)
    assert len(probe.films) == 7
    assert {row.film for row in probe.rows} == set(range(1, 7))


def test_paraphrases_have_a_word_for_everything_and_none_that_captions_are_drawn_with() -> None:
    tables = {"NOUNS": CHARACTERS, "VERBS": ACTIVITIES, "PLACES": SCENES, "MOODS": EMOTIONS}
    for table, names in tables.items():
        texts = getattr(paraphrases, table)
        assert set(texts) == set(names)
        for text in (text for choices in texts.values() for text in choices):
            content = set(text.split()) - LITTLE_WORDS
            assert content
            assert not content & drawn_words(), text


@settings(max_examples=50)
@given(SEEDS)
def test_a_paraphrase_reads_as_one_plain_line_without_drawn_words(seed: int) -> None:
    rng = np.random.default_rng(seed)
    text = paraphrase_shot(random_shot(rng), rng).text
    assert re.fullmatch(r"[a-z]+(,? [a-z]+)+", text)
    assert not set(re.findall(r"[a-z]+", text)) & drawn_words() - LITTLE_WORDS
    assert not re.search(r"\ba [aeiou]|\ban [^aeiou]", text)


def test_a_list_of_pairs_names_the_twin_and_the_contrast() -> None:
    first, second, *_ = csv.DictReader(captions_csv(PROBES["motion"](1).first(4).rows).splitlines())
    assert (first["path"], first["twin"], first["contrast"]) == ("film_0001.mp4", "film_0002.mp4", "left/right")
    assert (second["path"], second["twin"]) == ("film_0002.mp4", "film_0001.mp4")


def test_the_command_draws_a_probe_and_tells_its_ceiling(tmp_path: Path) -> None:
    arguments = [str(tmp_path), "--probe", "motion", "--count", "2", "--size", "64x64", "--json"]
    outcome = CliRunner().invoke(samples, arguments, standalone_mode=False)
    assert outcome.exception is None
    document = json.loads(outcome.stdout)
    assert (document["films"], document["seconds"], document["ceiling"]) == (2, 8.0, {"r1": 1.0, "r5": 1.0})
    assert {path.name for path in tmp_path.iterdir()} == {
        "film_0001.mp4", "film_0002.mp4", "captions.csv", "truth.json",
    }  # fmt: skip


def test_a_probe_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no probe"):
        draw_samples(tmp_path / "films", 1, 0, 64, 64, probe="smell")
    assert not (tmp_path / "films").exists()
