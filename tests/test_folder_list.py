"""Choosing a folder: what is shown of a disk, what is counted, and what stays out of reach."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.finding import folder_list
from indexer.finding.folder_list import FilmCount, allowed_folder, count_films, list_folder, starting_places
from search.errors import NotFound, PathNotFound, VsearchError


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    for path in ("Videos/a.mp4", "Videos/Holiday/b.MKV", "Videos/Holiday/notes.txt", ".cache/c.mp4", "Empty/.d.mp4"):
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).touch()
    return home


def shown(home: Path, at: Path | None = None) -> dict[str, FilmCount | None]:
    return {folder.name: folder.count for folder in list_folder(str(at or home), [home]).folders}


def test_folders_are_shown_with_the_films_below_them_and_no_files(home: Path) -> None:
    assert shown(home) == {"Empty": FilmCount(0, True), "Videos": FilmCount(2, True)}
    inside = list_folder(str(home / "Videos"), [home])
    assert (inside.here.name, inside.here.count) == ("Videos", FilmCount(2, True))
    assert [folder.name for folder in inside.folders] == ["Holiday"]
    assert inside.trail == (("home", home), ("Videos", home / "Videos"))


@pytest.mark.parametrize("named", ["/", "/etc", "", ".", "Videos", "../x", "{home}/..", "{home}/../home", "{home}\0"])
def test_nothing_outside_the_starting_places_is_shown(home: Path, named: str) -> None:
    with pytest.raises(NotFound, match="not offered"):
        list_folder(named.format(home=home), [home])


def test_hidden_folders_are_not_shown_even_when_named(home: Path) -> None:
    with pytest.raises(NotFound):
        list_folder(str(home / ".cache"), [home])


@given(st.text(max_size=30))
def test_whatever_a_client_names_is_inside_or_refused(named: str) -> None:
    place = Path(__file__).parent
    try:
        folder, _ = allowed_folder(f"{place}/{named}", [place])
    except VsearchError:
        return
    assert folder.resolve().is_relative_to(place.resolve())


def test_a_link_out_of_the_starting_places_leads_nowhere(home: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (home / "out").symlink_to(tmp_path / "secret")
    assert "out" not in shown(home)
    with pytest.raises(NotFound):
        list_folder(str(home / "out"), [home])
    assert "out" in {folder.name for folder in list_folder(str(home), [home, tmp_path / "secret"]).folders}


def test_links_in_a_circle_end_nothing(home: Path) -> None:
    (home / "Videos" / "up").symlink_to(home)
    (home / "loop").symlink_to(home / "loop")
    assert "loop" not in shown(home)
    assert "up" not in shown(home, home / "Videos")
    assert shown(home)["Videos"] == FilmCount(2, False)  # what the link holds is not counted
    with pytest.raises(PathNotFound):
        list_folder(str(home / "loop"), [home])


def test_a_folder_that_cannot_be_read_says_so(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda path, _mode: Path(path).name != "Empty")
    assert shown(home) == {"Empty": None, "Videos": FilmCount(2, True)}
    assert list_folder(str(home / "Empty"), [home]).here.count is None


def test_a_folder_whose_name_no_address_can_hold_is_not_gone_into(home: Path) -> None:
    (home / os.fsdecode(b"caf\xe9")).mkdir()
    assert shown(home)[os.fsdecode(b"caf\xe9")] is None


def test_many_folders_come_on_several_lists(home: Path) -> None:
    for number in range(450):
        (home / "Empty" / f"{number:03}").mkdir()
    lists = [list_folder(str(home / "Empty"), [home], skip) for skip in (0, 200, 400, 600)]
    assert [len(one.folders) for one in lists] == [200, 200, 50, 0]
    assert lists[2].folders[-1].name == "449"
    assert lists[0].total == 450


def test_ten_thousand_entries_are_listed_and_counting_ends_in_time(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(10_000):
        (home / "Videos" / f"{number}.mp4").touch()
    monkeypatch.setattr(folder_list, "PATIENCE", 0.0)
    began = time.monotonic()
    assert shown(home)["Videos"] == FilmCount(0, False)
    assert time.monotonic() - began < 2
    assert count_films(home / "Videos", time.monotonic() + 30) == FilmCount(10_002, True)


def test_one_begins_at_the_places_that_were_named_or_at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert starting_places([home, home / "gone"]) == [home]
    monkeypatch.setenv("HOME", str(home))
    assert starting_places()[0] == home


def test_a_disk_is_found_where_the_system_mounts_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_list, "MOUNTED_BELOW", (home,))
    monkeypatch.setattr("os.path.ismount", lambda path: Path(path).name == "Videos")
    assert home / "Videos" in starting_places()
