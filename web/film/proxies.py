"""Copies of films that a browser cannot play, as H.264: made once, kept in the library's folder."""

from __future__ import annotations

import os
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from flask import Blueprint, Response, jsonify, redirect, url_for
from flask.typing import ResponseReturnValue

from search.answer import printable
from search.catalog.records import VideoRecord
from search.errors import CannotGoOn, NotFound, VsearchError
from search.library import Library
from search.proxies import FOLDER, MOST_BYTES, proxy_path, remove_proxies
from search.service import SearchService
from web.media import WEBM_CODECS, file_response, open_film
from web.safety.refusals import Occupied
from web.words import inert

LONGEST_SIDE = 1280
"""Pixels; a proxy is for looking, the film itself stays what it is."""
PLAYED_CODECS = {"h264", *WEBM_CODECS}
PLAYED_CONTAINERS = {"mov", "matroska", "ogg"}

UNFORESEEN = "The copy could not be made. What `vsearch serve` printed says why."


@dataclass(frozen=True, slots=True)
class ProxyState:
    """How far the proxy of a film is."""

    state: Literal["none", "making", "ready", "failed"]
    done: float = 0.0
    """0..1"""
    message: str = ""
    """Why it failed."""


def is_played(film: VideoRecord) -> bool:
    """Whether every browser is likely to play the file itself; the browser has the last word."""
    return film.facts.codec in PLAYED_CODECS and film.facts.container.partition(",")[0] in PLAYED_CONTAINERS


class Proxies:
    """The proxies of one library; safe to share between threads. One is made at a time."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._making: int | None = None
        self._states: dict[Path, ProxyState] = {}

    def state(self, film: VideoRecord) -> ProxyState:
        path = proxy_path(self._library, film)
        if path.exists():
            return ProxyState("ready", 1.0)
        return self._states.get(path, ProxyState("none"))

    def make(self, film: VideoRecord) -> ProxyState:
        """Begins to make it, where it is not made yet.

        Raises Occupied while that of another film is made, NotFound where the film is not there, CannotGoOn where the
        library's folder takes no files.
        """
        if self.state(film).state == "ready":
            return self.state(film)
        open_film(film)[0].close()  # says where it is not what was indexed
        with self._lock:
            if self._making == film.id:
                return self.state(film)
            if self._making is not None:
                raise Occupied("A copy of another film is being made.", "Try again when it is ready.")
            self._prepare_folder()
            self._making = film.id
            self._states[proxy_path(self._library, film)] = ProxyState("making")
        try:
            threading.Thread(target=self._write, args=(film,), daemon=True).start()
        except RuntimeError as error:
            self._making = None
            del self._states[proxy_path(self._library, film)]
            raise CannotGoOn(
                f"The copy cannot be begun ({error}).", "Too many processes are at work; try again when fewer are."
            ) from error
        return self.state(film)

    def _write(self, film: VideoRecord) -> None:
        """Makes it in a process of its own, which ends with this one."""
        path = proxy_path(self._library, film)
        try:
            self._make(film, path)
            del self._states[path]
            remove_proxies(self._library)
        except VsearchError as error:
            self._states[path] = ProxyState("failed", message=inert(printable(f"{error.message} {error.cure}")))
        except Exception:  # nobody waits for this thread: the page must hear of it, and stderr has the rest
            self._states[path] = ProxyState("failed", message=UNFORESEEN)
            raise
        finally:
            self._making = None

    def _make(self, film: VideoRecord, path: Path) -> None:
        from indexer.excerpts.child import ExcerptRequest
        from indexer.excerpts.process import make_excerpt

        length = film.facts.duration or 1.0

        def tell(until: float) -> None:
            self._states[path] = ProxyState("making", round(min(1.0, until / length), 3))

        request = ExcerptRequest(str(film.path), str(path), longest_side=LONGEST_SIDE, most_bytes=MOST_BYTES)
        make_excerpt(request, tell)

    def _prepare_folder(self) -> None:
        """Makes the folder, and removes what need not be in it."""
        folder = self._library.path / FOLDER
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise CannotGoOn(
                f"{folder} takes no files ({error.strerror}).", "Make room there, or allow writing to it."
            ) from error
        remove_proxies(self._library)


def proxies(service: SearchService, made: Proxies) -> Blueprint:
    """`/proxies/<video_id>.mp4`; POST `/proxies/<video_id>` makes it, GET says how far it is."""
    blueprint = Blueprint("proxies", __name__)
    catalog = service.library.catalog

    @blueprint.get("/proxies/<int(max=9223372036854775807):video_id>.mp4")
    def film(video_id: int) -> Response:
        video = catalog.video(video_id)
        try:
            file = proxy_path(service.library, video).open("rb")
        except OSError:
            raise NotFound("There is no copy of this film.", "Make one on the page of the film.") from None
        return file_response(file, os.fstat(file.fileno()), "video/mp4", f"{video.path.stem}.mp4")

    @blueprint.get("/proxies/<int(max=9223372036854775807):video_id>")
    def state(video_id: int) -> Response:
        response = jsonify(asdict(made.state(catalog.video(video_id))))
        response.headers["Cache-Control"] = "no-store"
        return response

    @blueprint.post("/proxies/<int(max=9223372036854775807):video_id>")
    def make(video_id: int) -> ResponseReturnValue:
        made.make(catalog.video(video_id))
        return redirect(url_for("film.page", video_id=video_id), 303)

    return blueprint
