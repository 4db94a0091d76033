"""The seam for decoders: what a source of frames promises.

Every registered source passes `tests/contracts/test_frame_source_contract.py`.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from search.contracts import UInt8

MAX_PIXELS = 8192 * 8192
"""Larger pictures are refused: no film is that large, but a decompression bomb is."""


@dataclass(frozen=True, slots=True)
class Tap:
    """One taker of frames: how often, how large, and how a picture is made to fit."""

    name: str
    fps: float
    """Frames a second."""
    width: int
    height: int
    fit: Literal["crop", "pad", "inside"]
    """`crop` and `pad` fill exactly width x height; `inside` keeps the whole picture, at most that large."""
    phase: float = 0.0
    """Share of a step by which its grid lies later, `0 <= phase < 1`: 0.5 looks at the middle of each step."""
    by_shot: bool = False
    """Whether its grid begins anew with each shot."""


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What the container and the chosen stream say; zero, None or empty where they say nothing."""

    container: str
    codec: str
    width: int
    """As stored, before rotation and pixel aspect."""
    height: int
    fps: float
    duration: float | None
    """Seconds the header promises, None where it promises nothing that can be trusted."""
    taken_at: float | None = None
    """Seconds since the epoch; None where the container does not say when the film was taken."""


class SourceFrame(Protocol):
    """One decoded picture, still as the decoder left it."""

    @property
    def time(self) -> float:
        """Seconds from the first shown frame; strictly rising."""
        ...

    @property
    def duration(self) -> float:
        """Seconds for which it is shown if nothing follows; positive."""
        ...

    def fitted(self, tap: Tap) -> UInt8:
        """RGB uint8 `[H, W, 3]`, upright, square pixels, contiguous, scaled to fit the tap."""
        ...


class FrameSource(Protocol):
    """One opened file. Reading it never leaves the file, whatever its name or content says."""

    @property
    def info(self) -> SourceInfo: ...

    @property
    def packets(self) -> int:
        """Packets of the stream met so far."""
        ...

    @property
    def damaged(self) -> int:
        """How many of them could not be decoded."""
        ...

    @property
    def reached(self) -> float:
        """Seconds of film, of any stream, for which data was met."""
        ...

    def frames(self) -> Iterator[SourceFrame]:
        """The frames in the order of time; damaged packets are passed over and counted."""
        ...

    def why_empty(self) -> CannotDecode:
        """Says why `frames()` gave none."""
        ...

    def close(self) -> None: ...


class CannotDecode(Exception):
    """No frame can be had of a file. Stays inside the indexer: it ends as the state of one video."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        """Stable, kebab-case."""
        self.reason = reason
        """One line for people."""


CONTAINERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,flv,asf,mpeg,mpegts,mpegvideo,m4v,mxf,mxf_opatom,ogg,rm,gif,apng,"
    "h261,h263,h264,hevc,vvc,obu,av1,ivf,vc1,vc1test,dirac,dv,mjpeg,yuv4mpegpipe,nut,wtv,gxf,nsv,bink,smk,roq,swf,ivr,"
    "jpeg_pipe,png_pipe,webp_pipe,bmp_pipe,tiff_pipe,ppm_pipe,gif_pipe,jpegxl_pipe,jpegxl_anim,"
    "mp3,aac,flac,wav,w64,aiff,ac3,eac3,dts,amr,ape,wv,tta,caf,au,tak,xwma,truehd,mlp,loas"
)
"""FFmpeg's names of the containers that hold their own data. Those that name other files or addresses (concat,
hls, dash, image2, sdp ...) are left out, so no file makes us read another."""


def open_regular(path: Path) -> int:
    """A file descriptor for reading; raises CannotDecode where `path` is no file that can be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise CannotDecode("unreadable", f"cannot be read: {(error.strerror or 'unknown error').lower()}") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise CannotDecode("not-a-file", "not a regular file")
    return descriptor
