"""The page of one film in a real browser: its timeline, names, words and parts move the player and follow it."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import pytest

from search.library import Library
from tests.browsing import browser, lightness, screen, severe, site, wait_for
from tests.film_library import DURATION, film_library
from web.film.timeline import WIDTH

pytestmark = pytest.mark.slow

__all__ = ["browser", "site"]  # fixtures

NOW = "document.querySelector('video').currentTime"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with film_library(tmp_path_factory.mktemp("film-browser")) as library:
        yield library


def open_film(browser: Any, address: str, width: int = 1440) -> None:
    screen(browser, width, 900)
    browser.get(address)
    wait_for(
        browser, "document.querySelector('video').readyState > 0 && document.getElementById('track')?.tabIndex === 0"
    )


def on_track(browser: Any, share: float, to: float | None = None) -> None:
    """Clicks at a share of the timeline's width, or drags from there to another."""
    from selenium.webdriver import ActionChains

    track = browser.find_element("id", "track")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", track)
    width, action = track.size["width"], ActionChains(browser)
    action.move_to_element_with_offset(track, round((share - 0.5) * width), 0)
    if to is None:
        action.click()
    else:
        action.click_and_hold().move_by_offset(round((to - share) * width), 0).release()
    action.perform()


def now(browser: Any) -> float:
    time.sleep(0.2)  # until the player has taken the place
    second: float = browser.execute_script(f"return {NOW}")
    return second


def head(browser: Any) -> float:
    """The second that the head of the timeline shows."""
    path: str = browser.find_element("id", "head").get_attribute("d")
    return int(path[1:].partition(" ")[0]) / WIDTH * DURATION


def test_a_click_on_the_timeline_takes_the_player_there_and_its_head_follows(browser: Any, site: str) -> None:
    open_film(browser, f"{site}video/1?t=1&q=red")
    on_track(browser, 0.5)
    assert now(browser) == pytest.approx(DURATION / 2, abs=0.05)
    assert head(browser) == pytest.approx(DURATION / 2, abs=0.05)
    assert f"t={DURATION / 2:.1f}"[:4] in browser.current_url
    browser.execute_script("document.querySelector('video').muted = true; document.querySelector('video').play()")
    wait_for(browser, f"{NOW} > {DURATION / 2 + 0.3}")
    browser.execute_script("document.querySelector('video').pause()")
    assert head(browser) == pytest.approx(now(browser), abs=0.3)
    assert severe(browser) == []


def test_names_lead_from_one_appearance_to_the_next(browser: Any, site: str) -> None:
    open_film(browser, f"{site}video/1")
    tom = "//ul[@class='names']//button[normalize-space()='tom']"
    browser.find_element("xpath", tom).click()
    assert now(browser) == pytest.approx(1.0, abs=0.05)
    browser.find_element("xpath", tom).click()
    assert now(browser) == pytest.approx(6.0, abs=0.05)
    browser.find_element("tag name", "body").send_keys("p")
    assert now(browser) == pytest.approx(1.0, abs=0.05)
    browser.find_element("tag name", "body").send_keys("n")
    assert now(browser) == pytest.approx(6.0, abs=0.05)
    browser.find_element("css selector", "[aria-label='Next: jerry']").click()
    assert now(browser) == pytest.approx(2.0, abs=0.05)


def test_the_timeline_can_be_used_with_the_keyboard_alone(browser: Any, site: str) -> None:
    from selenium.webdriver.common.keys import Keys

    open_film(browser, f"{site}video/1")
    track = browser.find_element("id", "track")
    track.send_keys(Keys.ARROW_RIGHT)
    assert now(browser) == pytest.approx(5.0, abs=0.05)
    track.send_keys(Keys.HOME)
    assert now(browser) == pytest.approx(0.0, abs=0.05)
    assert track.get_attribute("aria-valuetext") == "0:00"
    assert track.get_attribute("role") == "slider"


def test_the_words_said_lead_to_their_second_and_the_current_line_is_marked(browser: Any, site: str) -> None:
    open_film(browser, f"{site}video/1")
    browser.find_element("xpath", "//*[@id='words']//button[contains(., 'good night')]").click()
    assert now(browser) == pytest.approx(4.0, abs=0.05)
    marked = "document.querySelector('#words [aria-current]')?.textContent"
    assert "good night" in wait_for(browser, marked)
    browser.execute_script("document.querySelector('video').currentTime = 1")
    assert wait_for(browser, f"{marked}.includes('hello')")


