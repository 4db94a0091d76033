"""The live page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from flask.testing import FlaskClient

from indexer.annotating import live as cameras
from indexer.annotating import making
from indexer.annotating.live import Newest
from indexer.annotating.streaming import jpegs, paced
from indexer.annotating.watching import Watch
from indexer.excerpts.reading import TimedFrame
from search.service import SearchService
from tests.fakes import COLOURS
from tests.site_library import site_library
from web.app import create_app
from web.live import OneAtATime


def frames(count: int, step: float = 0.04) -> Iterator[TimedFrame]:
    for i in range(count):
        yield TimedFrame(i * step, (i + 1) * step, np.full((48, 64, 3), i, np.uint8))


class Clock:
    """Time that passes when somebody waits or works."""

    def __init__(self) -> None:
        self.time = 100.0

    def now(self) -> float:
        return self.time

    def pass_by(self, seconds: float) -> None:
        self.time += seconds


def test_frames_come_when_they_are_to_be_shown() -> None:
    clock = Clock()

    seen = [round(clock.time - 100, 2) for _ in paced(frames(5), clock.now, clock.pass_by)]

    assert seen == [0.0, 0.04, 0.08, 0.12, 0.16]


def test_frames_that_come_too_late_are_left_out_and_the_film_keeps_its_time() -> None:
    clock, shown = Clock(), []

    for frame in paced(frames(100), clock.now, clock.pass_by):
        shown.append((frame.time, clock.time - 100))
        clock.pass_by(0.1)  # of work

    assert 35 <= len(shown) <= 52
    assert all(abs(film - wall) <= 0.1 for film, wall in shown)


def test_after_a_long_halt_the_film_goes_on_where_it_was() -> None:
    clock, shown = Clock(), []

    for frame in paced(frames(50), clock.now, clock.pass_by):
        shown.append(frame.time)
        clock.pass_by(30.0 if len(shown) == 5 else 0.0)

    assert len(shown) > 40


def test_a_stream_ends_when_another_begins() -> None:
    turns = OneAtATime()
    first = turns.begin()
    pictures = jpegs(frames(10), Watch(), first)

    assert next(pictures)[:2] == b"\xff\xd8"
    turns.begin()
    assert list(pictures) == []


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    monkeypatch.setattr(making, "open_watch", lambda wanted, fps: Watch())
    with site_library(tmp_path) as library:
        app = create_app(SearchService(library), cameras=(1,))
        yield app.test_client()


def first_picture(client: FlaskClient, address: str) -> np.ndarray:
    with client.get(address, buffered=False) as response:
        assert response.mimetype == "multipart/x-mixed-replace"
        head, _, rest = next(response.iter_encoded()).partition(b"\r\n\r\n")
    assert b"Content-Type: image/jpeg" in head
    return np.asarray(cv2.imdecode(np.frombuffer(rest, np.uint8), cv2.IMREAD_COLOR))


def test_a_film_of_the_library_runs_from_a_second_on(client: FlaskClient) -> None:
    page = client.get("/live?video=1&t=1.7").get_data(as_text=True)
    picture = first_picture(client, "/live/video/1.mjpeg?t=1.7")

    assert "/live/video/1.mjpeg?t=1.7" in page
    assert np.abs(picture[90, 160, ::-1].astype(int) - COLOURS["red"]).max() < 25  # the second colour of that film


def test_only_the_cameras_that_were_named_are_shown(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    green = iter([np.full((48, 64, 3), COLOURS["green"], np.uint8)] * 3)
    monkeypatch.setattr(cameras, "open_camera", lambda number: Newest(lambda: next(green, None)))

    assert "/live?camera=1" in client.get("/live").get_data(as_text=True)
    assert first_picture(client, "/live/camera/1.mjpeg")[20, 20, 1] > 200
    assert client.get("/live/camera/0.mjpeg").status_code == 404
    assert client.get("/live?camera=0").status_code == 404


@pytest.mark.parametrize("address", ["/live/video/999.mjpeg", "/live?video=999", "/live/video/-1.mjpeg"])
def test_a_film_that_is_not_there_is_said(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404
