"""The live page: a film of the library, or a camera, with what is seen drawn on it while it runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence

from flask import Blueprint, Response, render_template, request

from search.answer import printable
from search.catalog.records import VideoRecord
from search.errors import NotFound
from search.service import SearchService
from web.media import open_film

BOUNDARY = "frame"


class OneAtATime:
    """A stream that begins ends the one before: each keeps a processor busy."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._number = 0

    def begin(self) -> Callable[[], bool]:
        """Tells whether another stream has begun since."""
        with self._lock:
            self._number += 1
            mine = self._number
        return lambda: self._number != mine


def live(service: SearchService, cameras: Sequence[int] = ()) -> Blueprint:
    """`/live` and its streams. `cameras` are the only ones that may be looked through."""
    blueprint = Blueprint("live", __name__)
    catalog, turns = service.library.catalog, OneAtATime()

    @blueprint.get("/live")
    def page() -> str:
        video_id, camera = (request.args.get(name, type=int) for name in ("video", "camera"))
        film = catalog.video(video_id) if video_id is not None else None
        if camera is not None:
            _known(camera, cameras)
        return render_template(
            "live.html",
            film=film,
            title=printable(film.title) if film else None,
            start=max(0.0, request.args.get("t", 0.0, type=float)),
            camera=camera,
            cameras=cameras,
        )

    @blueprint.get("/live/video/<int(max=9223372036854775807):video_id>.mjpeg")
    def film(video_id: int) -> Response:
        video = catalog.video(video_id)
        open_film(video)[0].close()  # says where it is not what was indexed
        return _stream(_film_pictures(service, video, request.args.get("t", 0.0, type=float), turns.begin()))

    @blueprint.get("/live/camera/<int(max=99):number>.mjpeg")
    def camera(number: int) -> Response:
        _known(number, cameras)
        return _stream(_camera_pictures(service, number, turns.begin()))

    return blueprint


def _known(camera: int, cameras: Sequence[int]) -> None:
    if camera not in cameras:
        raise NotFound(f"Camera {camera} is not shown here.", f"Start `vsearch serve --camera {camera}`.")


def _film_pictures(
    service: SearchService, video: VideoRecord, start: float, stopped: Callable[[], bool]
) -> Iterator[bytes]:
    from indexer.annotating.making import open_watch, wanted_by
    from indexer.annotating.streaming import SIDE, jpegs, paced
    from indexer.excerpts.reading import read_span

    watch = open_watch(wanted_by(service.library), video.facts.fps or 25.0)
    return jpegs(paced(read_span(video.path, max(0.0, start), longest_side=SIDE)), watch, stopped)


def _camera_pictures(service: SearchService, number: int, stopped: Callable[[], bool]) -> Iterator[bytes]:
    from indexer.annotating.live import open_camera
    from indexer.annotating.making import open_watch, wanted_by
    from indexer.annotating.streaming import jpegs

    camera = open_camera(number)
    return jpegs(camera.frames(stopped), open_watch(wanted_by(service.library), 25.0), stopped)


def _stream(pictures: Iterator[bytes]) -> Response:
    """Pictures one after another in the place of one (multipart/x-mixed-replace)."""
    parts = (
        b"--%s\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n"
        % (BOUNDARY.encode(), len(picture), picture)
        for picture in pictures
    )
    response = Response(parts, mimetype=f"multipart/x-mixed-replace; boundary={BOUNDARY}")
    response.headers["Cache-Control"] = "no-store"
    return response
