"""A small library of films that really play, for the tests of the site."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import numpy as np

from search.catalog.records import FileFacts, NewVideo, Segment, VideoFacts, VideoState
from search.library import Library
from tests.fakes import COLOURS
from tests.library_fixtures import CLIP_SECONDS, colour_clip, make_library

RATE = 10
SUNRISE = ["black", "red", "orange", "yellow", "white"]
SEA = ["blue", "cyan", "green", "grey"]
SEA_NAME = '<b>& "sea".mp4'


def frame_of(colour: str) -> av.VideoFrame:
    return av.VideoFrame.from_ndarray(np.full((180, 320, 3), COLOURS[colour], np.uint8), format="rgb24")


def draw_film(path: Path, colours: list[str]) -> None:
    """An H.264 MP4 that shows each colour for the length of a clip."""
    path.write_bytes(drawn_film(tuple(colours)))


@cache
def drawn_film(colours: tuple[str, ...]) -> bytes:
    """The file; drawn once, as many tests want the same."""
    with TemporaryDirectory() as folder:  # libav moves the index to the front by reading the file again
        path = Path(folder, "film.mp4")
        with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
            stream = container.add_stream("libx264", rate=RATE)
            stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
            for colour in colours:
                for _ in range(round(RATE * CLIP_SECONDS)):
                    container.mux(stream.encode(frame_of(colour)))
            container.mux(stream.encode())
        return path.read_bytes()


@cache
def jpeg(colour: str) -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="image2pipe") as container:
        stream = container.add_stream("mjpeg", rate=1)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuvj420p"
        container.mux(stream.encode(frame_of(colour)))
        container.mux(stream.encode())
    return buffer.getvalue()


def add_file(library: Library, path: Path, colours: list[str], *segments: Segment) -> int:
    """Puts a file into the library as if it showed these colours; the video's id."""
    facts = path.stat()
    clips = [colour_clip(colour, number) for number, colour in enumerate(colours)]
    return library.catalog.save_video(
        NewVideo(
            root_id=library.catalog.add_root(path.parent).id,
            relpath=path.name,
            file=FileFacts(facts.st_size, facts.st_mtime_ns, "00"),
            state=VideoState.INDEXED,
            recipe="recipe",
            facts=VideoFacts(CLIP_SECONDS * len(colours), 320, 180, RATE, "h264", "mov,mp4,m4a,3gp,3g2,mj2"),
            clips=[replace(clip, thumbnail=jpeg(colour)) for clip, colour in zip(clips, colours, strict=True)],
            segments=list(segments),
        )
    )


@contextmanager
def site_library(folder: Path) -> Iterator[Library]:
    """Video 1 shows SUNRISE and is happy at first, video 2 shows SEA."""
    films = folder / "films"
    films.mkdir()
    with make_library(folder / "library") as library:
        for name, colours in (("sunrise.mp4", SUNRISE), (SEA_NAME, SEA)):
            draw_film(films / name, colours)
        add_file(library, films / "sunrise.mp4", SUNRISE, Segment("emotion", "happy", 0.0, 1.0, 0.9))
        add_file(library, films / SEA_NAME, SEA)
        yield library
