"""Films written by us are whole, exact in time, and what browsers play."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.mp4 import whole_file, write_mp4
from search.errors import CannotGoOn, DiskFull


def coloured(count: int) -> Iterator[NDArray[np.uint8]]:
    for number in range(count):
        yield np.full((48, 64, 3), (200, 10 * number, 40), np.uint8)


def test_a_film_has_its_frames_times_and_colours(tmp_path: Path) -> None:
    write_mp4(tmp_path / "film.mp4", coloured(20), 64, 48, 25)
    with av.open(str(tmp_path / "film.mp4")) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        frames = [
            (frame.time, frame.to_ndarray(format="rgb24").mean(axis=(0, 1))) for frame in container.decode(stream)
        ]
    assert [time for time, _ in frames] == pytest.approx([n / 25 for n in range(20)])
    for number, (_, colour) in enumerate(frames):
        assert colour == pytest.approx((200, 10 * number, 40), abs=8)


def test_the_index_stands_before_the_pictures(tmp_path: Path) -> None:
    write_mp4(tmp_path / "film.mp4", coloured(5), 64, 48, 25)
    content = (tmp_path / "film.mp4").read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_a_film_that_breaks_off_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    def broken() -> Iterator[NDArray[np.uint8]]:
        yield from coloured(3)
        raise KeyboardInterrupt

    (tmp_path / "film.mp4").write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        write_mp4(tmp_path / "film.mp4", broken(), 64, 48, 25)
    assert [path.name for path in tmp_path.iterdir()] == ["film.mp4"]
    assert (tmp_path / "film.mp4").read_bytes() == b"old"


def test_a_missing_folder_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(CannotGoOn, match="No such file or directory") as caught:
        write_mp4(tmp_path / "nowhere" / "film.mp4", coloured(2), 64, 48, 25)
    assert "\n" not in caught.value.message


def test_a_full_disk_is_said_to_be_full(tmp_path: Path) -> None:
    with pytest.raises(DiskFull), whole_file(tmp_path / "film.mp4"):
        raise OSError(errno.ENOSPC, "No space left on device")
