"""Frames by OpenCV: the fallback where PyAV is not installed. Converts every frame, so it is slower."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

# Read by OpenCV when a file is opened: as in the default source, no file leads to another.
from indexer.sources.base import CONTAINERS, MAX_PIXELS, CannotDecode, SourceInfo, Tap, open_regular

os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = f"protocol_whitelist;file|format_whitelist;{CONTAINERS}"
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")

import cv2

from indexer.decoding import probe
from indexer.sources.geometry import place, scaled_size
from indexer.sources.timeline import Timeline
from search.contracts import UInt8


@dataclass(frozen=True, slots=True)
class OpencvFrame:
    time: float
    duration: float
    picture: UInt8
    """BGR, upright, as large as stored."""
    aspect: float

    def fitted(self, tap: Tap) -> UInt8:
        high, wide = self.picture.shape[:2]
        size = scaled_size(wide, high, self.aspect, tap, turned=False)
        shrinks = size[0] < wide and size[1] < high
        scaled = cv2.resize(self.picture, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
        return place(cast(UInt8, cv2.cvtColor(scaled, cv2.COLOR_BGR2RGB)), tap)


class OpencvSource:
    """One file opened by OpenCV, which turns pictures upright but keeps mirrors and hides damage."""

    def __init__(self, path: Path) -> None:
        """Raises CannotDecode where nothing opens."""
        self.packets = self.damaged = 0
        self.reached = 0.0
        self._descriptor = open_regular(path)
        self._capture = cv2.VideoCapture(f"/dev/fd/{self._descriptor}", cv2.CAP_FFMPEG)
        try:
            if not self._capture.isOpened():
                raise self.why_empty()
            self.info = self._read_info()
            if self.info.width * self.info.height > MAX_PIXELS:
                raise CannotDecode("too-large", f"pictures too large ({self.info.width}x{self.info.height})")
        except BaseException:
            self.close()
            raise
        self._timeline = Timeline(self.info.fps)

    def close(self) -> None:
        self._capture.release()
        os.close(self._descriptor)

    def frames(self) -> Iterator[OpencvFrame]:
        aspect = self._aspect()
        while True:
            read, picture = self._capture.read()
            if not read:
                return
            self.packets += 1
            time = self._timeline.place(self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000)
            self.reached = time + self._timeline.step
            yield OpencvFrame(time, self._timeline.step, cast(UInt8, picture), aspect)

    def why_empty(self) -> CannotDecode:
        if self._capture.isOpened():
            return CannotDecode("undecodable", "no frame decodes")
        with os.fdopen(os.dup(self._descriptor), "rb") as file:
            code, reason = probe.diagnose(file)
        return CannotDecode(code, reason)

    def _aspect(self) -> float:
        wide, high = (self._capture.get(p) or 1 for p in (cv2.CAP_PROP_SAR_NUM, cv2.CAP_PROP_SAR_DEN))
        turned = round(self._capture.get(cv2.CAP_PROP_ORIENTATION_META)) % 180 == 90
        return high / wide if turned else wide / high

    def _read_info(self) -> SourceInfo:
        fourcc = int(self._capture.get(cv2.CAP_PROP_FOURCC)).to_bytes(4, "little", signed=False)
        return SourceInfo(
            container="",
            codec=fourcc.decode("ascii", "replace").strip("\0 ").lower(),
            width=int(self._capture.get(cv2.CAP_PROP_FRAME_WIDTH)),
            height=int(self._capture.get(cv2.CAP_PROP_FRAME_HEIGHT)),
            fps=self._capture.get(cv2.CAP_PROP_FPS),
            duration=None,
        )
