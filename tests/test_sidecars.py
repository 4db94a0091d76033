"""Which files beside a film hold its words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from indexer.cues.sidecars import look_beside, owner, words_part


@pytest.mark.parametrize(
    "name",
    ["film.srt", "film.en.srt", "FILM.Pt-BR.VTT", "film.en.forced.ass", "film.mkv.ssa", "film.json", "film.en.json"],
)
def test_files_with_the_name_of_a_film_are_its_sidecars(name: str) -> None:
    assert owner(name, {"film"}) == "film"


@pytest.mark.parametrize(
    "name",
    ["film.txt", "films.srt", "film2.srt", "film", "film.srt.part", "film.info.json", "film.live_chat.json", ".srt"],
)
def test_other_files_are_not(name: str) -> None:
    assert owner(name, {"film"}) is None


def test_a_file_belongs_to_the_film_with_the_longest_name() -> None:
    assert owner("film.two.en.srt", {"film", "film.two"}) == "film.two"
    assert owner("film.two.en.srt", {"film"}) == "film"


def test_folders_of_subtitles_are_looked_into(tmp_path: Path) -> None:
    (tmp_path / "Subs").mkdir()
    for name in ("film.mkv", "film.en.srt", "other.srt", "Subs/film.de.srt", "Subs/film.two.srt", "film.two.mp4"):
        (tmp_path / name).write_text("x")
    (tmp_path / "film.fr.srt").mkdir()
    (tmp_path / "film.gone.srt").symlink_to("nowhere")
    beside = look_beside()
    assert [sidecar.path.name for sidecar in beside(tmp_path / "film.mkv")] == ["film.en.srt", "film.de.srt"]
    assert [sidecar.path.name for sidecar in beside(tmp_path / "film.two.mp4")] == ["film.two.srt"]
    assert beside(tmp_path / "nowhere" / "film.mkv") == ()


def test_the_recipe_changes_with_the_sidecars(tmp_path: Path) -> None:
    film, sidecar = tmp_path / "film.mkv", tmp_path / "film.srt"
    parts = [words_part(look_beside()(film))]
    sidecar.write_text("one")
    parts.append(words_part(look_beside()(film)))
    os.utime(sidecar, (1, 1))
    parts.append(words_part(look_beside()(film)))
    assert len(set(parts)) == 3
    assert words_part(look_beside()(film)) == parts[-1]