def test_a_look_ahead_shows_the_picture_and_the_time_under_the_mouse(browser: Any, site: str) -> None:
    from selenium.webdriver import ActionChains

    open_film(browser, f"{site}video/1")
    track = browser.find_element("id", "track")
    ActionChains(browser).move_to_element(track).move_by_offset(3, 0).perform()
    time.sleep(0.5)
    ActionChains(browser).move_by_offset(2, 0).perform()
    assert wait_for(browser, "document.querySelector('.peek span').textContent") == "0:04"
    style = wait_for(browser, "document.querySelector('.peek i').style.backgroundPosition")
    assert style == "-480px 0px"


def test_zoom_magnifies_the_axis_and_keeps_the_head_in_sight(browser: Any, site: str) -> None:
    open_film(browser, f"{site}video/1?t=8")
    for _ in range(3):
        browser.find_element("css selector", "[aria-label='Zoom in']").click()
    assert (
        wait_for(
            browser, "document.getElementById('axis').clientWidth / document.getElementById('track').clientWidth"
        )
        > 7.9
    )
    box = "document.getElementById('track')"
    assert wait_for(browser, f"{box}.scrollLeft > 0.5 * {box}.clientWidth")
    assert not browser.find_element("css selector", "[aria-label='Zoom in']").is_enabled()
    on_track(browser, 0.5)
    assert now(browser) == pytest.approx(8.0, abs=0.4)


def test_a_part_chosen_on_the_timeline_is_saved_as_a_film_that_plays(browser: Any, site: str, tmp_path: Path) -> None:
    browser.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    open_film(browser, f"{site}video/1")
    on_track(browser, 0.25, 0.5)
    start, end = (browser.find_element("name", name).get_attribute("value") for name in ("start", "end"))
    assert (start, end) == ("0:02.4", "0:04.8")
    browser.find_element("css selector", "#part [value=mp4]").click()
    wait_for(browser, "document.getElementById('making').textContent === 'Saved with your downloads.'")
    for _ in range(50):
        if saved := list(tmp_path.glob("*.mp4")):
            break
        time.sleep(0.1)
    with av.open(io.BytesIO(saved[0].read_bytes()), "r") as container:
        assert len(list(container.decode(video=0))) == 24


def test_slow_motion_plays_in_the_page_and_too_long_a_part_is_refused_in_words(browser: Any, site: str) -> None:
    open_film(browser, f"{site}video/1")
    on_track(browser, 0.1, 0.2)
    browser.find_element("css selector", "#part [value=slow]").click()
    assert wait_for(browser, "document.querySelector('#slow video')?.duration") > 3
    on_track(browser, 0.1, 0.9)
    browser.find_element("css selector", "#part [value=slow]").click()
    assert "At most 3 seconds" in wait_for(
        browser, "document.getElementById('making').textContent.replace('Cutting it …', '')"
    )


def test_a_film_that_the_browser_cannot_play_gets_a_copy_by_itself_and_plays_it(browser: Any, site: str) -> None:
    screen(browser, 1440, 900)
    browser.get(f"{site}video/2?t=1")
    wait_for(browser, "!document.getElementById('proxy').hidden && document.querySelector('video').error")
    assert wait_for(browser, "document.querySelector('#proxy [role=status]').textContent").startswith(
        "It is being made"
    )
    wait_for(browser, "document.querySelector('video').videoWidth === 320")
    wait_for(browser, f"{NOW} >= 1")
    assert wait_for(browser, "document.getElementById('proxy').hidden")
    assert wait_for(browser, "document.querySelector('video').currentSrc").endswith("/proxies/2.mp4#t=1")


def test_without_javascript_a_name_leads_to_its_next_appearance(browser: Any, site: str) -> None:
    from selenium.webdriver.support.wait import WebDriverWait

    screen(browser, 1440, 900)
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(f"{site}video/1?t=1&q=red")
        browser.find_element("css selector", "[aria-label='Next: tom']").click()
        WebDriverWait(browser, 15).until(lambda _: browser.current_url.endswith("/video/1?q=red&t=6.0"))
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.mark.parametrize("path", ["video/1?t=2&q=red", "video/2"])
def test_a_phone_never_scrolls_sideways(browser: Any, site: str, path: str) -> None:
    screen(browser, 390, 844)
    browser.get(site + path)
    assert browser.execute_script("return document.documentElement.scrollWidth") == 390


def test_lanes_are_seen_on_dark_and_on_light(browser: Any, site: str) -> None:
    for scheme in ("light", "dark"):
        screen(browser, 1440, 900, scheme)
        browser.get(f"{site}video/1")
        fill = wait_for(browser, "getComputedStyle(document.querySelector('path.hue-0')).stroke")
        paper = wait_for(browser, "getComputedStyle(document.body).backgroundColor")
        assert abs(lightness(fill) - lightness(paper)) > 250
