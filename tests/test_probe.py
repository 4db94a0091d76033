from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.decoding.probe import SNIFF, codec_named, diagnose, is_media, taken_at


@pytest.mark.parametrize(
    "head",
    [
        b"\x00\x00\x00\x20ftypisom",
        b"\x00\x00\x10\x00moov",
        b"\x1a\x45\xdf\xa3\x01",
        b"RIFF\x00\x00\x00\x00AVI LIST",
        b"FLV\x01\x05",
        b"OggS\x00\x02" + bytes(22) + b"\x80theora",
        b"GIF89a",
        b"\x00\x00\x01\xba",
        b"\x47\x40\x11\x10\x00",
        b"YUV4MPEG2 W64",
    ],
)
def test_containers_of_moving_pictures_are_known_by_their_first_bytes(head: bytes) -> None:
    assert is_media(head.ljust(SNIFF, b"\0"))


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"Great words",
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        b"RIFF\x00\x00\x00\x00WAVEfmt ",
        b"\x00\x00\x00\x20ftypavif",
        b"\x00\x00\x00\x20ftypM4A ",
        b"OggS\x00\x02" + bytes(22) + b"\x01vorbis",
        b"ID3\x04",
        b"PK\x03\x04",
    ],
)
def test_pictures_sound_and_words_are_no_media(head: bytes) -> None:
    assert not is_media(head.ljust(SNIFF, b"\0"))


@pytest.mark.parametrize(
    ("content", "code", "reason"),
    [
        (b"", "empty", "empty file"),
        (b"\n<!DOCTYPE html><html>", "not-video", "not a video: HTML text"),
        ("wörter".encode(), "not-video", "not a video: text"),
        (b"PK\x03\x04\x00", "not-video", "not a video: a zip archive"),
        (b"\x00\x05\x16\x07\x00\x02", "not-video", "not a video: an AppleDouble side file"),
        (b"#EXTM3U\nhttp://127.0.0.1/x.ts", "not-video", "not a video: a playlist"),
        (b"\x00\x00\x00\x10ftypisom" + bytes(4) + b"\x00\x00\xff\x00mdat", "no-index", "cut off: no index (moov)"),
        (b"\x00\x00\x10\x00moov", "cut-off", "cut off: ends inside its index (moov)"),
        (b"\x00\x00\x00\x00ftyp\x00pssh\x00", "encrypted", "encrypted"),
    ],
)
def test_what_is_no_video_is_called_by_its_name(content: bytes, code: str, reason: str) -> None:
    assert diagnose(io.BytesIO(content)) == (code, reason)


@given(st.binary(max_size=300))
def test_any_bytes_get_one_line(content: bytes) -> None:
    code, reason = diagnose(io.BytesIO(content))
    assert code == code.lower().replace(" ", "-")
    assert reason
    assert "\n" not in reason


def test_the_codec_is_named_as_the_file_names_it() -> None:
    assert codec_named(b"....stsd" + bytes(12) + b"vvc1") == "vvc1"
    assert codec_named(b"\x86\x8fV_MPEGI/ISO/VVC\x00") == "V_MPEGI/ISO/VVC"
    assert codec_named(b"nothing") == ""


NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("metadata", "seconds"),
    [
        ({"creation_time": "2023-05-09T11:48:30.000000Z"}, 1683632910.0),
        ({"creation_time": "2016-05-31 17:01:35"}, 1464714095.0),
        (
            {
                "creation_time": "2023-05-09T11:48:30.000000Z",
                "com.apple.quicktime.creationdate": "2023-05-09T12:41:46+0100",
            },
            1683632506.0,
        ),
        ({"creation_time": "2023-05-09T11:48:30Z", "com.apple.quicktime.creationdate": "lately"}, 1683632910.0),
        ({"creation_time": "1904-01-01T00:00:00.000000Z"}, None),
        ({"creation_time": "1970-01-01T00:00:00.000000Z"}, None),
        ({"creation_time": "2033-05-18T03:33:20.000000Z"}, None),
        ({"creation_time": "0001-01-01T00:00:00+23:00"}, None),
        ({"creation_time": ""}, None),
        ({}, None),
    ],
)
def test_a_container_says_when_a_film_was_taken_unless_its_clock_was_wrong(
    metadata: dict[str, str], seconds: float | None
) -> None:
    assert taken_at(metadata, NOW) == seconds


@given(st.text(max_size=40) | st.datetimes().map(str))
def test_a_film_is_never_taken_in_days_to_come(said: str) -> None:
    assert (taken_at({"creation_time": said}, NOW) or 0.0) < NOW + 86_400
