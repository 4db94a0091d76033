"""A small library whose first film has all that a film page shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import av

from search.catalog.records import Cue, FileFacts, NewVideo, Segment, VideoFacts, VideoState
from search.library import Library
from tests.library_fixtures import CLIP_SECONDS, colour_clip, make_library
from tests.site_library import RATE, draw_film, frame_of, jpeg

COLOURS_SHOWN = ["black", "red", "orange", "yellow", "white", "red"]
DURATION = CLIP_SECONDS * len(COLOURS_SHOWN)
NAME = "a & <b>\u202eb.mp4"
SEGMENTS = [
    Segment("character", "tom", 1.0, 3.0, 0.9),
    Segment("character", "tom", 6.0, 7.0, 0.9),
    Segment("character", "jerry", 2.0, 2.5, 0.9),
    Segment("emotion", "happy", 0.0, 4.0, 0.8),
]
CUES = [Cue(0.5, 1.5, "hello <there>", "film.srt"), Cue(4.0, 5.0, "good night", "film.srt")]
CUTS = [1.6, 3.2, 8.0]


@contextmanager
def film_library(folder: Path) -> Iterator[Library]:
    """Video 1 shows COLOURS_SHOWN and has segments, cues and cuts; no browser plays video 2, MPEG-4 in AVI."""
    films = folder / "films"
    films.mkdir()
    draw_film(films / NAME, COLOURS_SHOWN)
    draw_old_film(films / "old.avi", ["blue", "cyan"])
    with make_library(folder / "library") as library:
        store(
            library, films / NAME, COLOURS_SHOWN, VideoFacts(DURATION, 320, 180, RATE, "h264", "mov,mp4"), rich=True
        )
        store(
            library, films / "old.avi", ["blue", "cyan"], VideoFacts(2 * CLIP_SECONDS, 320, 180, RATE, "mpeg4", "avi")
        )
        yield library


def draw_old_film(path: Path, colours: list[str]) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for colour in colours:
            for _ in range(round(RATE * CLIP_SECONDS)):
                container.mux(stream.encode(frame_of(colour)))
        container.mux(stream.encode())


def store(library: Library, path: Path, colours: list[str], facts: VideoFacts, *, rich: bool = False) -> None:
    file = path.stat()
    clips = [replace(colour_clip(colour, at), thumbnail=jpeg(colour)) for at, colour in enumerate(colours)]
    library.catalog.save_video(
        NewVideo(
            root_id=library.catalog.add_root(path.parent).id,
            relpath=path.name,
            file=FileFacts(file.st_size, file.st_mtime_ns, path.suffix),
            state=VideoState.INDEXED,
            recipe="recipe",
            facts=facts,
            clips=clips,
            segments=SEGMENTS if rich else [],
            cuts=CUTS if rich else [],
            cues=CUES if rich else [],
        )
    )
