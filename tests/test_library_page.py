"""The Library page: what it says of the library, what its buttons ask for, and how it follows the jobs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from search.catalog.jobs import Job, JobKind, JobState
from search.catalog.records import FileFacts, NewVideo, VideoState
from search.errors import PathNotFound
from search.library import Library, open_library
from search.naming import picture_path
from search.service import SearchService
from tests.library_fixtures import add_film, make_library
from web.app import create_app
from web.commands import following
from web.library.events import ENDING, STREAMS

ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with make_library(tmp_path / "library") as library:
        add_film(library, "sea.mp4", ["blue", "cyan"], root=Path("/films"))
        add_film(library, "sun.mp4", ["red"], root=Path("/media/<b>camera"))
        yield library


@pytest.fixture
def client(library: Library) -> FlaskClient:
    return create_app(SearchService(library)).test_client()


def fail_film(library: Library, name: str, reason: str) -> None:
    root = library.catalog.add_root(Path("/films")).id
    file = FileFacts(1, 1, name)
    library.catalog.save_video(NewVideo(root, name, file, VideoState.FAILED, "recipe", "cannot-decode", reason))


def asked(library: Library) -> tuple[JobKind, tuple[str, ...]]:
    """What the newest job is about."""
    newest = library.catalog.jobs()[0]
    return newest.kind, newest.about


def claimed(library: Library) -> Job:
    job = library.catalog.claim_job()
    assert job is not None
    return job


def went_back(response: TestResponse) -> bool:
    return response.status_code == 303 and response.location == "/library#jobs"


def test_it_says_what_each_folder_holds_and_what_the_whole_library_does(
    client: FlaskClient, library: Library
) -> None:
    fail_film(library, "broken.mp4", "The file ends too early.")
    library.catalog.set_root_missing(2, True)

    page = client.get("/library").text

    assert "2 films (1 indexed, 1 failed)" in page
    assert "/media/&lt;b&gt;camera" in page
    assert "<b>camera" not in page
    assert page.count("Not there at the moment") == 1
    assert library.spec.name in page
    assert str(library.path) in page


def test_failures_are_named_with_their_reasons_and_can_be_tried_again(client: FlaskClient, library: Library) -> None:
    assert "Retry all failures" not in client.get("/library").text
    for number in range(28):
        fail_film(library, f"broken\n\u202e{number:02}.mp4", "The file ends too early.")
    fail_film(library, "silent.mp4", "It holds no picture.")

    page = client.get("/library").text

    assert page.count("<h3>The file ends too early.</h3>") == 1
    assert page.index("28 films, failed") < page.index("1 film, failed")
    assert page.count("broken ") == 25 * 2  # each with its button
    assert "And 3 more" in page
    assert "\u202e" not in page
    assert went_back(client.post("/library/retry"))
    assert asked(library) == (JobKind.RETRY, ())


def test_one_failure_is_tried_again_or_all_of_one_reason(client: FlaskClient, library: Library) -> None:
    for name, reason in (("a.mp4", "Cut off."), ("b.mp4", "Cut off."), ("c.mp4", "No picture.")):
        fail_film(library, name, reason)
    one = next(video.id for video in library.catalog.videos() if video.relpath == "c.mp4")

    assert went_back(client.post("/library/retry", data={"video": str(one)}))
    assert asked(library) == (JobKind.RETRY, ("/films/c.mp4",))
    assert went_back(client.post("/library/retry", data={"reason": "Cut off."}))
    assert asked(library) == (JobKind.RETRY, ("/films/a.mp4", "/films/b.mp4"))
    assert client.post("/library/retry", data={"video": "1"}).status_code == 404  # it did not fail


def test_the_tags_are_made_anew_and_all_folders_looked_at_again(client: FlaskClient, library: Library) -> None:
    assert went_back(client.post("/library/retag"))
    assert asked(library) == (JobKind.RETAG, ())
    assert went_back(client.post("/library/rescan"))
    assert asked(library) == (JobKind.RESCAN, ())


def test_a_forgotten_folder_can_be_indexed_again_until_it_is(client: FlaskClient, library: Library) -> None:
    root = library.catalog.add_root(Path("/gone"))
    library.catalog.queue_job(JobKind.FORGET, [str(Path(__file__).parent)])
    library.catalog.finish_job(claimed(library), {"forgotten": 2})

    assert 'aria-label="Undo job 1"' in client.get("/library").text
    assert went_back(client.post("/library/jobs/1/undo"))
    assert asked(library) == (JobKind.INDEX, (str(Path(__file__).parent),))

    library.catalog.relink_root(root.path, Path(__file__).parent)
    assert "Undo" not in client.get("/library").text.replace("“Undo”", "")
    assert client.post("/library/jobs/1/undo").status_code == 404


def test_the_models_in_use_say_what_was_measured_and_what_they_cannot_do(tmp_path: Path) -> None:
    with open_library(tmp_path / "mini", encoder="mini", create=True) as library:
        client = create_app(SearchService(library)).test_client()
        page, card = client.get("/library").text, client.get("/library/models/encoder").text
        assert client.get("/library/models/emotion").status_code == 404
    assert "R@1" in page
    assert "no expressions of real faces" in page
    assert "146,000 pictures" in card
    assert "146,000 pictures" not in page


def test_disk_use_is_told_apart(client: FlaskClient, library: Library) -> None:
    proxies = library.path / "proxies"
    proxies.mkdir()
    (proxies / "1-00.mp4").write_bytes(bytes(5000))
    picture = picture_path(library.path, 1)
    picture.parent.mkdir(parents=True)
    picture.write_bytes(bytes(7000))

    page = client.get("/library").text

    assert "copies for the browser 5.0 kB" in page
    assert "pictures of characters 7.0 kB" in page
    assert "thumbnails" in page


def test_a_folder_is_looked_at_again_or_forgotten(client: FlaskClient, library: Library) -> None:
    assert went_back(client.post("/library/rescan", data={"root": "1"}))
    assert asked(library) == (JobKind.RESCAN, ("/films",))
    assert went_back(client.post("/library/forget", data={"root": "2"}))
    assert asked(library) == (JobKind.FORGET, ("/media/<b>camera",))
    assert client.post("/library/forget", data={"root": "9"}).status_code == 404
    assert client.post("/library/forget").status_code == 404


def test_a_folder_of_this_machine_is_added(client: FlaskClient, library: Library, tmp_path: Path) -> None:
    assert went_back(client.post("/library/add", data={"path": f" {tmp_path} "}))
    assert asked(library) == (JobKind.INDEX, (str(tmp_path),))


@pytest.mark.parametrize(
    "path", ["", "films", "~/films", "/films/not\0there", "/no/such/<b>folder", __file__, "/" + "a" * 5000]
)
def test_what_is_no_folder_is_refused_with_a_sentence_beside_the_field(
    client: FlaskClient, library: Library, path: str
) -> None:
    refused = client.post("/library/add", data={"path": path})

    assert refused.status_code == 400
    assert 'role="alert"' in refused.text
    assert 'name="path"' in refused.text
    assert "<b>folder" not in refused.text
    assert not library.catalog.jobs()


@pytest.mark.parametrize(
    ("environ", "headers"),
    [(ELSEWHERE, {}), ({}, {"X-Forwarded-For": "192.0.2.7"}), ({}, {"Forwarded": "for=192.0.2.7"})],
)
def test_only_a_browser_on_the_machine_itself_may_name_a_folder(
    client: FlaskClient, library: Library, tmp_path: Path, environ: dict[str, str], headers: dict[str, str]
) -> None:
    sent: dict[str, Any] = {"environ_overrides": environ, "headers": headers}

    refused = client.post("/library/add", data={"path": str(tmp_path)}, **sent)

    assert refused.status_code == 403
    assert not library.catalog.jobs()
    assert client.get("/library/folders", **sent).status_code == 403
    assert 'href="/library/folders"' not in client.get("/library", **sent).text


CHANGES = ["add", "draw", "rescan", "retag", "forget", "retry", "jobs/1/cancel", "jobs/1/retry", "jobs/1/undo"]


@pytest.mark.parametrize("address", CHANGES)
def test_a_page_of_another_site_changes_nothing(client: FlaskClient, library: Library, address: str) -> None:
    data = {"path": "/", "root": "1"}
    assert client.post(f"/library/{address}", data=data, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get(f"/library/{address}").status_code == 405
    assert not library.catalog.jobs()


def test_the_running_job_stands_first_with_its_progress_then_those_that_wait(
    client: FlaskClient, library: Library
) -> None:
    for number in range(3):
        library.catalog.queue_job(JobKind.INDEX, [f"/films/{number}"])
    library.catalog.tell_job(claimed(library), 0.25, "sea.mp4")

    page = client.get("/library").text

    assert page.index("running 25%. sea.mp4") < page.index("job 2, ") < page.index("job 3, ")
    assert '<progress data-live aria-label="How far job 1 is" value="0.25">' in page
    assert "No program does the jobs" in page
    assert went_back(client.post("/library/jobs/2/cancel"))
    assert library.catalog.job(2).state is JobState.CANCELLED


def test_a_job_that_failed_says_why_and_is_tried_again(client: FlaskClient, library: Library) -> None:
    library.catalog.queue_job(JobKind.INDEX, ["/films"])
    library.catalog.fail_job(claimed(library), PathNotFound("There is no /films.", "Connect the disk."))

    assert "failed. There is no /films. Connect the disk." in client.get("/library").text
    assert went_back(client.post("/library/jobs/1/retry"))
    assert asked(library) == (JobKind.INDEX, ("/films",))
    assert client.post("/library/jobs/1/cancel").status_code == 409
    assert client.post("/library/jobs/9/retry").status_code == 404


def test_only_the_last_ten_jobs_that_ended_are_shown(client: FlaskClient, library: Library) -> None:
    for number in range(1, 13):
        library.catalog.queue_job(JobKind.INDEX, [f"/films/{number}"])
        library.catalog.finish_job(claimed(library), {"indexed": number})

    page = client.get("/library").text

    assert page.count("done, ") == 10
    assert page.index("job 12, ") < page.index("job 3, ")
    assert "job 2, " not in page


def told(event: bytes) -> dict[str, Any]:
    head, _, data = event.decode().removesuffix("\n\n").partition("\n")
    assert head == "event: jobs"
    document: dict[str, Any] = json.loads(data.removeprefix("data: "))
    return document


def test_the_stream_tells_of_every_change_of_a_job(client: FlaskClient, library: Library) -> None:
    library.catalog.queue_job(JobKind.INDEX, ["/films"])
    with client.get("/library/events", buffered=False) as stream:
        assert (stream.mimetype, stream.headers["Cache-Control"]) == ("text/event-stream", "no-store")
        events = stream.iter_encoded()
        first = told(next(events))
        library.catalog.finish_job(claimed(library), {"indexed": 2})
        second = told(next(events))

    assert "job 1, index /films: queued" in first["drawn"]
    assert (first["lines"], first["ended_at"]) == ([], 0)
    assert second["lines"] == ["job 1, index /films: done, 2 indexed"]
    assert second["ended_at"] == library.catalog.job(1).ended_at


def test_no_more_streams_than_the_server_has_threads_for(client: FlaskClient) -> None:
    streams = [client.get("/library/events", buffered=False) for _ in range(STREAMS)]
    assert client.get("/library/events").status_code == 429
    streams[0].close()
    streams[0] = client.get("/library/events", buffered=False)
    assert streams[0].status_code == 200
    for stream in streams:
        stream.close()


@pytest.mark.slow
def test_a_stream_ends_with_the_server(client: FlaskClient) -> None:
    with client.get("/library/events", buffered=False) as stream:
        events = stream.iter_encoded()
        next(events)
        client.application.config[ENDING] = True
        assert list(events) == []


def test_a_library_that_can_only_be_read_has_no_buttons(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Library, "writable", False)
    page = client.get("/library").text
    assert "can only be read" in page
    assert 'action="/library' not in page


def test_serving_makes_a_library_where_there_is_none_and_does_its_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    with following(()) as service:
        assert service is not None
    with open_library() as library:
        assert not library.catalog.roots()
        monkeypatch.setattr(Library, "writable", False)
        with following(()) as service:
            assert service is None
