"""The pages of characters: groups of similar frames that a person names, and what follows at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from search.catalog.jobs import JobKind
from search.errors import CannotGoOn
from search.library import Library
from search.naming import Appearance, AppearanceGroup, Naming
from search.service import SearchService
from tests.library_fixtures import add_film, make_library
from tests.naming_library import BLUE, GREEN, RED, add_many_groups, naming_library
from web.app import create_app
from web.naming.facts import GROUPS, MOSAICS, pictures, question, read_names
from web.words import turns


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with naming_library(tmp_path) as library:
        yield library


@pytest.fixture
def client(library: Library) -> FlaskClient:
    return create_app(SearchService(library)).test_client()


@pytest.fixture
def naming(library: Library) -> Naming:
    return Naming(library)


def card(page: str, group: int) -> str:
    start = page.index(f'<li id="group-{group}"')
    return page[start : page.index("</li>", start)]


def times(page: str) -> list[str]:
    found = re.findall(r'<li id="time-\d+"><a href="[^"]*"><bdi>(.*?)</bdi> <b>(.*?)</b>', page)
    return [" ".join(one) for one in found]


def step(client: FlaskClient, path: str, came_from: str = "/characters", **fields: object) -> TestResponse:
    """Sends a form of the page `came_from`."""
    return client.post(path, data=fields, headers={"Referer": f"http://localhost{came_from}"})


@pytest.mark.parametrize("came_from", ["http://[", "http://localhost/elsewhere", ""])
def test_a_step_from_nowhere_leads_to_all_groups(client: FlaskClient, came_from: str) -> None:
    answer = client.post("/characters/undo", headers={"Referer": came_from})
    assert (answer.status_code, answer.location) == (303, "/characters")


def test_every_page_leads_to_the_characters(client: FlaskClient) -> None:
    for path in ("/", "/library", "/video/1", "/?q=red"):
        assert '<a href="/characters">Characters</a>' in client.get(path).text


def test_before_the_first_grouping_there_is_one_button_and_it_asks_for_the_job(tmp_path: Path) -> None:
    with make_library(tmp_path / "library") as library:
        client = create_app(SearchService(library)).test_client()
        assert "Nothing is indexed yet" in client.get("/characters").text
        add_film(library, "sea.mp4", ["blue"])
        assert 'action="/characters/group"' in client.get("/characters").text

        assert step(client, "/characters/group").location == "/characters"

        assert [job.kind for job in library.catalog.jobs()] == [JobKind.GROUP]
        page = client.get("/characters").text
        assert 'action="/characters/group"' not in page
        assert 'action="/library/jobs/1/cancel"' in page
        assert "No program does the jobs" in page


def test_the_page_tells_how_far_the_grouping_is_and_why_it_failed(client: FlaskClient, library: Library) -> None:
    assert client.get("/characters/job").text.strip() == ""
    library.catalog.queue_job(JobKind.GROUP, [])
    job = library.catalog.claim_job()
    assert job is not None
    library.catalog.tell_job(job, 0.25, "one.mp4")
    assert 'value="0.25"' in client.get("/characters/job").text
    library.catalog.fail_job(job, CannotGoOn("The <disk> is full.", "Make room."))
    assert "The &lt;disk&gt; is full. Make room." in client.get("/characters").text


def test_a_card_shows_pictures_and_asks_who_it_is(client: FlaskClient) -> None:
    red = card(client.get("/characters").text, RED)
    assert red.count("<img ") == 3
    assert "of-3" in red
    assert "3 appearances · 6 s" in red
    assert f'action="/characters/{RED}/name"' in red


def test_a_name_is_known_everywhere_at_once(client: FlaskClient) -> None:
    answer = step(client, f"/characters/{RED}/name", names="tom")

    assert (answer.status_code, answer.location) == (303, f"/characters#group-{RED}")
    page = client.get("/characters").text
    assert '<a href="/?q=character:tom"><bdi>tom</bdi></a>' in card(page, RED)
    assert times(page) == ["tom 6 s"]
    assert "Undo: naming a group tom" in page
    assert "in 1 film" in client.get("/?q=character:tom").text
    assert "<bdi>tom</bdi>" in client.get("/video/1").text


def test_several_names_are_set_apart_by_commas_and_nobody_is_nobody(client: FlaskClient) -> None:
    step(client, f"/characters/{RED}/name", names=" tom,, jerry , tom")
    step(client, f"/characters/{BLUE}/name", names="nobody")
    page = client.get("/characters").text
    assert re.findall(r"<bdi>(.*?)</bdi>", card(page, RED)) == ["tom", "jerry"]
    assert times(page) == ["jerry 6 s", "tom 6 s"]
    assert "<bdi>nobody</bdi>" in card(page, BLUE)
    assert "character:nobody" not in page


def test_what_is_no_name_is_refused_with_a_sentence(client: FlaskClient, naming: Naming) -> None:
    refused = step(client, f"/characters/{RED}/name", names="tom\u202e")
    assert refused.status_code == 400
    assert 'role="alert"' in refused.text
    assert naming.screen_times() == []
    assert step(client, "/characters/99/name", names="tom").status_code == 404


def test_names_with_markup_are_shown_as_they_are_and_can_be_asked_for(client: FlaskClient) -> None:
    name = '<b>"tom" & (co)'
    step(client, f"/characters/{RED}/name", names=name)
    for path in ("/characters", f"/characters/{RED}", f"/characters/{BLUE}"):
        page = client.get(path).text
        assert '<b>"' not in page
        assert "&lt;b&gt;&#34;tom&#34; &amp; (co)" in page
    found = client.get("/", query_string={"q": question(name)}).text
    assert 'data-clip="1"' in found


def test_chosen_groups_join_the_first_and_one_alone_does_not(client: FlaskClient, naming: Naming) -> None:
    step(client, f"/characters/{RED}/name", names="tom")
    assert step(client, "/characters/merge", group=[RED, BLUE]).location == f"/characters#group-{RED}"
    assert naming.screen_times() == [("tom", 10.0)]
    assert step(client, "/characters/merge", group=[RED, RED, "x", 10**30]).status_code == 400


def test_a_group_shows_every_appearance_with_its_second_in_the_film(client: FlaskClient) -> None:
    page = client.get(f"/characters/{RED}").text
    leading_to = re.findall(r'<li id="appearance-\d+"><a href="([^"]*)"', page)
    assert leading_to == ["/video/1?t=0", "/video/1?t=2", "/video/1?t=10"]
    other = client.get("/characters/4").text
    assert "&lt;b&gt;two.mp4" in other
    assert client.get("/characters/99").status_code == 404


def test_chosen_appearances_become_a_group_whose_page_answers(client: FlaskClient, naming: Naming) -> None:
    _, appearances = naming.group(RED)
    answer = step(client, f"/characters/{RED}/split", f"/characters/{RED}", appearance=[appearances[2].id])
    assert answer.status_code == 303
    assert answer.location.endswith("#names")
    assert "1 appearance · 2 s" in client.get(answer.location).text
    assert step(client, f"/characters/{RED}/split", f"/characters/{RED}").status_code == 400


def test_one_appearance_is_moved_and_a_group_left_empty_leads_to_all(client: FlaskClient, naming: Naming) -> None:
    step(client, f"/characters/{RED}/name", names="tom")
    _, (one,) = naming.group(GREEN)
    here = f"/characters/{GREEN}"
    assert "tom (1)" in client.get(here).text
    assert step(client, f"{here}/move", here, appearance=one.id, to=RED).location == "/characters"
    assert naming.screen_times() == [("tom", 8.0)]
    assert client.get(here).status_code == 404
    assert step(client, f"/characters/{RED}/move", here, appearance=one.id).status_code == 400
    assert step(client, f"/characters/{RED}/move", here, appearance=10**30, to=BLUE).status_code == 400


def test_steps_are_taken_back_one_after_the_other(client: FlaskClient, naming: Naming) -> None:
    step(client, f"/characters/{RED}/name", names="tom")
    step(client, "/characters/merge", group=[RED, BLUE])
    assert "Undo: merging 2 groups" in client.get(f"/characters/{RED}").text
    assert step(client, "/characters/undo", f"/characters/{RED}").location == f"/characters/{RED}"
    assert naming.screen_times() == [("tom", 6.0)]
    step(client, "/characters/undo")
    page = client.get("/characters").text
    assert times(page) == []
    assert "Undo" not in page


def test_a_step_leads_back_to_where_its_form_was_and_never_elsewhere(client: FlaskClient) -> None:
    kept = step(client, f"/characters/{RED}/name", "/characters?show=unnamed&skip=60", names="tom")
    assert kept.location == f"/characters?show=unnamed&skip=60#group-{RED}"
    for elsewhere in ("/library", "/characters/99", "//evil.example/characters", "/charactersx"):
        assert step(client, "/characters/undo", elsewhere).location == "/characters"


@pytest.mark.parametrize("path", ["1/name", "merge", "1/split", "1/move", "undo", "group"])
def test_another_site_can_change_nothing(client: FlaskClient, library: Library, path: str) -> None:
    sent = {"names": "tom", "group": [RED, BLUE], "appearance": 1, "to": BLUE}
    refused = client.post(f"/characters/{path}", data=sent, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
    assert Naming(library).last_step() is None
    assert library.catalog.jobs() == []


def test_pictures_come_by_id_alone_and_are_sent_once(client: FlaskClient, library: Library) -> None:
    address = re.search(r'src="(/characters/pictures/1\.jpg\?[^"]+)"', client.get("/characters").text)
    assert address is not None
    first = client.get(address[1])
    assert (first.mimetype, first.cache_control.immutable) == ("image/jpeg", True)
    plain = client.get("/characters/pictures/1.jpg")
    assert plain.data == first.data
    assert plain.cache_control.no_cache
    again = client.get("/characters/pictures/1.jpg", headers={"If-None-Match": plain.headers["ETag"]})
    assert again.status_code == 304
    for missing in ("999", str(2**62), "..%2f..%2fcatalog"):
        assert client.get(f"/characters/pictures/{missing}.jpg").status_code == 404


@pytest.mark.slow
def test_groups_come_sixty_at_a_time_on_a_light_page(client: FlaskClient, library: Library, naming: Naming) -> None:
    add_many_groups(library, groups=130, appearances=12)
    unnamed = client.get("/characters?skip=60").text
    assert unnamed.count('<li id="group-') == GROUPS
    assert "61 to 120 of 134" in unnamed
    for number, group in enumerate(naming.groups()[:70]):
        naming.name(group.id, [f"character number {number}"])
    named, unnamed = client.get("/characters").text, client.get("/characters?show=unnamed").text
    assert named.count('class="rename"') == GROUPS
    assert unnamed.count("required autocomplete") == GROUPS
    assert "Not named 64" in unnamed
    assert max(map(len, (named.encode(), unnamed.encode()))) < 100_000


def test_the_groups_that_an_address_names_keep_its_order(client: FlaskClient) -> None:
    page = client.get(f"/characters?group={GREEN}&group={RED}&group=99&group=x").text
    assert re.findall(r'<li id="group-(\d+)"', page) == [str(GREEN), str(RED)]
    assert "4 groups of similar frames" in page


def test_a_library_that_can_only_be_read_has_no_forms(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Library, "writable", False)
    for path in ("/characters", f"/characters/{RED}"):
        page = client.get(path).text
        assert 'action="/characters/' not in page
        assert 'type="checkbox"' not in page


@given(st.lists(st.text(st.characters(exclude_characters=","), min_size=1).filter(lambda name: name == name.strip())))
def test_names_are_read_as_they_were_written(names: list[str]) -> None:
    assert read_names(", ".join(names)) == list(dict.fromkeys(names))


@given(total=st.integers(0, 500), skip=st.integers(0, 600))
def test_pages_lead_to_pages_that_hold_something(total: int, skip: int) -> None:
    earlier, later = turns(total, skip, 60)
    assert (earlier is not None) == (skip > 0 and total > 0)
    assert earlier is None or 0 <= earlier < min(skip, total)
    assert (later is not None) == (skip + 60 < total)


@given(st.integers(0, 12))
def test_a_card_is_always_filled(count: int) -> None:
    shown = tuple(Appearance(number, 1, 0.0, 1.0) for number in range(count))
    assert len(pictures(AppearanceGroup(1, (), count, 1.0, shown))) in {0, *MOSAICS}
