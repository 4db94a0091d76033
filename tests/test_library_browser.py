"""The Library page and the first run in a real browser, while an indexing service does what the buttons ask for."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from indexer.jobs.asking import ask_for
from indexer.jobs.service import start_service
from search.catalog.jobs import JobKind, JobState
from search.library import Library
from tests import site_server
from tests.browsing import axe_findings, browser, lightness, screen, severe, site, wait_for
from tests.films import age, draw_film
from tests.indexing_service import library_for_service, slow_encoder_in_children, wait_until
from tests.site_server import running, wait_until_ready

pytestmark = pytest.mark.slow

__all__ = ["browser", "site"]  # fixtures

SECONDS_A_CLIP = 0.5
HEADING = "document.querySelector('h1').textContent"
KNOWN_COLOURS = """
import search.background
from search.asking import suggesting
search.background.sentences = lambda: ["cyan", "magenta", "grey", "green", "white", "black", "pink", "purple"]
suggesting.SENTENCES = "purple sea / red / blue"
"""
"""Run by the server: the fake encoder knows no other words."""


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Below it a folder `Videos` with a film that can be indexed and two that cannot."""
    home = tmp_path_factory.mktemp("home")
    draw_film(home / "Videos" / "Holiday" / "sunset.mp4", "red", "orange", "blue", seconds=3.2)
    for name in ("torn.mp4", "broken.mp4"):
        (home / "Videos" / name).write_bytes(b"\x00\x00\x00\x18ftypmp42" + bytes(100))
        age(home / "Videos" / name)
    return home


