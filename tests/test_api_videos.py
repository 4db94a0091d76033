"""The videos of a library over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient

from search.catalog.records import Cue, FileFacts, NewVideo, Segment, Track, VideoFacts, VideoState
from search.library import Library
from search.service import SearchService
from tests.library_fixtures import add_film, colour_clip, make_library
from web.app import create_app

SCORES = np.array([[0.5, 0.25], [np.nan, np.nan]], np.float32)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with make_library(tmp_path / "library") as library:
        catalog = library.catalog
        catalog.save_video(
            NewVideo(
                root_id=catalog.add_root(Path("/films")).id,
                relpath="party/cats.mp4",
                file=FileFacts(1000, 1, "00"),
                state=VideoState.INDEXED,
                recipe="recipe",
                facts=VideoFacts(8.0, 640, 360, 25.0, "h264", "mov", taken_at=1.5e9),
                clips=[colour_clip("red", 0)],
                tracks=[Track("emotion", ("happy", "sad"), "f00d", 0.5, 1.0, SCORES)],
                segments=[
                    Segment("emotion", "happy", 0.0, 1.0, 0.9),
                    Segment("character", "tom", 2.0, 4.0, 0.8),
                    Segment("character", "jerry", 3.0, 4.0, 0.7),
                ],
                cuts=[2.0],
                cues=[Cue(0.5, 1.5, "hello there", "cats.srt")],
            )
        )
        add_film(library, "beach/dogs.mp4", ["blue"])
        catalog.save_video(
            NewVideo(
                catalog.add_root(Path("/films")).id,
                "broken.mp4",
                FileFacts(1, 1, "01"),
                VideoState.FAILED,
                "recipe",
                code="no-frames",
                reason="no frames",
            )
        )
        yield library


@pytest.fixture
def client(library: Library) -> FlaskClient:
    return create_app(SearchService(library)).test_client()


def titles(client: FlaskClient, **query: str | int) -> list[str]:
    return [video["title"] for video in client.get("/api/videos", query_string=query).get_json()["videos"]]


def test_videos_are_listed_with_their_facts(client: FlaskClient) -> None:
    document = client.get("/api/videos").get_json()
    assert document["count"] == 3
    assert document["next"] is None
    assert document["videos"][0] == {
        "video_id": 1,
        "title": "cats.mp4",
        "path": "/films/party/cats.mp4",
        "state": "indexed",
        "code": "",
        "reason": "",
        "duration": 8.0,
        "width": 640,
        "height": 360,
        "fps": 25.0,
        "codec": "h264",
        "container": "mov",
        "taken_at": 1.5e9,
        "size": 1000,
        "clips": 1,
        "media": "/media/1",
    }


def test_videos_are_narrowed_by_state_and_folder(client: FlaskClient) -> None:
    assert titles(client, state="failed") == ["broken.mp4"]
    assert titles(client, folder="beach/") == ["dogs.mp4"]
    assert titles(client, folder="/films") == ["cats.mp4", "dogs.mp4", "broken.mp4"]
    assert titles(client, folder="nowhere") == []
    assert client.get("/api/videos?state=happy").status_code == 400


def test_a_page_begins_after_the_last_video_of_the_one_before(client: FlaskClient, library: Library) -> None:
    first = client.get("/api/videos?k=1").get_json()
    library.catalog.forget_videos([1])
    add_film(library, "new.mp4", ["red"])
    second = client.get("/api/videos", query_string={"k": 2, "cursor": first["next"]}).get_json()
    assert [video["title"] for video in second["videos"]] == ["dogs.mp4", "broken.mp4"]
    third = client.get("/api/videos", query_string={"k": 2, "cursor": second["next"]}).get_json()
    assert [video["title"] for video in third["videos"]] == ["new.mp4"]
    assert third["next"] is None


def test_one_video_is_told_with_all_that_is_known(client: FlaskClient) -> None:
    document = client.get("/api/videos/1").get_json()
    assert document["cuts"] == [2.0]
    assert document["cues"] == [{"start": 0.5, "end": 1.5, "text": "hello there", "source": "cats.srt"}]
    assert document["segments"][1] == {"kind": "character", "label": "tom", "start": 2.0, "end": 4.0, "score": 0.8}
    assert document["screen_time"]["characters"][0]["ranges"] == [[2.0, 4.0]]
    assert document["screen_time"]["together"] == [{"labels": ["jerry", "tom"], "seconds": 1.0}]
    (track,) = document["tracks"]
    assert (track["labels"], track["rows"], track["step"]) == (["happy", "sad"], 2, 0.5)
    assert "scores" not in track


def test_scores_come_when_they_are_asked_for_and_silence_is_null(client: FlaskClient) -> None:
    (track,) = client.get("/api/videos/1?tracks=1").get_json()["tracks"]
    assert track["scores"] == [[0.5, 0.25], None]


def test_kinds_that_are_switched_off_are_not_told(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VSEARCH_NO_EMOTION", "1")
    document = client.get("/api/videos/1?tracks=1").get_json()
    assert document["tracks"] == []
    assert {segment["kind"] for segment in document["segments"]} == {"character"}


@pytest.mark.parametrize("path", ["/api/videos/99", "/api/videos/x", "/api/videos/-1", f"/api/videos/{10**30}"])
def test_a_video_that_is_not_there_is_404(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.get_json()["error"]["code"]) == (404, "not-found")


def test_nothing_is_sent_again_that_has_not_changed(client: FlaskClient, library: Library) -> None:
    for path in ("/api/videos", "/api/videos/1"):
        tag = client.get(path).headers["ETag"]
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
        library.catalog.mark_missing([1], path == "/api/videos")
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 200
