from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.probe import SNIFF, codec_named, diagnose, is_media


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
