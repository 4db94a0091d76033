"""Films and thumbnails over HTTP: by id only, and only what the library holds."""

from __future__ import annotations

import hashlib
import os
import stat
from typing import BinaryIO, cast
from urllib.parse import quote

from flask import Blueprint, Response, request
from werkzeug.http import http_date
from werkzeug.wsgi import wrap_file

from search.answer import printable
from search.catalog.records import VideoRecord
from search.errors import NotFound
from search.service import SearchService
from web.ranges import ByteRange, FileSpan, UnsatisfiableRangeError, parse_range
from web.words import inert

MIME_TYPES = {  # by the first of FFmpeg's names of the container; browsers play all of QuickTime as MP4
    "mov": "video/mp4",
    "matroska": "video/x-matroska",
    "avi": "video/x-msvideo",
    "mpegts": "video/mp2t",
    "mpeg": "video/mpeg",
    "ogg": "video/ogg",
    "flv": "video/x-flv",
    "asf": "video/x-ms-wmv",
    "gif": "image/gif",
}
WEBM_CODECS = {"vp8", "vp9", "av1"}


def mime_type(container: str, codec: str) -> str:
    """The media type for FFmpeg's names of a container (`matroska,webm`) and of its video codec."""
    if "webm" in container and codec in WEBM_CODECS:
        return "video/webm"
    return MIME_TYPES.get(container.partition(",")[0], "application/octet-stream")


def open_film(video: VideoRecord) -> tuple[BinaryIO, os.stat_result]:
    """Opens the file of a video for reading. Raises NotFound when it is not there, or not that file any more.

    Links are followed to a regular file below the video's root. Where they lead out of it, or the root itself is a
    link, they are followed only to the very file that was indexed (same size, same date), so a link that is put there
    later opens nothing. A file in which no clip was found is not given out either: it may be anything.
    """
    gone = NotFound(
        f"The file of {video.title} is not where it was indexed.",
        "Connect its disk, or run `vsearch index` on its folder again.",
    )
    if not video.clips:
        raise gone
    try:
        target = video.path.resolve(strict=True)
        inside = target.is_relative_to(video.root)
        # Not to wait for a writer if it has become a pipe, nor follow a link that was put there just now.
        descriptor = os.open(target, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except (OSError, ValueError, RuntimeError):
        raise gone from None
    facts = os.fstat(descriptor)
    indexed = (facts.st_size, facts.st_mtime_ns) == (video.file.size, video.file.mtime_ns)
    if not stat.S_ISREG(facts.st_mode) or not (inside or indexed):
        os.close(descriptor)
        raise gone
    return os.fdopen(descriptor, "rb"), facts


def film_response(video: VideoRecord) -> Response:
    """The film, or the part of it that the request asks for."""
    file, facts = open_film(video)
    return file_response(file, facts, mime_type(video.facts.container, video.facts.codec), video.title)


def file_response(file: BinaryIO, facts: os.stat_result, mimetype: str, name: str) -> Response:
    """An open file, or the part of it that the request asks for; it is closed in the end."""
    response = Response(mimetype=mimetype)
    response.set_etag(f"{facts.st_size:x}-{facts.st_mtime_ns:x}")
    response.headers["Last-Modified"] = http_date(facts.st_mtime)
    response.accept_ranges = "bytes"
    response.cache_control.private = True
    response.cache_control.no_cache = True
    response.headers["Content-Disposition"] = disposition("inline", name)
    response.make_conditional(request)
    if response.status_code == 200:
        span = _choose_span(response, facts.st_size)
        response.content_length = span.stop - span.start
        if request.method == "GET" and response.content_length:
            response.response = wrap_file(request.environ, cast(BinaryIO, FileSpan(file, span)))
            response.direct_passthrough = True
            return response
    file.close()
    return response


def disposition(way: str, name: str) -> str:
    """`inline` or `attachment` under a name from a disk, on one line and without what turns it (RFC 6266)."""
    return f"{way}; filename*=UTF-8''{quote(inert(printable(name)), safe='')}"


def named(response: Response, name: str, *, inline: bool = False) -> Response:
    """A file to keep under a name, or `inline` to be shown; never from a cache."""
    response.headers["Content-Disposition"] = disposition("inline" if inline else "attachment", name)
    response.headers["Cache-Control"] = "no-store"
    return response


def _choose_span(response: Response, size: int) -> ByteRange:
    """Reads `Range` and `If-Range`, and writes into the response what part it carries."""
    condition = request.headers.get("If-Range")
    same_file = condition in (None, response.headers["ETag"], response.headers["Last-Modified"])
    try:
        wanted = parse_range(request.headers.get("Range"), size) if same_file else None
    except UnsatisfiableRangeError:
        response.status_code = 416
        response.headers["Content-Range"] = f"bytes */{size}"
        return ByteRange(0, 0)
    if wanted is None:
        return ByteRange(0, size)
    response.status_code = 206
    response.headers["Content-Range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{size}"
    return wanted


def thumbnail_response(jpeg: bytes, *, forever: bool) -> Response:
    """A thumbnail that a browser may keep forever, or must ask about each time."""
    response = Response(jpeg, mimetype="image/jpeg")
    response.set_etag(hashlib.sha256(jpeg).hexdigest()[:16])
    response.cache_control.private = True
    if forever:
        response.cache_control.max_age = 365 * 86400
        response.cache_control.immutable = True
    else:
        response.cache_control.no_cache = True
    response.make_conditional(request)
    return response


def media(service: SearchService) -> Blueprint:
    """`/media/<video_id>` and `/thumbnails/<clip_id>.jpg`."""
    blueprint = Blueprint("media", __name__)
    catalog = service.library.catalog

    @blueprint.get("/media/<int(max=9223372036854775807):video_id>")
    def film(video_id: int) -> Response:
        return film_response(catalog.video(video_id))

    @blueprint.get("/thumbnails/<int(max=9223372036854775807):clip_id>.jpg")
    def thumbnail(clip_id: int) -> Response:
        jpeg = catalog.thumbnail(clip_id)
        if jpeg is None:
            raise NotFound(f"Clip {clip_id} has no thumbnail.", "Run `vsearch index` on its folder again.")
        # Another library may be served at this address tomorrow; with the library's id a clip id means one picture.
        return thumbnail_response(jpeg, forever=request.args.get("library") == catalog.meta("id"))

    return blueprint
