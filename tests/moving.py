"""Pictures and films in which something moves, so that the picture at any time is known."""

from __future__ import annotations

import math
from pathlib import Path

import av
import numpy as np

from indexer.mp4 import write_mp4
from search.contracts import UInt8
from tests.films import age

WIDTH, HEIGHT, RATE = 160, 120, 25


def ball_at(seconds: float, *, speed: float = 60.0, width: int = WIDTH, height: int = HEIGHT) -> UInt8:
    """RGB `[height, width, 3]`: a patterned ball crosses a patterned ground, `speed` pixels a second."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    ground = 110 + 40 * np.sin(x / 9) * np.cos(y / 7)
    middle = 30 + speed * seconds
    inside = np.clip(18.5 - np.hypot(x - middle, y - height / 2), 0, 1)
    ball = 170 + 60 * np.sin((x - middle) / 3) * np.cos(y / 4)
    grey = ground + inside * (ball - ground)
    return np.clip(np.stack([grey, 0.9 * grey, 255 - grey], axis=-1), 0, 255).astype(np.uint8)


def draw_moving(path: Path, seconds: float, *, speed: float = 60.0) -> Path:
    """A film in which the ball goes from side to side."""
    there = (WIDTH - 60) / speed
    times = (i / RATE for i in range(round(seconds * RATE)))
    frames = (ball_at(there - abs(t % (2 * there) - there), speed=speed) for t in times)
    write_mp4(path, frames, WIDTH, HEIGHT, RATE)
    age(path)
    return path


def add_tone(path: Path, seconds: float) -> Path:
    """A film with sound beside the one at `path`: a tone of 440 Hz that begins after one second."""
    made = path.with_name(f"heard-{path.name}")
    with av.open(str(path)) as source, av.open(str(made), "w") as target:
        video = target.add_stream_from_template(source.streams.video[0])
        audio = target.add_stream("aac", rate=48_000, layout="mono")
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = video
                target.mux(packet)
        times = np.arange(round(seconds * 48_000)) / 48_000
        tone = np.where(times >= 1, 0.5 * np.sin(2 * math.pi * 440 * times), 0).astype(np.float32)
        for at in range(0, len(tone), 1024):
            frame = av.AudioFrame.from_ndarray(tone[None, at : at + 1024], format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 48_000, at
            target.mux(audio.encode(frame))
        target.mux(audio.encode(None))
    age(made)
    return made


def loudness(path: Path) -> tuple[float, list[float]]:
    """Seconds of sound in a film, and how loud each tenth of a second is (root of the mean square, 0..1)."""
    with av.open(str(path)) as container:
        pieces = [frame.to_ndarray().mean(axis=0) for frame in container.decode(audio=0)]
        rate = container.streams.audio[0].rate
    samples = np.concatenate(pieces)
    tenth = rate // 10
    return len(samples) / rate, [
        float(np.sqrt(np.mean(samples[at : at + tenth] ** 2))) for at in range(0, len(samples) - tenth + 1, tenth)
    ]
