"""What costs much is done in a process apart, with limits, and only so often at once."""

from __future__ import annotations

import io
import os
import struct
import threading
import zlib
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.harmful_site import app, client, library
from tests.site_library import draw_film, jpeg
from web.film import exports
from web.safety.uploads import AT_ONCE, upload_place

__all__ = ["app", "client", "library"]  # fixtures


def bomb() -> bytes:
    """A PNG of 30,000 x 30,000 pixels in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(client: FlaskClient) -> None:
    page = client.post("/picture", data={"picture": (io.BytesIO(bomb()), "bomb.png"), "q": ""})
    api = client.post("/api/search", data={"picture": (io.BytesIO(bomb()), "bomb.png")})
    assert (page.status_code, api.status_code) == (413, 413)
    assert "too large (30,000x30,000)" in page.text


def test_an_upload_that_takes_too_long_to_decode_is_given_up(
    client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_film(tmp_path / "a.mp4", ["red", "blue"])
    monkeypatch.setattr("indexer.asking.PATIENCE", 0.0)
    answer = client.post("/api/search", data={"clip": (io.BytesIO((tmp_path / "a.mp4").read_bytes()), "a.mp4")})
    assert (answer.status_code, "too long to decode" in answer.text) == (413, True)


def test_uploads_of_pages_and_programs_share_their_places(client: FlaskClient, app: Flask) -> None:
    with app.app_context():
        held = [upload_place() for _ in range(AT_ONCE)]
        for place in held:
            place.__enter__()
        try:
            page = client.post("/picture", data={"picture": (io.BytesIO(jpeg("red")), "a.jpg"), "q": ""})
            api = client.post("/api/search", data={"picture": (io.BytesIO(jpeg("red")), "a.jpg")})
        finally:
            for place in held:
                place.__exit__(None, None, None)
    assert (page.status_code, api.status_code) == (429, 429)
    assert page.headers["Retry-After"] == api.headers["Retry-After"] == "2"


def test_only_so_many_parts_are_cut_at_once(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, end = threading.Semaphore(0), threading.Event()

    def wait(*asked: Any) -> None:
        begun.release()
        end.wait(20)
        asked[-1].write_bytes(b"a film")

    monkeypatch.setattr(exports, "write_excerpt", wait)
    path, app = "/export?video=1&start=0&end=1", client.application
    cutting = [threading.Thread(target=lambda: app.test_client().get(path)) for _ in range(exports.AT_ONCE)]
    for thread in cutting:
        thread.start()
    for _ in cutting:
        assert begun.acquire(timeout=20)
    refused = client.get(path)
    end.set()
    for thread in cutting:
        thread.join()
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")
    assert client.get(path, buffered=True).status_code == 200


def test_a_download_that_is_broken_off_ends_its_making(client: FlaskClient) -> None:
    has_gone = {"waitress.client_disconnected": lambda: True}
    for _ in range(exports.AT_ONCE + 1):
        answer = client.get("/export?video=1&start=0&end=1", environ_overrides=has_gone)
        assert (answer.status_code, "Nobody waits" in answer.text) == (503, True)


@pytest.mark.slow
def test_no_film_is_decoded_in_the_process_of_the_server(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    import av

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError(f"process {os.getpid()} decodes")

    picture = jpeg("red")
    monkeypatch.setattr(av, "open", refuse)
    answer = client.get("/export?video=1&start=0&end=1", buffered=True)
    assert (answer.status_code, answer.data[4:8]) == (200, b"ftyp")
    asked = client.post("/picture", data={"picture": (io.BytesIO(picture), "a.jpg"), "q": ""})
    assert asked.status_code == 200
