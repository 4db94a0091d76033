"""Tiny films with a text track, and subtitle files."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.subtitles.codeccontext import SubtitleCodecContext
from av.subtitles.subtitle import SubtitleSet

from tests.films import RATE, SIDE, age

HEADER = (
    b"[Script Info]\nScriptType: v4.00+\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize\nStyle: Default,Arial,16\n"
    b"[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
)
"""FFmpeg encodes text subtitles from ASS."""

Line = tuple[float, float, str]
"""Start and end in seconds, and the words."""


def draw_subtitled(
    path: Path, codec: str, lines: Sequence[Line], *, seconds: float = 4.0, first: float = 0.0
) -> Path:
    """A black film whose clock begins at `first`, with a text track; the times of the lines are from there on."""
    with av.open(str(path), "w") as out:
        video = out.add_stream("libx264", rate=RATE)
        video.width = video.height = SIDE
        video.pix_fmt = "yuv420p"
        track = out.add_stream(codec)
        track.time_base = track.codec_context.time_base = Fraction(1, 1000)
        context = track.codec_context
        assert isinstance(context, SubtitleCodecContext)
        context.subtitle_header = HEADER
        for start, end, words in lines:
            text = b"0,0,Default,,0,0,0,," + words.encode()
            packet = context.encode_subtitle(SubtitleSet.create(text, 0, round((end - start) * 1000)))
            packet.stream, packet.time_base = track, Fraction(1, 1000)
            packet.pts = packet.dts = round((first + start) * 1000)
            packet.duration = round((end - start) * 1000)
            out.mux(packet)
        for number in range(round(seconds * RATE)):
            frame = av.VideoFrame.from_ndarray(np.zeros((SIDE, SIDE, 3), np.uint8), format="rgb24")
            frame.time_base, frame.pts = Fraction(1, RATE), round(first * RATE) + number
            out.mux(video.encode(frame))
        out.mux(video.encode())
    age(path)
    return path


def srt(*lines: Line) -> str:
    return "\n".join(
        f"{number}\n{_time(start)} --> {_time(end)}\n{words}\n" for number, (start, end, words) in enumerate(lines, 1)
    )


def _time(seconds: float) -> str:
    whole, part = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02},{part:03}"
