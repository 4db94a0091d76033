"""Drawn films: scripts, pictures, motion, captions, and the folder that they end up in."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.commands.samples import parse_size, samples
from indexer.samples.captions import caption_shot
from indexer.samples.cast import LOOKS
from indexer.samples.faces import FEELINGS
from indexer.samples.film import draw_shot, film_frames
from indexer.samples.folder import draw_samples, sample_films
from indexer.samples.lists import captions_csv, truth
from indexer.samples.motions import MOTIONS
from indexer.samples.scenes import PAINTERS
from indexer.samples.script import (
    ACTIVITIES,
    CAMERAS,
    CHARACTERS,
    EMOTIONS,
    FPS,
    SCENES,
    Shot,
    random_film,
    random_shot,
)
from search.errors import CannotGoOn, DiskFull, UsageError
from tests.command_line import CommandLine
from tests.drawn_words import drawn_words

SEEDS = st.integers(0, 2**32 - 1)
PLAIN = Shot(("dog",), "meadow", "waving", "happy", "static", "day", seed=3, duration=4.0)


def shot_of(seed: int) -> Shot:
    return random_shot(np.random.default_rng(seed))


def centre_of(shot: Shot, seconds: float) -> tuple[float, float, float]:
    """Where the character is and how much of the picture it fills: what differs from a picture of another one."""
    pictures = [draw_shot(replace(shot, characters=(name,)), [seconds], 96, 96)[0] for name in ("penguin", "chick")]
    differs = np.abs(pictures[0].astype(int) - pictures[1]).sum(axis=2) > 60
    ys, xs = np.nonzero(differs)
    return float(xs.mean()), float(ys.mean()), float(differs.mean())


def test_every_name_of_a_script_can_be_drawn() -> None:
    assert set(CHARACTERS) == set(LOOKS)
    assert set(SCENES) == set(PAINTERS)
    assert set(ACTIVITIES) == set(MOTIONS)
    assert set(EMOTIONS) == set(FEELINGS)


@settings(max_examples=25)
@given(SEEDS, st.sampled_from([(64, 64), (120, 68), (68, 120)]))
def test_any_shot_is_drawn_in_any_shape(seed: int, size: tuple[int, int]) -> None:
    shot = shot_of(seed)
    frames = draw_shot(shot, [0.0, shot.duration / 2, shot.duration], *size)
    assert frames.shape == (3, size[1], size[0], 3)
    assert frames.dtype == np.uint8
    assert frames.std() > 5


def test_no_times_give_no_frames() -> None:
    assert draw_shot(PLAIN, [], 64, 64).shape == (0, 64, 64, 3)


def test_the_same_script_gives_the_same_pixels_in_another_process() -> None:
    code = (
        "import hashlib, numpy as np; from indexer.samples.film import draw_shot;"
        "from indexer.samples.script import random_shot;"
        "shot = random_shot(np.random.default_rng(7));"
        "print(hashlib.sha256(draw_shot(shot, [0.4, 2.0], 112, 64).tobytes()).hexdigest())"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    here = hashlib.sha256(draw_shot(shot_of(7), [0.4, 2.0], 112, 64).tobytes()).hexdigest()
    assert other.stdout.strip() == here


def test_a_frame_does_not_depend_on_the_frames_asked_for_beside_it() -> None:
    shot = replace(PLAIN, activity="running left", camera="zoom in")
    together = draw_shot(shot, [0.0, 1.0, 4.0], 96, 54)
    alone = draw_shot(shot, [1.0], 96, 54)[0]
    assert np.abs(together[1].astype(int) - alone).mean() < 0.5


def test_a_square_picture_is_the_middle_of_the_wide_one() -> None:
    wide = draw_shot(PLAIN, [1.0], 160, 90)[0]
    square = draw_shot(PLAIN, [1.0], 90, 90)[0]
    assert np.abs(wide[:, 35:125].astype(int) - square).mean() < 4


@pytest.mark.parametrize("mirrored_by", [11, 12, 13, 14])
def test_running_left_goes_left_and_running_right_goes_right(mirrored_by: int) -> None:
    for activity, sign in (("running left", -1), ("running right", 1)):
        shot = replace(PLAIN, activity=activity, seed=mirrored_by)
        start, end = centre_of(shot, 0.3)[0], centre_of(shot, 3.7)[0]
        assert np.sign(end - start) == sign
        assert abs(end - start) > 15


@pytest.mark.slow
def test_falling_goes_down_and_flying_up_goes_up() -> None:
    for activity, sign in (("falling", 1), ("flying up", -1)):
        shot = replace(PLAIN, activity=activity, seed=5)
        heights = [centre_of(shot, t)[1] for t in np.arange(0.2, 3.0, 0.25)]
        steps = np.sign(np.diff(heights))
        assert np.mean(steps == sign) > 0.7


def test_growing_gets_bigger_and_shrinking_gets_smaller() -> None:
    growing, shrinking = (
        [centre_of(replace(PLAIN, activity=activity), t)[2] for t in (0.1, 3.9)]
        for activity in ("growing", "shrinking")
    )
    assert growing[1] > 3 * growing[0]
    assert shrinking[0] > 3 * shrinking[1]


def test_every_activity_moves() -> None:
    for activity in ACTIVITIES:
        frames = draw_shot(replace(PLAIN, activity=activity), [0.5, 0.7, 0.9, 1.1], 64, 64).astype(int)
        assert np.abs(np.diff(frames, axis=0)).mean() > 0.8, activity


def test_each_emotion_shows_on_the_face() -> None:
    faces = [draw_shot(replace(PLAIN, emotion=emotion), [1.0], 128, 128)[0].astype(int) for emotion in EMOTIONS]
    for i, one in enumerate(faces):
        for other in faces[:i]:
            assert (np.abs(one - other).sum(axis=2) > 60).sum() > 20


def test_a_still_camera_holds_the_scene_and_a_pan_moves_it() -> None:
    still, pan = (
        draw_shot(replace(PLAIN, camera=camera), [0.0, 4.0], 96, 54)[:, :12].astype(int) for camera in CAMERAS[:2]
    )
    assert np.abs(still[0] - still[1]).mean() < 1
    assert np.abs(pan[0] - pan[1]).mean() > 3


@settings(max_examples=40)
@given(SEEDS)
def test_a_film_is_short_and_made_of_shots(seed: int) -> None:
    film = random_film(np.random.default_rng(seed))
    assert 2 <= len(film.shots) <= 4
    assert 6 <= film.duration <= 15 + 1e-9
    spans = film.spans()
    assert spans[0][0] == 0
    assert all(before[1] == pytest.approx(after[0]) for before, after in pairwise(spans))
    assert sum(round(shot.duration * FPS) for shot in film.shots) == round(film.duration * FPS)


def test_a_film_has_a_frame_for_every_twenty_fifth_of_a_second() -> None:
    film = random_film(np.random.default_rng(2))
    assert sum(1 for _ in film_frames(film, 64, 64)) == round(film.duration * FPS)


@settings(max_examples=30)
@given(SEEDS)
def test_combinations_that_are_held_out_are_never_drawn(seed: int) -> None:
    def allowed(character: str, activity: str, scene: str) -> bool:
        return not (character == "dog" or (activity == "jumping" and scene == "beach"))

    rng = np.random.default_rng(seed)
    for _ in range(20):
        shot = random_shot(rng, allowed=allowed)
        assert all(allowed(name, shot.activity, shot.scene) for name in shot.characters)


@given(SEEDS)
def test_a_caption_reads_as_one_plain_line_of_known_words(seed: int) -> None:
    rng = np.random.default_rng(seed)
    caption = caption_shot(random_shot(rng), rng)
    assert re.fullmatch(r"[a-z]+(,? [a-z]+)+", caption)
    assert set(re.findall(r"[a-z]+", caption)) <= drawn_words()
    assert not re.search(r"\ba [aeiou]|\ban [^aeiou]", caption)


def test_captions_of_one_shot_vary_but_nearly_always_tell_who_what_and_where() -> None:
    rng = np.random.default_rng(0)
    shot = replace(PLAIN, activity="running left")
    captions = [caption_shot(shot, rng) for _ in range(300)]
    assert len(set(captions)) > 200
    assert all(re.search("dog|puppy|hound|doggy", caption) for caption in captions)
    assert sum("left" in caption for caption in captions) > 270
    assert sum(bool(re.search("meadow|grass|field|flowers|countryside", caption)) for caption in captions) > 260
    assert not any(re.search(r"\bright", caption) for caption in captions)


def test_a_caption_of_two_names_both() -> None:
    rng = np.random.default_rng(0)
    caption = caption_shot(replace(PLAIN, characters=("frog", "robot")), rng)
    assert re.search("frog|toad", caption)
    assert re.search("robot|android|machine", caption)


def test_more_films_of_a_seed_begin_with_the_same_ones() -> None:
    assert sample_films(5, seed=4).first(2) == sample_films(2, seed=4)
    assert sample_films(2, seed=4) != sample_films(2, seed=5)


def test_truth_gives_ranges_that_fill_each_film() -> None:
    films = sample_films(8, seed=1).films
    for film, told in zip(films, truth(films, seed=1)["films"], strict=True):
        assert told["shots"][0]["start"] == 0
        assert told["shots"][-1]["end"] == told["duration"] == pytest.approx(film.duration)
        for kind in ("emotions", "activities", "scenes"):
            ranges = sorted(span for spans in told[kind].values() for span in spans)
            assert sum(end - start for start, end in ranges) == pytest.approx(told["duration"])


def test_captions_name_films_and_spans_of_the_truth() -> None:
    programme = sample_films(3, seed=1)
    spans = {(f["path"], s["start"], s["end"]) for f in truth(programme.films, 1)["films"] for s in f["shots"]}
    rows = list(csv.DictReader(captions_csv(programme.rows).splitlines()))
    assert {(row["path"], float(row["start"]), float(row["end"])) for row in rows} == spans
    assert len(rows) == 3 * len(spans)


@pytest.mark.slow
def test_the_command_draws_whole_films_with_captions_and_truth_and_can_run_again(tmp_path: Path) -> None:
    arguments = [str(tmp_path / "films"), "--count", "1", "--size", "96x64", "--json"]
    outcomes, contents = [], []
    for _ in range(2):
        outcomes.append(CliRunner().invoke(samples, arguments, standalone_mode=False))
        contents.append({path.name: path.read_bytes() for path in (tmp_path / "films").iterdir()})
    assert [outcome.exception for outcome in outcomes] == [None, None]
    document = json.loads(outcomes[0].stdout)
    assert document["schema"] == 1
    assert document["films"] == 1
    assert set(contents[0]) == {"film_0001.mp4", "captions.csv", "truth.json"}
    assert contents[0] == contents[1]


@pytest.mark.slow
def test_an_interrupted_run_leaves_whole_films_only(tmp_path: Path) -> None:
    frames = 0
    first = round(sample_films(1, 0).films[0].duration * FPS)

    def interrupt(_share: float) -> None:
        nonlocal frames
        frames += 1
        if frames == first + 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        draw_samples(tmp_path, 2, 0, 64, 64, on_progress=interrupt)
    assert {path.name for path in tmp_path.iterdir()} == {"film_0001.mp4", "captions.csv", "truth.json"}
    assert len(json.loads((tmp_path / "truth.json").read_text())["films"]) == 1


@pytest.mark.parametrize("size", ["", "480", "x", "480x", "-4x4", "480x270x3", "axb"])
def test_a_size_that_is_none_is_refused(size: str) -> None:
    with pytest.raises(UsageError):
        parse_size(size)


@pytest.mark.parametrize(
    ("count", "seed", "size"), [(0, 0, (96, 64)), (1, -1, (96, 64)), (1, 0, (97, 64)), (1, 0, (2, 2))]
)
def test_what_cannot_be_drawn_is_refused_before_anything_is_made(
    tmp_path: Path, count: int, seed: int, size: tuple[int, int]
) -> None:
    with pytest.raises(UsageError):
        draw_samples(tmp_path / "films", count, seed, *size)
    assert not (tmp_path / "films").exists()


def test_more_films_than_can_be_meant_are_refused_with_the_room_that_they_would_take(
    line: CommandLine, tmp_path: Path
) -> None:
    done = line("samples", tmp_path / "films", "--count", 6_000_000_000)
    assert done.code == 2
    assert "6,000,000,000 films would take about 4,488,000 GB." in done.err
    assert not (tmp_path / "films").exists()


def test_films_for_which_there_is_no_room_are_not_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=2_000_000))
    with pytest.raises(DiskFull, match=r"50 films take about 6 MB; for .*films 2 are free"):
        draw_samples(tmp_path / "films", 50, 0, 64, 64)
    assert not (tmp_path / "films").exists()
    assert draw_samples(tmp_path / "films", 1, 0, 64, 64).films == 1


def test_a_file_in_place_of_the_folder_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / "films").write_text("mine")
    with pytest.raises(UsageError, match="not a folder"):
        draw_samples(tmp_path / "films", 1, 0, 64, 64)
    with pytest.raises(CannotGoOn):
        draw_samples(tmp_path / "films" / "inside", 1, 0, 64, 64)
    assert (tmp_path / "films").read_text() == "mine"
