"""The page of one film: all of it without JavaScript, its parts as files, and the copy of a film no browser plays."""

from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from flask.testing import FlaskClient

from search.catalog.records import Cue, FileFacts, NewVideo, Segment, VideoState
from search.library import Library
from search.query import SearchRequest
from search.service import SearchService
from tests.film_library import DURATION, film_library
from tests.library_fixtures import CLIP_SECONDS, add_film, make_library
from tests.test_pages import Tags
from web.app import create_app
from web.film.exports import LONGEST
from web.film.page import brief, exact

LONG = ["red", "blue", "green"] * 250


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with film_library(tmp_path_factory.mktemp("film")) as library:
        yield library


@pytest.fixture(scope="module")
def service(library: Library) -> SearchService:
    return SearchService(library)


@pytest.fixture(scope="module")
def client(service: SearchService) -> FlaskClient:
    return create_app(service).test_client()


def texts(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_the_page_says_who_is_seen_how_long_and_what_is_said(client: FlaskClient) -> None:
    page = texts(client.get("/video/1?t=2.2").text)
    assert "tom 3 s 31.2 % 2 s 2" in page
    assert "jerry and tom 0.5 s 5.2 % together" in page
    assert "Expressions" in page
    assert "0:04 good night" in page


def test_every_lane_is_drawn_and_the_curve_only_where_something_is_asked(client: FlaskClient) -> None:
    kinds = [attrs.get("class") or "" for attrs in Tags(client.get("/video/1?q=red").text).all("path")]
    for kind in ("match", "shots", "words", "tag hue-0", "tag hue-1", "head"):
        assert any(kind in drawn for drawn in kinds), kind
    assert "match " not in [attrs.get("class") for attrs in Tags(client.get("/video/1").text).all("path")]


def test_without_javascript_a_click_on_the_timeline_or_a_name_leads_to_its_second(client: FlaskClient) -> None:
    tags = Tags(client.get("/video/1?t=2&q=red").text)
    assert any(attrs.get("href") == f"/video/1?t={DURATION / 2:g}&q=red" for attrs in tags.all("a"))
    following = [attrs["value"] for attrs in tags.all("button") if attrs.get("aria-label") == "Next: tom"]
    assert following == ["6.0"]
    [form] = [attrs for attrs in tags.all("form") if attrs.get("id") == "jump"]
    assert form["action"] == "/video/1"
    assert {"type": "hidden", "name": "q", "value": "red"} in tags.all("input")


def test_the_moments_are_those_of_this_film_alone(client: FlaskClient, service: SearchService) -> None:
    answer = service.search(SearchRequest("blue", k=50, video_id=1))
    assert {hit.clip.video_id for hit in answer.hits} == {1}
    assert "Moments for “red”" in client.get("/video/1?q=red").text


def test_a_question_that_cannot_be_answered_leaves_the_film_playing(client: FlaskClient) -> None:
    response = client.get("/video/1?q=zorg")
    assert response.status_code == 200
    assert "knows none of these words" in response.text
    assert Tags(response.text).all("video")


def test_a_question_for_tags_alone_has_moments_but_no_curve(client: FlaskClient) -> None:
    page = client.get("/video/1?q=character:tom").text
    assert "Moments for “character:tom”" in page
    assert "match " not in [attrs.get("class") for attrs in Tags(page).all("path")]


def test_a_film_of_which_nothing_could_be_read_has_a_page_without_timeline(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        root = library.catalog.add_root(tmp_path).id
        broken = NewVideo(root, "broken.mp4", FileFacts(1, 1, "00"), VideoState.FAILED, "recipe")
        page = (
            create_app(SearchService(library)).test_client().get(f"/video/{library.catalog.save_video(broken)}?q=red")
        )
    assert page.status_code == 200
    assert "Over time" not in page.text


@pytest.mark.parametrize("second", ["junk", "nan", "inf", "-3", "1e300"])
def test_a_second_that_is_none_shows_the_page_all_the_same(client: FlaskClient, second: str) -> None:
    assert client.get(f"/video/1?t={second}").status_code == 200


def test_names_and_words_are_shown_inert(client: FlaskClient) -> None:
    page = client.get("/video/1").text
    assert "<b>\u202eb" not in page
    assert "\u202e" not in page
    assert "hello &lt;there&gt;" in page
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", page)


def test_the_page_with_its_files_is_light(client: FlaskClient) -> None:
    page = client.get("/video/1?q=red")
    static = Path("web/static")
    files = [static / "site.css", static / "film.css", *static.glob("film*.js"), static / "site.js"]
    assert len(page.data) + sum(path.stat().st_size for path in files) < 100_000


@pytest.mark.slow
def test_the_page_of_a_film_with_thousands_of_segments_cuts_and_cues_stays_light(tmp_path: Path) -> None:
    length = CLIP_SECONDS * len(LONG)
    starts = [length * i / 3000 for i in range(3000)]
    who = [Segment("character", f"person {i % 20}", at, at + 0.3, 0.9) for i, at in enumerate(starts)]
    said = [Cue(at, at + 0.5, "words that are said in a film", "a.srt") for at in starts[::2]]
    with make_library(tmp_path) as library:
        add_film(library, "long.mp4", LONG, segments=who, cues=said, cuts=starts[1:])
        page = create_app(SearchService(library)).test_client().get("/video/1?t=900&q=red")
    assert len(page.data) < 100_000


def test_a_switched_off_kind_has_no_lane(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VSEARCH_NO_EMOTION", "1")
    page = create_app(SearchService(library)).test_client().get("/video/1").text
    assert "Expressions" not in page
    assert "Characters" in page


def test_the_sheet_of_small_pictures_shows_the_film_in_order(client: FlaskClient) -> None:
    import cv2
    import numpy as np

    sheet = cv2.imdecode(np.frombuffer(client.get("/sprites/1.jpg").data, np.uint8), cv2.IMREAD_COLOR)
    assert sheet is not None
    assert sheet.shape == (90, 1600, 3)
    blue, green, red = sheet[45, 160 + 80].tolist()  # the second clip is red
    assert red > 200
    assert blue < 60
    assert green < 60


def played(data: bytes) -> tuple[int, float]:
    """Frames and seconds of a film."""
    with av.open(io.BytesIO(data), "r") as container:
        frames = list(container.decode(video=0))
        last = frames[-1].time
        assert last is not None
        return len(frames), last


@pytest.mark.slow
def test_a_part_is_kept_as_a_film_of_its_own(client: FlaskClient, tmp_path: Path) -> None:
    response = client.get("/export?video=1&start=0:01&end=0:03.5&format=mp4")
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''a%20%26")
    frames, seconds = played(response.data)
    assert frames == 25
    assert seconds == pytest.approx(2.4, abs=0.05)
    assert client.get("/export?video=1&start=1&end=2&format=gif").data.startswith(b"GIF89a")


@pytest.mark.slow
def test_slow_motion_lasts_four_times_as_long(client: FlaskClient) -> None:
    frames, seconds = played(client.get("/export?video=1&start=1&end=2&format=slow").data)
    assert frames == 37
    assert seconds == pytest.approx(3.6, abs=0.1)


def test_a_part_and_the_moments_are_lists_for_other_programs(client: FlaskClient) -> None:
    part = client.get("/export?video=1&start=1&end=2.5&format=json").json
    assert part is not None
    assert (part["start"], part["end"], part["video_id"]) == (1.0, 2.5, 1)
    moments = client.get("/export?video=1&q=red&format=csv").text.splitlines()
    assert moments[0].startswith("rank,score,band,title")
    assert all(",1," in line for line in moments[1:])
    assert client.get("/export?video=1&q=red&format=vtt").text.startswith("WEBVTT")
    assert "* FROM CLIP NAME" in client.get("/export?video=1&start=1&end=2&format=edl").text
    assert json.loads(client.get("/export?video=1&start=1&end=2&format=otio").text)["OTIO_SCHEMA"] == "Timeline.1"


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("video=1&start=now&end=2", 400, "That is no time"),
        ("video=1&start=3&end=2", 400, "Choose a later end"),
        ("video=1&start=90&end=95", 400, "Choose a later end"),
        ("video=1&start=0&end=5&format=slow", 400, "At most 3 seconds"),
        ("video=1&start=0&end=5&format=exe", 400, "is no format"),
        ("video=99&start=0&end=5", 404, "99"),
    ],
)
def test_a_part_that_cannot_be_made_is_refused_in_words(
    client: FlaskClient, query: str, status: int, words: str
) -> None:
    response = client.get(f"/export?{query}")
    assert response.status_code == status
    assert words in response.text


def test_a_long_part_is_refused(client: FlaskClient, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LONGEST, "mp4", 2.0)
    assert "At most 2 seconds" in client.get("/export?video=1&start=0&end=5").text


def test_a_page_of_another_site_cannot_have_films_cut(client: FlaskClient) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client.get("/export?video=1&start=0&end=1", headers=headers).status_code == 403
    assert client.post("/proxies/2", headers=headers).status_code == 403


@pytest.mark.slow
def test_a_film_that_browsers_refuse_gets_a_copy_made_once(client: FlaskClient, library: Library) -> None:
    page = client.get("/video/2").text
    assert "Many browsers cannot play this film (mpeg4)" in page
    assert client.get("/proxies/2.mp4").status_code == 404
    assert client.post("/proxies/2").status_code == 303
    for _ in range(200):
        state = client.get("/proxies/2").json
        assert state is not None
        if state["state"] != "making":
            break
        time.sleep(0.1)
    assert state == {"state": "ready", "done": 1.0, "message": ""}
    part = client.get("/proxies/2.mp4", headers={"Range": "bytes=0-99"})
    assert (part.status_code, len(part.data)) == (206, 100)
    assert played(client.get("/proxies/2.mp4").data)[0] == 32
    assert Tags(client.get("/video/2?t=1.5").text).all("video")[0]["src"] == "/proxies/2.mp4#t=1.5"


def test_why_a_copy_could_not_be_made_is_said(client: FlaskClient, library: Library) -> None:
    film = library.catalog.video(1).path
    away = film.rename(film.with_suffix(".away"))
    try:
        response = client.post("/proxies/1")
        assert response.status_code == 404
        assert "not where it was indexed" in response.text
    finally:
        away.rename(film)


def test_moments_that_look_like_a_second_of_the_film_are_one_link_away(client: FlaskClient) -> None:
    response = client.get("/video/1/similar?t=2.0")
    assert (response.status_code, response.headers["Location"]) == (302, "/?q=like:2")


@pytest.mark.parametrize(("seconds", "written"), [(0.5, "0.5 s"), (3, "3 s"), (9.96, "10 s"), (125, "2 min 5 s")])
def test_screen_time_is_exact_where_it_is_short(seconds: float, written: str) -> None:
    assert brief(seconds) == written


@pytest.mark.parametrize(
    ("second", "written"), [(0, "0:00.0"), (62.54, "1:02.5"), (59.97, "1:00.0"), (3661, "1:01:01.0")]
)
def test_times_in_the_fields_are_exact_to_a_tenth(second: float, written: str) -> None:
    assert exact(second) == written
