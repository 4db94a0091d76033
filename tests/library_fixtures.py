"""Small libraries for tests: films that do not exist, with vectors chosen by hand."""

from __future__ import annotations

import uuid
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from search.catalog.records import Cue, FileFacts, NewClip, NewVideo, Segment, VideoFacts, VideoState
from search.library import Library, open_library
from search.settings import CATALOG
from tests.fakes import COLOURS, FAKE_SPEC, FakeEncoder
from tests.stores import IN_POSTGRESQL, prepare

CLIP_SECONDS = FAKE_SPEC.frames / FAKE_SPEC.fps


def make_library(folder: Path) -> Library:
    prepare(folder)
    if IN_POSTGRESQL or (folder / CATALOG).exists():
        return open_library(folder, encoder=FakeEncoder(), create=True)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CATALOG).write_bytes(empty_catalog())
    library = open_library(folder, encoder=FakeEncoder(), create=True)
    library.catalog.set_meta(id=uuid.uuid4().hex[:12])
    return library


@cache
def empty_catalog() -> bytes:
    """The file of a library that holds nothing, for copies: making one takes all the migrations."""
    with TemporaryDirectory() as folder:
        open_library(folder, encoder=FakeEncoder(), create=True).close()
        return Path(folder, CATALOG).read_bytes()


def colour_clip(colour: str, number: int) -> NewClip:
    """The clip at place `number` of a film, all of one colour."""
    pixels = np.full((FAKE_SPEC.frames, FAKE_SPEC.size, FAKE_SPEC.size, 3), COLOURS[colour], np.uint8)
    vector = FakeEncoder().encode_clips(pixels[None])[0]
    start = number * CLIP_SECONDS
    return NewClip(start, start + CLIP_SECONDS, vector, thumbnail=b"\xff\xd8" + colour.encode())


def add_film(
    library: Library,
    name: str,
    colours: list[str],
    *,
    root: Path = Path("/films"),
    segments: list[Segment] | None = None,
    cues: list[Cue] | None = None,
    cuts: list[float] | None = None,
    taken_at: float | None = None,
    fingerprint: str | None = None,
) -> int:
    """Stores a film whose clips have these colours, one after the other; its video id."""
    return library.catalog.save_video(
        NewVideo(
            root_id=library.catalog.add_root(root).id,
            relpath=name,
            file=FileFacts(1000, 1, fingerprint or f"fp-{len(name)}-{len(colours)}"),
            state=VideoState.INDEXED,
            recipe="recipe",
            facts=VideoFacts(len(colours) * CLIP_SECONDS, 64, 48, 25.0, "h264", "mp4", taken_at),
            clips=[colour_clip(colour, number) for number, colour in enumerate(colours)],
            segments=segments or [],
            cues=cues or [],
            cuts=cuts or [],
        )
    )


def add_different_films(library: Library, films: int) -> None:
    """Stores films of one clip each, of which no two look the same."""
    vectors = np.random.default_rng(films).normal(size=(films, library.spec.dim)).astype(np.float32)
    root = library.catalog.add_root(Path("/films")).id
    for number, vector in enumerate(vectors):
        name = f"different_{number:03}.mp4"
        library.catalog.save_video(
            NewVideo(
                root_id=root,
                relpath=name,
                file=FileFacts(1000, 1, name),
                state=VideoState.INDEXED,
                recipe="recipe",
                facts=VideoFacts(CLIP_SECONDS, 64, 48, 25.0, "h264", "mp4"),
                clips=[NewClip(0.0, CLIP_SECONDS, vector)],
            )
        )
