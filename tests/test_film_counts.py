"""In which folders, and in films of which length, the clips lie that a question leaves."""

from __future__ import annotations

from pathlib import Path, PurePath

from search.asking.film_counts import LENGTHS, Film, Films, count_films
from search.language.tree import Scope
from search.service import SearchService
from tests.library_fixtures import add_film, make_library

FILMS = [
    Film(1, PurePath("/films/sea/a.mp4"), "sea/", 30.0),
    Film(2, PurePath("/films/sea/b.mp4"), "sea/", 300.0),
    Film(3, PurePath("/films/snow/c.mp4"), "snow/", 300.0),
    Film(4, PurePath("/films/d.mp4"), "", 3000.0),
]
CLIPS = {1: 1, 2: 10, 3: 100}


def counts(scope: Scope) -> tuple[dict[str, int], list[int]]:
    found = count_films(FILMS, lambda video_id: CLIPS.get(video_id, 0), scope)
    return dict(found.folders), [clips for _, clips in found.lengths]


def test_clips_are_counted_by_folder_and_length() -> None:
    assert counts(Scope()) == ({"snow/": 100, "sea/": 11}, [1, 110, 0])


def test_a_folder_narrows_the_lengths_but_not_the_other_folders() -> None:
    assert counts(Scope(folders=("sea",))) == ({"snow/": 100, "sea/": 11}, [1, 10, 0])


def test_a_length_narrows_the_folders_but_not_the_other_lengths() -> None:
    assert counts(Scope(shorter=60.0)) == ({"sea/": 1, "snow/": 0}, [1, 110, 0])
    assert [length.name for length in LENGTHS] == ["under 1 min", "1 – 10 min", "over 10 min"]


def test_the_tags_of_a_question_narrow_and_new_films_are_seen(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        add_film(library, "sea/a.mp4", ["red", "blue"])
        service, films = SearchService(library), Films(library)
        assert films.counts(service.parse("after:1s")).folders == (("sea/", 1),)
        add_film(library, "snow/b.mp4", ["red"] * 3)
        assert films.folders() == ("sea/", "snow/")
        assert films.counts(service.parse("red")).folders == (("snow/", 3), ("sea/", 2))


def test_with_several_roots_a_folder_has_the_name_of_its_root(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        add_film(library, "a.mp4", ["red"], root=Path("/disk/2025"))
        add_film(library, "sea/b.mp4", ["red"], root=Path("/disk/2026"))
        assert Films(library).folders() == ("2025/", "2026/sea/")
