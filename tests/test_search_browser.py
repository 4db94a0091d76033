"""The answer in a real browser: its order, what narrows it, its further pages and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from search.catalog.records import FileFacts, NewClip, NewVideo, Segment, VideoFacts, VideoState
from search.library import Library
from tests.browsing import browser, screen, site, wait_for
from tests.library_fixtures import CLIP_SECONDS, make_library

pytestmark = pytest.mark.slow

__all__ = ["browser", "site"]  # fixtures

MOMENTS = "document.querySelectorAll('.moment').length"
NAMES = "[...document.querySelectorAll('.found > .moments > .moment .open')].map((one) => one.textContent)"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Seventy films of one clip; the even ones lie in sea/, every third is happy, a later number is an older film."""
    with make_library(tmp_path_factory.mktemp("search")) as library:
        for number in range(70):
            add_one(library, number)
        yield library


def add_one(library: Library, number: int) -> None:
    vector = np.random.default_rng(number).normal(size=library.spec.dim).astype(np.float32)
    name = f"{'sea' if number % 2 == 0 else 'snow'}/film_{number:03}.mp4"
    library.catalog.save_video(
        NewVideo(
            root_id=library.catalog.add_root(Path("/films")).id,
            relpath=name,
            file=FileFacts(1000, 1, name),
            state=VideoState.INDEXED,
            recipe="recipe",
            facts=VideoFacts(CLIP_SECONDS, 64, 48, 25.0, "h264", "mp4", taken_at=1e9 - number),
            clips=[NewClip(0.0, CLIP_SECONDS, vector)],
            segments=[Segment("emotion", "happy", 0.0, 1.0, 0.9)] if number % 3 == 0 else [],
        )
    )


def click(browser: Any, css: str) -> None:
    browser.execute_script("arguments[0].click()", browser.find_element("css selector", css))


def beside(browser: Any, name: str) -> int:
    """The number that stands beside a line of a facet."""
    choice = browser.find_element("xpath", f"//a[@class='choice'][bdi='{name}']/b")
    return int(choice.get_attribute("textContent").split()[0])


def headline(browser: Any) -> str:
    return str(browser.execute_script("return document.querySelector('.bar h1').textContent.trim()"))


def test_moments_are_put_into_another_order_with_a_click(browser: Any, site: str) -> None:
    screen(browser, 1440, 900)
    browser.get(f"{site}?q=red")
    best = browser.execute_script(f"return {NAMES}")
    browser.find_element("link text", "Film order").click()
    wait_for(browser, "location.search.includes('sort=film')")
    in_films = browser.execute_script(f"return {NAMES}")
    assert in_films[:3] == ["film_000.mp4", "film_002.mp4", "film_004.mp4"] != best[:3]
    browser.find_element("link text", "Newest").click()
    wait_for(browser, "location.search.includes('sort=newest')")
    assert browser.execute_script(f"return {NAMES}")[:3] == ["film_000.mp4", "film_001.mp4", "film_002.mp4"]
    box = browser.find_element("css selector", "#q")
    box.clear()
    box.send_keys("blue\n")
    wait_for(browser, "location.search.includes('q=blue')")
    assert "sort=newest" in browser.current_url
    browser.find_element("link text", "Best").click()
    wait_for(browser, "!location.search.includes('sort')")


@pytest.mark.parametrize("facet", ["happy", "sea/", "under 1 min"])
@pytest.mark.parametrize("question", ["red", "name:film&group=video", "-blue"])
def test_a_facet_leaves_as_many_as_stand_beside_it(browser: Any, site: str, question: str, facet: str) -> None:
    screen(browser, 1440, 900)
    browser.get(f"{site}?q={question}")
    before, count = headline(browser), beside(browser, facet)
    address = browser.current_url
    choice = browser.find_element("xpath", f"//a[@class='choice'][bdi='{facet}']")
    choice.click()
    wait_for(browser, "document.querySelector('.choice[aria-current]')")
    assert headline(browser).split()[0] == str(count)
    assert beside(browser, facet) == count
    browser.find_element("css selector", ".choice[aria-current]").click()
    wait_for(browser, "!document.querySelector('.choice[aria-current]')")
    assert (headline(browser), browser.current_url) == (before, address)


def test_chips_are_removed_with_the_keyboard_alone(browser: Any, site: str) -> None:
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    browser.get(f"{site}?q=red emotion:happy in:films")
    cross = browser.find_element("css selector", ".chip [aria-label='Remove in films']")
    browser.find_element("css selector", "#q").click()
    for _ in range(15):
        ActionChains(browser).send_keys(Keys.TAB).perform()
        if browser.switch_to.active_element == cross:
            break
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    wait_for(browser, "location.search === '?q=red+emotion:happy'")


@pytest.mark.parametrize("sort", ["best", "film", "newest"])
def test_no_moment_comes_twice_or_is_lost_while_films_come(
    browser: Any, site: str, library: Library, sort: str
) -> None:
    browser.get(f"{site}?q=red&sort={sort}")
    wanted = {str(clip_id) for clip_id in library.catalog.clip_ids().tolist()}
    for number in range(3):
        shown = browser.execute_script(f"return {MOMENTS}")
        more = browser.find_elements("css selector", "[data-more]")
        if not more:
            break
        add_one(library, 1000 + 10 * library.catalog.generation() + number)
        click(browser, "[data-more]")
        wait_for(browser, f"{MOMENTS} > {shown}")
    clips = browser.execute_script("return [...document.querySelectorAll('.moment')].map((one) => one.dataset.clip)")
    assert len(clips) == len(set(clips))
    assert set(clips) == wanted
    assert browser.find_element("css selector", ".note.changed").is_displayed()


def test_the_way_back_brings_every_moment_and_the_place(browser: Any, site: str) -> None:
    screen(browser, 1440, 900)
    browser.get(f"{site}?q=red&sort=film")
    click(browser, "[data-more]")
    wait_for(browser, f"{MOMENTS} === 48")
    target = browser.find_elements("css selector", ".moment")[45]
    browser.execute_script("arguments[0].scrollIntoView({ block: 'center' })", target)
    clip = target.get_attribute("data-clip")
    place = "document.querySelector(`[data-clip='${arguments[0]}']`)?.getBoundingClientRect().top"
    before = browser.execute_script(f"return {place}", clip)
    target.find_element("css selector", ".goto").click()
    wait_for(browser, "location.pathname.startsWith('/video/')")
    browser.back()
    wait_for(browser, f"{MOMENTS} === 48")
    wait_for(browser, "scrollY > 500")
    assert abs(browser.execute_script(f"return {place}", clip) - before) < 8


def test_a_frame_that_is_open_and_what_is_similar(browser: Any, site: str) -> None:
    browser.get(f"{site}?q=red")
    clip = browser.find_element("css selector", ".moment").get_attribute("data-clip")
    browser.find_element("css selector", ".similar").click()
    wait_for(browser, f"document.querySelector('.chip.like img')?.src.includes('/{clip}.jpg')")
    assert browser.find_elements("css selector", f".moment[data-clip='{clip}']") == []
