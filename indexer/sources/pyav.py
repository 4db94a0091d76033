"""Frames by PyAV (FFmpeg's libraries in this process): exact times, every container; the default source."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition, Stream
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream

from indexer.decoding import probe
from indexer.sources.base import CONTAINERS, MAX_PIXELS, CannotDecode, SourceInfo, Tap, open_regular
from indexer.sources.geometry import Orientation, orientation, place, scaled_size
from indexer.sources.timeline import FASTEST, Timeline
from search.contracts import UInt8

HONEST_HEADERS = {"mov", "matroska", "avi", "flv", "asf", "mxf", "ogg", "rm", "nut", "wtv", "gxf"}
"""Containers that state their length; of the others FFmpeg guesses it from the bit rate."""
THREADED_PIXELS = 1_000_000
"""Smaller pictures decode faster than anything takes them; on one thread damage costs only the frames it hit."""
THREADS = 4
COVER = Disposition.attached_pic | Disposition.timed_thumbnails


@dataclass(frozen=True, slots=True)
class PyavFrame:
    time: float
    duration: float
    picture: VideoFrame
    source: PyavSource

    def fitted(self, tap: Tap) -> UInt8:
        return self.source.fit(self.picture, tap)


class PyavSource:
    """One file opened by PyAV. Read through its descriptor: neither its name nor its content can lead elsewhere."""

    def __init__(self, path: Path) -> None:
        """Raises CannotDecode where there is no stream to decode."""
        self.packets = self.damaged = 0
        self.reached = 0.0
        self._encrypted = False
        self._shown = 0
        self.orientation = Orientation()
        """How the stored pictures are turned upright; known with the first frame."""
        self._reformatters: dict[str, VideoReformatter] = {}
        self._descriptor = open_regular(path)
        try:
            self.container = self._open()
            """For its other streams."""
            self._stream = self._choose_stream()
        except BaseException:
            os.close(self._descriptor)
            raise
        self.info = self._read_info()
        self._timeline = Timeline(self.info.fps)
        self._start = (self.container.start_time or 0) / 1e6

    def close(self) -> None:
        self.container.close()
        os.close(self._descriptor)

    def frames(self) -> Iterator[PyavFrame]:
        for packet in self._read_packets():
            self.packets += packet.size > 0
            try:
                pictures = packet.decode()
            except av.FFmpegError:
                self.damaged += 1
                self._encrypted |= packet.has_sidedata("encryption_info")
                continue
            for picture in pictures:
                if not self._shown:
                    self.orientation = _read_orientation(picture)
                self._shown += 1
                yield self._place(picture)

    def leap(self, seconds: float) -> bool:
        """Lets `frames()` go on from a key frame at or before `seconds` of film; whether that can be done.

        To be called when the first frame has come. Where it said yes and a later frame comes, the file's index lied.
        """
        try:
            self.container.seek(int(self._timeline.stamp_of(seconds) * av.time_base), backward=True, any_frame=False)
        except (av.FFmpegError, OverflowError):
            return False
        self._timeline.leap()
        return True

    def origin(self) -> float:
        """The timestamp of the first shown frame, in seconds; 0 where none is shown. Reads up to it."""
        return self._timeline.stamp_of(0.0) if next(self.frames(), None) else 0.0

    def fit(self, picture: VideoFrame, tap: Tap) -> UInt8:
        """An upright RGB picture for `tap`; swscale does the scaling, so nothing large is ever converted."""
        aspect = float(self._stream.sample_aspect_ratio or 1)
        width, height = scaled_size(picture.width, picture.height, aspect, tap, self.orientation.transpose)
        reformatter = self._reformatters.setdefault(tap.name, VideoReformatter())
        shrinks = width < picture.width and height < picture.height
        scaled = reformatter.reformat(
            picture, width, height, "rgb24", interpolation="AREA" if shrinks else "BILINEAR", threads=1
        )
        pixels = cast(UInt8, scaled.to_ndarray())
        return place(self.orientation.apply(pixels), tap)

    def why_empty(self) -> CannotDecode:
        head = os.pread(self._descriptor, probe.HEAD, 0)
        if self._encrypted or "enc_key_id" in self._stream.metadata or probe.is_encrypted(head):
            return CannotDecode("encrypted", "encrypted")
        if self.packets == 0:
            return CannotDecode("no-frames", "no frames: only a header is there")
        return CannotDecode("undecodable", "no frame decodes")

    def _place(self, picture: VideoFrame) -> PyavFrame:
        tick = float(picture.time_base or 0)
        decoded = None if picture.dts is None else picture.dts * tick
        time = self._timeline.place(picture.time, decoded)
        return PyavFrame(time, self._timeline.hold(picture.duration * tick), picture, self)

    def _open(self) -> InputContainer:
        options = {"fd": str(self._descriptor), "protocol_whitelist": "fd", "format_whitelist": CONTAINERS}
        try:
            return av.open("fd:", "r", options=options, metadata_errors="replace")
        except (av.FFmpegError, ValueError) as error:
            with os.fdopen(os.dup(self._descriptor), "rb") as file:
                raise CannotDecode(*probe.diagnose(file)) from error

    def _choose_stream(self) -> VideoStream:
        """The first stream of moving pictures that can be decoded, before stills and empty tracks."""
        moving = [stream for stream in self.container.streams.video if not stream.disposition & COVER]
        if not moving:
            raise CannotDecode("no-video", self._why_no_video())
        decodable = [stream for stream in moving if stream.codec_context]
        if not decodable:
            name = probe.codec_named(os.pread(self._descriptor, probe.HEAD, 0))
            raise CannotDecode("unknown-codec", f"unknown codec {name}".rstrip())
        stream = max(decodable, key=_preference)
        if stream.width * stream.height > MAX_PIXELS:
            raise CannotDecode("too-large", f"pictures too large ({stream.width}x{stream.height})")
        context = stream.codec_context
        context.options = {"max_pixels": str(MAX_PIXELS)}
        threaded = stream.width * stream.height > THREADED_PIXELS
        context.thread_count = min(THREADS, os.cpu_count() or 1) if threaded else 1
        context.thread_type = "AUTO"
        return stream

    def _why_no_video(self) -> str:
        if self.container.streams.video:
            return "no video stream (audio with a cover picture)"
        return "no video stream (audio only)" if self.container.streams.audio else "no video stream"

    def _read_info(self) -> SourceInfo:
        stream, container = self._stream, self.container
        name = container.format.name.split(",")[0]
        duration = (container.duration or 0) / 1e6
        rate = float(stream.average_rate or stream.guessed_rate or 0)
        return SourceInfo(
            container=name,
            codec=stream.codec_context.codec.canonical_name,
            width=stream.width,
            height=stream.height,
            fps=rate if rate <= FASTEST else 0.0,
            duration=duration if duration > 0 and name in HONEST_HEADERS else None,
            taken_at=probe.taken_at(container.metadata, time.time()),
        )

    def _read_packets(self) -> Iterator[Packet[VideoStream]]:
        """The packets of the chosen stream; of the others only their times are kept."""
        limit, read = 8 * os.fstat(self._descriptor).st_size + (1 << 20), 0
        try:
            for packet in self.container.demux():
                if packet.pts is not None and packet.time_base:
                    end = float((packet.pts + (packet.duration or 0)) * packet.time_base)
                    self.reached = max(self.reached, end - self._start)
                if packet.stream.index == self._stream.index:
                    yield cast("Packet[VideoStream]", packet)
                read += packet.size
                if read > limit:  # the demuxer runs in a circle
                    self.damaged += 1
                    return
        except av.FFmpegError:
            self.damaged += 1


def _preference(stream: Stream) -> tuple[bool, bool, bool]:
    """A track of several frames comes first, then one that does not say, then a still (as AVIF puts before it)."""
    return not stream.disposition & Disposition.still_image, stream.frames > 1, stream.frames == 0


def _read_orientation(picture: VideoFrame) -> Orientation:
    try:
        matrix = picture.side_data.get("DISPLAYMATRIX")
    except ValueError:  # PyAV does not know a kind of side data that came along
        return _from_rotation(picture.rotation)
    if matrix is None:
        return Orientation()
    return orientation(np.frombuffer(matrix, np.int32).tolist())  # type: ignore[call-overload]


def _from_rotation(degrees: int) -> Orientation:
    """From FFmpeg's rotation, which is counter-clockwise and knows no mirrors."""
    quarter = round(degrees / 90) % 4
    return Orientation(transpose=quarter in (1, 3), flip_x=quarter in (2, 3), flip_y=quarter in (1, 2))
