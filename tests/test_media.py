"""Films and thumbnails over HTTP: by id, in ranges, and nothing that was not indexed."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from search.library import Library
from search.service import SearchService
from tests.site_library import SEA_NAME, add_file, site_library
from web.app import create_app
from web.media import mime_type
from web.ranges import ByteRange, FileSpan, UnsatisfiableRangeError, parse_range


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with site_library(tmp_path) as library:
        yield library


@pytest.fixture
def client(library: Library) -> FlaskClient:
    return create_app(SearchService(library)).test_client()


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return tmp_path / "films" / "sunrise.mp4"


def test_a_film_comes_whole_with_its_type_and_name(client: FlaskClient, film: Path) -> None:
    response = client.get("/media/1")
    assert response.status_code == 200
    assert response.data == film.read_bytes()
    assert response.mimetype == "video/mp4"
    assert response.headers["Accept-Ranges"] == "bytes"
    assert response.headers["Content-Disposition"] == "inline; filename*=UTF-8''sunrise.mp4"


@pytest.mark.parametrize(
    ("header", "start", "stop"),
    [("bytes=0-9", 0, 10), ("bytes=100-", 100, None), ("bytes=-7", -7, None), ("bytes=5-99999999", 5, None)],
)
def test_a_range_gives_that_part(client: FlaskClient, film: Path, header: str, start: int, stop: int | None) -> None:
    response = client.get("/media/1", headers={"Range": header})
    whole = film.read_bytes()
    assert response.status_code == 206
    assert response.data == whole[start:stop]
    first = start % len(whole)
    assert response.headers["Content-Range"] == f"bytes {first}-{first + len(response.data) - 1}/{len(whole)}"
    assert response.content_length == len(response.data)


def test_a_range_behind_the_end_is_416(client: FlaskClient, film: Path) -> None:
    response = client.get("/media/1", headers={"Range": "bytes=99999999-"})
    assert response.status_code == 416
    assert response.headers["Content-Range"] == f"bytes */{film.stat().st_size}"
    assert response.data == b""


@pytest.mark.parametrize("header", ["bytes=9-5", "bytes=a-b", "seconds=1-2", "bytes=0-1,5-6", "bytes=-", "junk"])
def test_a_range_that_makes_no_sense_is_passed_over(client: FlaskClient, film: Path, header: str) -> None:
    response = client.get("/media/1", headers={"Range": header})
    assert response.status_code == 200
    assert len(response.data) == film.stat().st_size


def test_head_says_the_same_without_the_film(client: FlaskClient, film: Path) -> None:
    response = client.head("/media/1", headers={"Range": "bytes=0-9"})
    assert (response.status_code, response.content_length, response.data) == (206, 10, b"")
    assert client.head("/media/1").content_length == film.stat().st_size


def test_a_browser_that_has_the_film_is_told_so(client: FlaskClient) -> None:
    headers = client.head("/media/1").headers
    for condition in ({"If-None-Match": headers["ETag"]}, {"If-Modified-Since": headers["Last-Modified"]}):
        response = client.get("/media/1", headers=condition)
        assert (response.status_code, response.data) == (304, b"")


def test_a_part_of_another_state_of_the_file_is_not_mixed_in(client: FlaskClient, film: Path) -> None:
    headers = client.head("/media/1").headers
    for same in (headers["ETag"], headers["Last-Modified"]):
        assert client.get("/media/1", headers={"Range": "bytes=0-9", "If-Range": same}).status_code == 206
    os.utime(film, (1, 1))
    for other in (headers["ETag"], headers["Last-Modified"], "W/" + headers["ETag"], "junk"):
        assert client.get("/media/1", headers={"Range": "bytes=0-9", "If-Range": other}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/media/99", "/media/0", "/media/x", "/media/-1", "/media/1/../2", "/media/" + "9" * 30, "/media/"]
)
def test_what_is_no_video_of_the_library_is_404(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_film_that_is_gone_is_404_in_words(client: FlaskClient, film: Path) -> None:
    film.unlink()
    response = client.get("/media/1")
    assert response.status_code == 404
    assert "sunrise.mp4 is not where it was indexed" in response.text


def test_a_link_put_in_place_of_a_film_opens_nothing(client: FlaskClient, film: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("not yours")
    film.unlink()
    film.symlink_to(secret)
    assert client.get("/media/1").status_code == 404


def test_a_pipe_or_folder_in_place_of_a_film_opens_nothing(client: FlaskClient, film: Path) -> None:
    film.unlink()
    os.mkfifo(film)
    assert client.get("/media/1").status_code == 404
    film.unlink()
    film.mkdir()
    assert client.get("/media/1").status_code == 404


def test_a_link_that_was_indexed_plays(client: FlaskClient, library: Library, film: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.mp4"
    elsewhere.write_bytes(film.read_bytes())
    link = film.with_name("link.mp4")
    link.symlink_to(elsewhere)
    video_id = add_file(library, link, ["red"])
    assert client.get(f"/media/{video_id}").data == film.read_bytes()


def test_a_file_without_clips_is_not_given_out(client: FlaskClient, library: Library, tmp_path: Path) -> None:
    words = tmp_path / "films" / "words.mp4"
    words.write_text("these are words")
    assert client.get(f"/media/{add_file(library, words, [])}").status_code == 404


@pytest.mark.parametrize("name", ["new\nline.mp4", "naïve 日本.mp4", 'quote".mp4'])
def test_a_hard_name_is_no_hindrance(client: FlaskClient, library: Library, film: Path, name: str) -> None:
    hard = film.with_name(name)
    hard.write_bytes(b"0123456789")
    assert client.get(f"/media/{add_file(library, hard, ['red'])}").data == b"0123456789"


def test_an_empty_file_is_empty(client: FlaskClient, film: Path) -> None:
    film.write_bytes(b"")
    response = client.get("/media/1")
    assert (response.status_code, response.data) == (200, b"")
    assert client.get("/media/1", headers={"Range": "bytes=0-"}).status_code == 416


def test_a_thumbnail_may_be_kept_only_under_its_librarys_id(client: FlaskClient, library: Library) -> None:
    plain = client.get("/thumbnails/1.jpg")
    assert plain.mimetype == "image/jpeg"
    assert plain.data.startswith(b"\xff\xd8")
    assert "no-cache" in plain.headers["Cache-Control"]
    again = client.get("/thumbnails/1.jpg", headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    kept = client.get(f"/thumbnails/1.jpg?library={library.catalog.meta('id')}")
    assert "immutable" in kept.headers["Cache-Control"]
    assert "immutable" not in client.get("/thumbnails/1.jpg?library=other").headers["Cache-Control"]
    assert client.get("/thumbnails/99.jpg").status_code == 404


@pytest.mark.parametrize(
    ("container", "codec", "expected"),
    [
        ("mov,mp4,m4a,3gp,3g2,mj2", "h264", "video/mp4"),
        ("matroska,webm", "vp9", "video/webm"),
        ("matroska,webm", "h264", "video/x-matroska"),
        ("avi", "mpeg4", "video/x-msvideo"),
        ("", "", "application/octet-stream"),
    ],
)
def test_the_type_follows_the_container(container: str, codec: str, expected: str) -> None:
    assert mime_type(container, codec) == expected


def test_all_that_is_sent_forbids_guessing_its_type(client: FlaskClient) -> None:
    for path in ("/media/1", "/thumbnails/1.jpg", "/static/site.js", "/nothing"):
        assert client.get(path, buffered=True).headers["X-Content-Type-Options"] == "nosniff"


def test_names_are_found_by_id_alone(client: FlaskClient) -> None:
    for path in (f"/media/{SEA_NAME}", "/media/films/sunrise.mp4", "/static/../app.py", "/static/%2e%2e/app.py"):
        assert client.get(path).status_code == 404


@given(st.one_of(st.none(), st.text(max_size=20), st.from_regex(r"bytes=\d{0,3}-\d{0,3}", fullmatch=True)))
def test_any_range_header_lies_inside_the_file_or_is_none(header: str | None) -> None:
    try:
        wanted = parse_range(header, 100)
    except UnsatisfiableRangeError:
        return
    assert wanted is None or 0 <= wanted.start < wanted.stop <= 100


@given(st.binary(max_size=60), st.data())
def test_a_span_reads_as_the_same_part_of_the_bytes(whole: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(whole)))
    stop = data.draw(st.integers(start, len(whole)))
    with tempfile.TemporaryFile() as file:
        file.write(whole)
        span, part = FileSpan(file, ByteRange(start, stop)), io.BytesIO(whole[start:stop])
        assert span.seek(0, io.SEEK_END) == len(part.getvalue())
        assert span.seek(0) == 0
        for size in data.draw(st.lists(st.integers(-1, 20), max_size=5)):
            assert span.read(size) == part.read(size)
            assert span.tell() == part.tell()
