"""The page in a real browser: find, click, watch the moment."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from search.library import Library
from tests.library_fixtures import CLIP_SECONDS
from tests.site_library import site_library
from tests.site_server import running, wait_until_ready

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
pytestmark = pytest.mark.slow

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with site_library(tmp_path_factory.mktemp("browser")) as library:
        yield library


@pytest.fixture(scope="module")
def site(library: Library) -> Iterator[str]:
    with running(library) as (_, address):
        wait_until_ready(address)
        yield address


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        pytest.skip("chromium and chromedriver are not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield browser
    browser.quit()


def wait_for(browser: Any, script: str) -> Any:
    """The value of a JavaScript expression once it is true."""
    from selenium.webdriver.support.wait import WebDriverWait

    return WebDriverWait(browser, 15).until(lambda _: browser.execute_script(f"return {script}"))


def screen(browser: Any, width: int, height: int, scheme: str = "light") -> None:
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


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
    assert [line for line in browser.get_log("browser") if line["level"] == "SEVERE"] == []


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
        browser.get(f"{site}video/2")
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


@pytest.mark.parametrize("path", ["", "?q=red+frolicking", "?q=zorg", "?q=" + "a" * 300, "video/1?t=2"])
def test_a_phone_never_scrolls_sideways(browser: Any, site: str, path: str) -> None:
    screen(browser, 390, 844)
    browser.get(site + path)
    assert browser.execute_script("return document.documentElement.scrollWidth") == 390


def lightness(colour: str) -> int:
    """0..765 of a computed `rgb(r, g, b)`."""
    return sum(map(int, colour[4:-1].split(",")))


def test_dark_and_light_follow_the_system_and_stay_readable(browser: Any, site: str) -> None:
    for scheme in ("light", "dark"):
        screen(browser, 1440, 900, scheme)
        browser.get(f"{site}?q=red")
        style = "getComputedStyle(document.body)"
        paper, ink = (wait_for(browser, f"{style}.{name}") for name in ("backgroundColor", "color"))
        assert (lightness(paper) > lightness(ink)) == (scheme == "light")
        assert abs(lightness(paper) - lightness(ink)) > 450
