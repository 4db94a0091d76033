"""Small libraries for tests: films that do not exist, with vectors chosen by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from search.catalog.records import FileFacts, NewClip, NewVideo, Segment, VideoFacts, VideoState
from search.library import Library, open_library
from tests.fakes import COLOURS, FAKE_SPEC, FakeEncoder

CLIP_SECONDS = FAKE_SPEC.frames / FAKE_SPEC.fps


def make_library(folder: Path) -> Library:
    return open_library(folder, encoder=FakeEncoder(), create=True)


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
            facts=VideoFacts(len(colours) * CLIP_SECONDS, 64, 48, 25.0, "h264", "mp4"),
            clips=[colour_clip(colour, number) for number, colour in enumerate(colours)],
            segments=segments or [],
        )
    )