@pytest.fixture(scope="module")
def environment(films: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        slow_encoder_in_children(tmp_path_factory.mktemp("start") / "at-start", patch, SECONDS_A_CLIP)
        patch.setenv("VSEARCH_PLACES", str(films))
        patch.setattr(site_server, "SERVER", KNOWN_COLOURS + site_server.SERVER)
        yield


@pytest.fixture(scope="module")
def library(environment: None, films: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The films are indexed; a service does further jobs."""
    with (
        library_for_service(tmp_path_factory.mktemp("browser") / "library") as library,
        start_service(library.path, ()),
    ):
        ask_for(library.catalog, JobKind.INDEX, [films / "Videos"])
        wait_until(lambda: library.catalog.jobs()[0].ended)
        yield library


def newest_job(library: Library, after: int) -> int:
    """The id of the job that was asked for after another, once it is there."""
    wait_until(lambda: max(job.id for job in library.catalog.jobs()) > after)
    return max(job.id for job in library.catalog.jobs())


@pytest.fixture
def last_job(library: Library) -> int:
    """The id of the last job of the tests before, which have all ended."""
    wait_until(lambda: all(job.ended for job in library.catalog.jobs()))
    return newest_job(library, 0)


def wait_for_end(library: Library, job_id: int) -> None:
    wait_until(lambda: library.catalog.job(job_id).ended)


def pressed(browser: Any, name: str) -> None:
    """Clicks the link or the button with these words, or this name for who cannot see it."""
    path = f"//*[self::a or self::button or self::summary][normalize-space()='{name}' or @aria-label='{name}']"
    browser.find_element("xpath", path).click()


def test_the_first_run_leads_by_clicks_alone_to_a_moment_that_plays(
    browser: Any, environment: None, films: Path, tmp_path: Path
) -> None:
    screen(browser, 1440, 900)
    with (
        library_for_service(tmp_path / "library") as library,
        start_service(library.path, ()),
        running(library) as (_, address),
    ):
        wait_until_ready(address)
        browser.get(address)
        assert wait_for(browser, HEADING) == "Nothing is indexed yet"
        assert axe_findings(browser) == []
        pressed(browser, "Choose a folder of films")
        pressed(browser, films.name)
        pressed(browser, "Videos")
        assert "3 films" in browser.find_element("css selector", ".here").text
        pressed(browser, "Index Videos")
        wait_until(lambda: any(job.share is not None for job in library.catalog.jobs()))
        wait_for(browser, "document.querySelector('progress')?.hasAttribute('value')")
        assert wait_for(browser, HEADING) == "Your films are being indexed"
        wait_until(lambda: library.catalog.counts().clips)
        wait_for(browser, f"{HEADING}.startsWith('Ready')")  # nobody loads the page again
        picture = wait_for(browser, "document.querySelector('.first .films a')")
        assert picture.text == "red"
        assert axe_findings(browser) == []
        picture.click()
        browser.find_element("css selector", ".poster").click()
        assert wait_for(browser, "document.querySelector('video')?.currentTime") < 3.3
        assert "?q=red" in browser.current_url


def test_what_a_job_does_is_followed_without_loading_the_page_again(
    browser: Any, site: str, library: Library, films: Path, last_job: int
) -> None:
    screen(browser, 1440, 900)
    browser.get(f"{site}library")
    browser.execute_script("window.here = true")
    films_shown = "document.querySelector('.figures dd').textContent"
    assert wait_for(browser, films_shown) == "3"
    draw_film(films / "Videos" / "sea.mp4", *["blue", "cyan"] * 3, seconds=3.2)
    job = library.catalog.queue_job(JobKind.RESCAN, [str(films / "Videos")])
    wait_until(lambda: "sea.mp4" in library.catalog.job(job.id).words)
    wait_for(browser, "document.querySelector('#jobs progress:not([hidden])')")
    wait_for(browser, "document.querySelector('#jobs').innerText.includes('sea.mp4')")
    wait_for_end(library, job.id)
    wait_for(browser, f"{films_shown} === '4'")
    assert wait_for(browser, "document.getElementById('said').textContent.includes('done')")
    assert browser.execute_script("return window.here")


def test_a_page_that_comes_back_follows_by_one_stream(browser: Any, site: str, last_job: int) -> None:
    browser.get(f"{site}library")
    wait_for(browser, "performance.getEntriesByType('resource').some((one) => one.name.endsWith('library.js'))")
    wait_for(browser, "document.readyState === 'complete'")
    browser.execute_script("""
        window.opened = 0;
        window.EventSource = class extends EventSource {
          constructor(address) { super(address); window.opened += 1; }
        };
    """)
    comes = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })); return window.opened"
    assert browser.execute_script(comes) == 0
    browser.execute_script("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    assert browser.execute_script(comes) == 1
    assert browser.execute_script(comes) == 1


def test_a_running_job_is_cancelled_and_tried_again(
    browser: Any, site: str, library: Library, films: Path, last_job: int
) -> None:
    draw_film(films / "Videos" / "long.mp4", *["red", "blue"] * 12, seconds=3.2)
    browser.get(f"{site}library")
    pressed(browser, f"Rescan {films / 'Videos'}")
    job = newest_job(library, last_job)
    wait_until(lambda: library.catalog.job(job).state is JobState.RUNNING)
    wait_for(browser, f"document.getElementById('cancel-{job}')").click()
    wait_for_end(library, job)
    assert library.catalog.job(job).state is JobState.CANCELLED
    (films / "Videos" / "long.mp4").unlink()
    wait_for(browser, f"document.getElementById('retry_job-{job}')").click()
    again = newest_job(library, job)
    wait_for_end(library, again)
    assert library.catalog.job(again).state is JobState.DONE


def test_failures_stand_below_their_reason_and_one_is_tried_again(
    browser: Any, site: str, library: Library, films: Path, last_job: int
) -> None:
    browser.get(f"{site}library")
    group = browser.find_element("css selector", "#failures li")
    assert "2 films, failed" in group.text
    assert {"torn.mp4", "broken.mp4"} <= {line.rpartition("/")[2] for line in group.text.splitlines()}
    torn = draw_film(films / "Videos" / "torn.mp4", "yellow", seconds=2.0)
    pressed(browser, f"Retry {torn}")
    job = newest_job(library, last_job)
    wait_for_end(library, job)
    assert library.catalog.job(job).about == (str(torn),)
    wait_for(browser, "document.querySelector('#failures').innerText.includes('1 film, failed')")


def test_a_folder_is_forgotten_after_a_second_click_and_indexed_again_by_undo(
    browser: Any, site: str, library: Library, films: Path, last_job: int
) -> None:
    other = films / "Other"
    draw_film(other / "sun.mp4", "yellow", seconds=2.0)
    wait_for_end(library, ask_for(library.catalog, JobKind.INDEX, [other]).id)
    browser.get(f"{site}library")
    pressed(browser, f"Forget {other}")
    assert "files stay" in browser.find_element("css selector", "#roots details[open]").text
    browser.find_element("css selector", "#roots details[open] .button").click()
    forget = newest_job(library, last_job + 1)
    wait_for_end(library, forget)
    assert [root.path for root in library.catalog.roots()] == [films / "Videos"]
    assert (other / "sun.mp4").exists()
    wait_for(browser, f"document.getElementById('undo-{forget}')").click()
    wait_for_end(library, newest_job(library, forget))
    assert other in [root.path for root in library.catalog.roots()]


def test_the_keyboard_alone_chooses_a_folder(browser: Any, site: str, films: Path, last_job: int) -> None:
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.keys import Keys

    def tab_to(name: str) -> Any:
        for _ in range(60):
            ActionChains(browser).send_keys(Keys.TAB).perform()
            at = browser.switch_to.active_element
            if name in (at.text.strip(), at.get_attribute("aria-label")):
                return at
        pytest.fail(f"{name} was not reached")

    screen(browser, 1440, 900)
    browser.get(f"{site}library")
    wait_for(browser, "document.readyState === 'complete'")
    tab_to("Choose a folder of films").send_keys(Keys.ENTER)
    wait_for(browser, "location.pathname === '/library/folders'")
    tab_to(films.name).send_keys(Keys.ENTER)
    wait_for(browser, "location.search.startsWith('?at=')")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    tab_to("Videos")
    assert browser.execute_script(f"return {outline}") != "none"
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    wait_for(browser, "document.querySelector('.here h2')?.textContent === 'Videos'")
    assert tab_to("Index Videos").tag_name == "button"


PAGES = ["library", "library/begin", "library/folders", "library/folders?at={films}", "library/folders?at=/etc"]


@pytest.mark.parametrize("page", PAGES)
def test_a_phone_never_scrolls_sideways(browser: Any, site: str, films: Path, page: str) -> None:
    screen(browser, 390, 844)
    browser.get(site + page.format(films=films))
    time.sleep(0.2)
    assert browser.execute_script("return document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_and_light_and_dark_follow_the_system(
    browser: Any, site: str, films: Path, page: str, scheme: str
) -> None:
    screen(browser, 1440 if scheme == "light" else 390, 900, scheme)
    browser.get(site + page.format(films=films))
    browser.execute_script("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert axe_findings(browser) == []
    style = "getComputedStyle(document.body)"
    paper, ink = (wait_for(browser, f"{style}.{name}") for name in ("backgroundColor", "color"))
    assert (lightness(paper) > lightness(ink)) == (scheme == "light")
    said = [line["message"] for line in severe(browser)]
    assert [line for line in said if "404" not in line] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_light(browser: Any, site: str, films: Path, page: str) -> None:
    browser.get(site + page.format(films=films))
    wait_for(browser, "document.readyState === 'complete'")
    loaded = "[...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')]"
    sizes = browser.execute_script(f"return {loaded}.map((one) => [one.name, one.decodedBodySize])")
    assert sum(size for name, size in sizes if "/thumbnails/" not in name) < 100_000
