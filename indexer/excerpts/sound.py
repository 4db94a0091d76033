"""The sound of a span of a film, carried into an MP4 beside its pictures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import OutputContainer

from indexer.excerpts.reading import open_film
from indexer.sources.pyav import PyavSource
from search.contracts import Float32

RATE = 48_000
"""Samples a second."""
LONGEST_GAP = 3600
"""Seconds of silence; a longer one is a broken clock."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What is heard in a film from a time on."""

    film: Path
    start: float = 0.0
    """Seconds from the first shown frame."""

    def add_to(self, container: OutputContainer) -> Track | None:
        """A track for it in `container`, before anything is written there; None where the film is silent."""
        source = open_film(self.film)
        if not any(stream.codec_context for stream in source.container.streams.audio):
            source.close()
            return None
        stream = container.add_stream("aac", rate=RATE, layout="stereo")
        return Track(source, self.start, container, stream)


class Track:
    """Sound on its way into a container."""

    def __init__(self, source: PyavSource, start: float, container: OutputContainer, stream: AudioStream) -> None:
        self._source, self._container, self._stream = source, container, stream
        self._pieces = _pieces(source, start)
        self._written = 0
        self._ahead: Float32 | None = None

    def write_until(self, seconds: float) -> None:
        """Writes the sound up to so many seconds after its start."""
        wanted = round(seconds * RATE)
        while self._written < wanted:
            piece = self._next()
            if piece is None:
                return
            taken, rest = piece[:, : wanted - self._written], piece[:, wanted - self._written :]
            self._ahead = rest if rest.shape[1] else None
            self._write(taken)

    def finish(self, seconds: float) -> None:
        """The rest up to so many seconds; nothing follows."""
        self.write_until(seconds)
        self._container.mux(self._stream.encode(None))
        self._source.close()

    def _next(self) -> Float32 | None:
        """The next samples `[2, N]`, N > 0."""
        if self._ahead is not None:
            piece, self._ahead = self._ahead, None
            return piece
        for position, samples in self._pieces:
            if position + samples.shape[1] <= self._written:
                continue
            silence = np.zeros((2, max(0, position - self._written)), np.float32)
            return np.concatenate([silence, samples[:, max(0, self._written - position) :]], axis=1)
        return None

    def _write(self, samples: Float32) -> None:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._written, Fraction(1, RATE)
        self._container.mux(self._stream.encode(frame))
        self._written += samples.shape[1]


def _pieces(source: PyavSource, start: float) -> Iterator[tuple[int, Float32]]:
    """Samples `[2, N]` with the position of the first, counted from `start`; damaged packets are passed over."""
    resampler = AudioResampler(format="fltp", layout="stereo", rate=RATE)
    origin = source.origin()
    with suppress(av.FFmpegError):
        source.container.seek(int((origin + start) * av.time_base), backward=True)
    for packet in source.container.demux(source.container.streams.audio[0]):
        with suppress(av.FFmpegError):
            for frame in packet.decode():
                if frame.time is None:
                    continue
                position = round((frame.time - origin - start) * RATE)
                if abs(position) > LONGEST_GAP * RATE:
                    continue
                for even in resampler.resample(frame):
                    samples = even.to_ndarray().astype(np.float32, copy=False)
                    yield position, samples
                    position += samples.shape[1]
