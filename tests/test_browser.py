"""The page in a real browser: find, click, watch the moment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from search.library import Library
from tests.browsing import axe_findings, browser, lightness, screen, severe, site, wait_for
from tests.library_fixtures import CLIP_SECONDS, add_different_films, make_library
from tests.site_library import site_library
from tests.site_server import running, wait_until_ready

pytestmark = pytest.mark.slow

__all__ = ["browser", "site"]  # fixtures


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with site_library(tmp_path_factory.mktemp("browser")) as library:
        yield library


def test_a_search_finds_and_a_click_plays_the_moment(browser: Any, site: str) -> None:
    screen(browser, 1440, 900)
    browser.get(site)
    box = browser.switch_to.active_element
    assert box.get_attribute("name") == "q"
    box.send_keys("yellow\n")
    wait_for(browser, "document.querySelector('.poster img')?.naturalWidth === 320")
    assert "?q=yellow" in browser.current_url
    browser.find_element("css selector", ".poster").click()
    at = wait_for(browser, "document.querySelector('video')?.currentTime")
    assert 3 * CLIP_SECONDS - 0.1 <= at <= 4 * CLIP_SECONDS + 0.3
    assert severe(browser) == []


def test_a_moment_is_played_again_at_its_end(browser: Any, site: str) -> None:
    browser.get(f"{site}?q=red")
    browser.find_element("css selector", ".poster").click()
    wait_for(browser, "document.querySelector('video')?.readyState > 2")
    browser.execute_script("document.querySelector('video').currentTime = arguments[0]", 2 * CLIP_SECONDS - 0.1)
    wait_for(browser, f"document.querySelector('video').currentTime < {1.5 * CLIP_SECONDS}")
    browser.execute_script("document.querySelector('video').currentTime = arguments[0]", 4 * CLIP_SECONDS)
    wait_for(browser, f"document.querySelector('video').currentTime > {4.3 * CLIP_SECONDS}")


def test_only_one_player_is_open_and_escape_closes_it(browser: Any, site: str) -> None:
    from selenium.webdriver.common.keys import Keys

    browser.get(f"{site}?q=red")
    first, second = browser.find_elements("css selector", ".poster")[:2]
    first.send_keys(Keys.ENTER)
    wait_for(browser, "document.querySelectorAll('video').length === 1")
    second.send_keys(Keys.ENTER)
    wait_for(browser, "document.querySelectorAll('.poster')[1].hidden")
    assert len(browser.find_elements("css selector", "video")) == 1
    browser.switch_to.active_element.send_keys(Keys.ESCAPE)
    wait_for(browser, "!document.querySelector('video')")
    assert browser.switch_to.active_element == second
    browser.switch_to.active_element.send_keys("/")
    assert browser.switch_to.active_element.get_attribute("name") == "q"


def test_a_film_that_is_gone_is_said_in_its_place(browser: Any, site: str, library: Library) -> None:
    film = Path(library.catalog.video(2).path)
    away = film.rename(film.with_suffix(".away"))
    try:
        browser.get(f"{site}?q=blue&k=1")
        browser.find_element("css selector", ".poster").click()
        words = "document.querySelector('.cannot')?.textContent"
        assert wait_for(browser, words) == "The file is not where it was indexed."
    finally:
        away.rename(film)


def test_without_javascript_the_film_opens_at_the_moment(browser: Any, site: str) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(f"{site}?q=white")
        browser.find_element("css selector", ".poster").click()
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert browser.current_url == f"{site}media/1#t=6.4,8.0"
    assert wait_for(browser, "document.querySelector('video').currentTime") >= 4 * CLIP_SECONDS - 0.1


PAGES = ["", "?q=red+frolicking", "?q=zorg", "?q=" + "a" * 300, "?q=red then white -blue", "?q=black emotion:happy"]


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_never_scrolls_sideways(browser: Any, site: str, path: str) -> None:
    screen(browser, 390, 844)
    browser.get(site + path)
    assert browser.execute_script("return document.documentElement.scrollWidth") == 390


def test_dark_and_light_follow_the_system_and_stay_readable(browser: Any, site: str) -> None:
    for scheme in ("light", "dark"):
        screen(browser, 1440, 900, scheme)
        browser.get(f"{site}?q=red")
        style = "getComputedStyle(document.body)"
        paper, ink = (wait_for(browser, f"{style}.{name}") for name in ("backgroundColor", "color"))
        assert (lightness(paper) > lightness(ink)) == (scheme == "light")
        assert abs(lightness(paper) - lightness(ink)) > 450


def press(browser: Any, *keys: str) -> None:
    for key in keys:
        browser.switch_to.active_element.send_keys(key)


def test_a_chip_is_removed_and_the_way_back_brings_it_again(browser: Any, site: str) -> None:
    screen(browser, 1440, 900)
    browser.get(f"{site}?q=black emotion:happy")
    browser.find_element("css selector", ".chip.tag a").click()
    wait_for(browser, "location.search === '?q=black'")
    browser.back()
    wait_for(browser, "document.querySelector('.chip.tag')")
    assert "emotion" in browser.current_url


def test_the_question_is_completed_with_the_keyboard_alone(browser: Any, site: str) -> None:
    from selenium.webdriver.common.keys import Keys

    browser.get(f"{site}?q=red")
    press(browser, "/", Keys.END, " emo")
    box = browser.switch_to.active_element
    wait_for(browser, "document.querySelectorAll('[role=option]').length === 1")
    assert (box.get_attribute("role"), box.get_attribute("aria-expanded")) == ("combobox", "true")
    box.send_keys(Keys.ARROW_DOWN)
    chosen = browser.find_element("css selector", "[role=option][aria-selected=true]")
    assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    box.send_keys(Keys.ENTER)
    wait_for(browser, "document.querySelector('[role=option] b')?.textContent === 'happy'")
    assert box.get_attribute("value") == "red emotion:"
    box.send_keys(Keys.ARROW_DOWN, Keys.ENTER)
    assert box.get_attribute("value") == "red emotion:happy "
    assert box.get_attribute("aria-expanded") == "false"
    box.send_keys(Keys.ENTER)
    wait_for(browser, "document.querySelector('.chip.tag')")


def test_a_facet_narrows_and_on_a_phone_it_lies_behind_a_button(browser: Any, site: str) -> None:
    screen(browser, 1440, 900)
    browser.get(f"{site}?q=black")
    browser.find_element("link text", "happy").click()
    wait_for(browser, "document.querySelectorAll('.moment').length === 1")
    screen(browser, 390, 844)
    browser.get(f"{site}?q=black")
    facet = browser.find_element("css selector", ".choice")
    assert not facet.is_displayed()
    browser.find_element("css selector", ".narrow").click()
    assert facet.is_displayed()
    assert browser.execute_script("return document.documentElement.scrollWidth") == 390


def hover(browser: Any, css: str) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    ActionChains(browser).move_to_element(browser.find_element("css selector", css)).perform()


def test_the_pointer_starts_a_silent_preview_of_one_moment(browser: Any, site: str) -> None:
    screen(browser, 1440, 900)
    browser.get(f"{site}?q=yellow")
    hover(browser, ".moment:nth-child(1) .poster")
    at = wait_for(browser, "document.querySelector('.preview.on')?.currentTime")
    assert 3 * CLIP_SECONDS - 0.1 <= at <= 4 * CLIP_SECONDS + 0.3
    assert browser.execute_script("return document.querySelector('.preview').muted")
    hover(browser, ".moment:nth-child(2) .poster")
    wait_for(browser, "document.querySelector('.moment:nth-child(2) .preview')")
    assert len(browser.find_elements("css selector", ".preview")) == 1
    hover(browser, ".bar h1")
    wait_for(browser, "!document.querySelector('.preview')")


def test_who_wants_no_motion_sees_no_preview(browser: Any, site: str) -> None:
    still = [{"name": "prefers-reduced-motion", "value": "reduce"}]
    browser.get(f"{site}?q=yellow")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": still})
    hover(browser, ".moment:nth-child(1) .poster")
    browser.execute_async_script("setTimeout(arguments[0], 600)")
    assert browser.find_elements("css selector", ".preview") == []
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_moments_are_walked_played_opened_and_likened_with_keys(browser: Any, site: str) -> None:
    from selenium.webdriver.common.keys import Keys

    screen(browser, 1440, 900)
    browser.get(f"{site}?q=red")
    press(browser, "j", "j", "k", "j")
    assert browser.switch_to.active_element == browser.find_elements("css selector", ".moment .open")[1]
    press(browser, " ")
    wait_for(browser, "document.querySelector('.moment:nth-child(2) video[controls]')")
    press(browser, Keys.ESCAPE)
    wait_for(browser, "!document.querySelector('video[controls]')")
    press(browser, "?")
    wait_for(browser, "document.querySelector('#help:popover-open')")
    press(browser, Keys.ESCAPE)
    wait_for(browser, "!document.querySelector('#help:popover-open')")
    press(browser, "f")
    wait_for(browser, "location.search.startsWith('?q=like:')")
    press(browser, "j", Keys.ENTER)
    wait_for(browser, "location.pathname.startsWith('/video/')")


def test_a_pasted_picture_is_the_question(browser: Any, site: str) -> None:
    browser.get(f"{site}?q=red")
    paste = """
        const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 36 });
        const pen = canvas.getContext("2d");
        pen.fillStyle = "rgb(0, 0, 255)";
        pen.fillRect(0, 0, 64, 36);
        canvas.toBlob((blob) => {
          const clipboardData = new DataTransfer();
          clipboardData.items.add(new File([blob], "pasted.png", { type: "image/png" }));
          document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
        });
    """
    browser.find_element("css selector", "#q").clear()
    browser.execute_script("document.querySelector('form.picture [name=q]').value = '';" + paste)
    wait_for(browser, "document.querySelector('.chip.like')?.textContent.includes('pasted.png')")
    assert browser.find_element("css selector", ".moment").get_attribute("data-clip") == "6"


def test_more_is_added_below_and_the_way_back_brings_it_again(browser: Any, tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        add_different_films(library, 60)
        with running(library) as (_, address):
            wait_until_ready(address)
            browser.get(f"{address}?q=longer:0s")
            more = browser.find_element("css selector", "[data-more]")
            browser.execute_script("arguments[0].click()", more)
            wait_for(browser, "document.querySelectorAll('.moment').length === 48")
            assert "k=48" in browser.current_url
            clips = "new Set([...document.querySelectorAll('.moment')].map((one) => one.dataset.clip)).size"
            assert browser.execute_script(f"return {clips}") == 48
            browser.find_element("css selector", ".moment:nth-child(30) .goto").click()
            wait_for(browser, "location.pathname.startsWith('/video/')")
            browser.back()
            wait_for(browser, "document.querySelectorAll('.moment').length === 48")
            browser.execute_script("document.querySelector('[data-more]').click()")
            wait_for(browser, "document.querySelectorAll('.moment').length === 60")
            assert browser.find_elements("css selector", "[data-more]") == []


TYPE = "const q = document.querySelector('#q'); q.focus(); q.value = 'emo'; q.dispatchEvent(new Event('input'))"
STATES = {
    "the first page": ("", ""),
    "an answer with chips": ("?q=black emotion:happy -sea", ""),
    "a chain": ("?q=red then white", ""),
    "films": ("?q=longer:0s&group=video", ""),
    "an error": ("?q=emotion:", ""),
    "completions": ("?q=red", TYPE),
    "help": ("?q=red", "document.querySelector('#help').showPopover()"),
    "a player": ("?q=red", "document.querySelector('.poster').click()"),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_against_a_page(browser: Any, site: str, state: str, scheme: str) -> None:
    path, script = STATES[state]
    screen(browser, 1440 if scheme == "light" else 390, 900, scheme)
    browser.get(site + path)
    browser.execute_script(script)
    if script == TYPE:
        wait_for(browser, "document.querySelector('[role=option]')")
    assert axe_findings(browser) == []
