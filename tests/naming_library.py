"""A small library whose films have groups of similar frames, with a picture of each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from search.library import Library
from search.naming import picture_path
from tests.appearances import add_appearances
from tests.library_fixtures import add_film, make_library
from tests.site_library import add_file, draw_film, jpeg

COLOURS = ["red", "blue", "green", "yellow"]
RED, BLUE, GREEN = 1, 2, 3
"""The groups of the first film; the second has one of its own."""


@contextmanager
def naming_library(folder: Path) -> Iterator[Library]:
    """Two films that play. The first shows the groups 1 1 2 2 3 1, two seconds each, the second its group 4."""
    films = folder / "films"
    films.mkdir()
    with make_library(folder / "library") as library:
        for name, groups in (("one.mp4", (0, 0, 1, 1, 2, 0)), ("<b>two.mp4", (3, 3))):
            colours = [COLOURS[group] for group in groups]
            draw_film(films / name, colours)
            video_id = add_file(library, films / name, colours)
            for appearance_id, colour in zip(add_appearances(library, video_id, groups), colours, strict=True):
                put_picture(library, appearance_id, jpeg(colour))
        yield library


def put_picture(library: Library, appearance_id: int, picture: bytes) -> None:
    path = picture_path(library.path, appearance_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(picture)


def add_many_groups(library: Library, groups: int, appearances: int) -> None:
    """A film with so many groups of as many appearances each."""
    video_id = add_film(library, "many.mp4", ["red"], fingerprint="many")
    add_appearances(library, video_id, [at // appearances for at in range(groups * appearances)])
