"""The pages of characters in a real browser: name, merge, split, move and undo, and what follows at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from search.catalog.jobs import JobKind
from search.library import Library
from search.naming import Naming
from tests.browsing import axe_findings, browser, screen, severe, site, wait_for
from tests.library_fixtures import add_film, make_library
from tests.naming_library import BLUE, GREEN, RED, naming_library
from tests.site_server import running, wait_until_ready

pytestmark = pytest.mark.slow

__all__ = ["browser", "site"]  # fixtures

TIMES = "[...document.querySelectorAll('#times a')].map((one) => one.textContent).join()"
SAID = "document.getElementById('said').textContent"
FOCUSED = "document.activeElement.id"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with naming_library(tmp_path_factory.mktemp("naming-browser")) as library:
        yield library


@pytest.fixture(autouse=True)
def _as_it_was(library: Library) -> Iterator[None]:
    """Each test finds four groups without names."""
    yield
    naming = Naming(library)
    while naming.undo():
        pass


def open_page(browser: Any, address: str, width: int = 1440, scheme: str = "light") -> None:
    screen(browser, width, 900, scheme)
    browser.get_log("browser")  # of the tests before
    browser.get(address)
    browser.execute_script("window.sameDocument = true")


def stayed(browser: Any) -> bool:
    """Whether the page was never loaded again."""
    return bool(browser.execute_script("return window.sameDocument === true"))


def name_group(browser: Any, group: int, name: str) -> None:
    browser.find_element("id", f"names-{group}").send_keys(f"{name}\n")
    wait_for(browser, f"document.querySelector('#group-{group} h3')")


def choose(browser: Any, number: int, *, shift: bool = False) -> None:
    from selenium.webdriver import ActionChains, Keys

    box = browser.find_elements("css selector", ".pick input")[number]
    action = ActionChains(browser)
    if shift:
        action.key_down(Keys.SHIFT).click(box).key_up(Keys.SHIFT)
    else:
        action.click(box)
    action.perform()


def test_naming_with_the_keyboard_alone_goes_from_group_to_group(browser: Any, site: str) -> None:
    open_page(browser, f"{site}characters")
    name_group(browser, RED, "tom")
    assert wait_for(browser, TIMES) == "tom 6 s"
    assert wait_for(browser, SAID) == "Done: naming a group tom"
    assert wait_for(browser, FOCUSED) == f"names-{BLUE}"
    browser.switch_to.active_element.send_keys("tom, jerry\n")
    assert wait_for(browser, f"{TIMES} === 'tom 10 s,jerry 4 s'")
    assert stayed(browser)
    assert severe(browser) == []


def test_what_is_typed_for_one_group_is_there_still_when_another_is_named(browser: Any, site: str) -> None:
    open_page(browser, f"{site}characters")
    browser.find_element("id", f"names-{GREEN}").send_keys("jer")
    name_group(browser, RED, "tom")
    assert browser.find_element("id", f"names-{GREEN}").get_attribute("value") == "jer"


def test_names_given_already_complete_the_last_of_several(browser: Any, site: str) -> None:
    open_page(browser, f"{site}characters")
    name_group(browser, RED, "tom")
    browser.find_element("id", f"names-{BLUE}").send_keys("jerry, t")
    options = "[...document.getElementById('known').options].map((one) => one.value).join('|')"
    assert wait_for(browser, options) == "jerry, tom|jerry, nobody"


def test_a_name_is_changed_in_place_or_left_with_escape(browser: Any, site: str) -> None:
    from selenium.webdriver import Keys

    open_page(browser, f"{site}characters")
    name_group(browser, RED, "tom")
    browser.find_element("id", f"rename-{RED}").click()
    assert browser.switch_to.active_element.get_attribute("value") == "tom"
    browser.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert wait_for(browser, FOCUSED) == f"rename-{RED}"
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    browser.switch_to.active_element.send_keys("thomas", Keys.ENTER)
    assert wait_for(browser, f"{TIMES} === 'thomas 6 s'")
    assert stayed(browser)


def test_a_row_is_chosen_with_shift_merged_and_the_merge_taken_back(browser: Any, site: str) -> None:
    open_page(browser, f"{site}characters")
    name_group(browser, RED, "tom")
    assert not browser.find_element("id", "chosen").is_displayed()
    choose(browser, 0)
    choose(browser, 2, shift=True)
    assert browser.find_element("css selector", "#chosen span").text == "3 groups chosen"
    merge = browser.find_element("css selector", "#chosen button")
    assert merge.text == "Merge into tom"
    merge.click()
    assert wait_for(browser, f"{TIMES} === 'tom 14 s'")
    assert browser.execute_script("return document.querySelectorAll('#groups > li').length") == 2
    browser.find_element("id", "undo-step").click()
    assert wait_for(browser, f"{TIMES} === 'tom 6 s'")
    assert wait_for(browser, SAID) == "Taken back: merging 3 groups"
    assert wait_for(browser, FOCUSED) == "undo-step"
    browser.switch_to.active_element.click()
    wait_for(browser, "!document.getElementById('undo-step')")
    assert wait_for(browser, FOCUSED) == "heading"
    assert stayed(browser)


def test_an_appearance_is_split_off_and_another_moved(browser: Any, site: str, library: Library) -> None:
    from selenium.webdriver.support.select import Select

    Naming(library).name(BLUE, ["jerry"])
    open_page(browser, f"{site}characters/{RED}")
    choose(browser, 0)
    Select(browser.find_element("name", "to")).select_by_visible_text(f"jerry ({BLUE})")
    browser.find_element("xpath", "//button[.='Move']").click()
    assert wait_for(browser, f"{TIMES} === 'jerry 6 s'")
    assert browser.find_element("id", "facts").text.endswith("2 appearances · 4 s")
    assert stayed(browser)
    choose(browser, 1)
    browser.find_element("xpath", "//button[.='Split off as a new group']").click()
    wait_for(browser, "location.hash === '#names'")
    assert wait_for(browser, FOCUSED) == "names"
    browser.switch_to.active_element.send_keys("tom\n")
    assert wait_for(browser, f"{TIMES} === 'jerry 6 s,tom 2 s'")
    assert browser.find_element("id", "heading").text == "tom"
    assert severe(browser) == []


def test_a_group_that_is_left_empty_leads_back_to_all(browser: Any, site: str) -> None:
    open_page(browser, f"{site}characters/{GREEN}")
    choose(browser, 0)
    browser.find_element("xpath", "//button[.='Move']").click()
    wait_for(browser, "location.pathname === '/characters' && document.querySelectorAll('#groups > li').length === 3")


def test_what_is_refused_is_said_where_the_steps_are(browser: Any, site: str) -> None:
    open_page(browser, f"{site}characters")
    browser.find_element("id", f"names-{RED}").send_keys("nobody, tom\n")
    assert "nobody and somebody" in wait_for(browser, "document.getElementById('wrong').textContent")
    assert browser.find_element("id", "wrong").is_displayed()
    assert browser.find_element("id", f"names-{RED}").get_attribute("value") == "nobody, tom"


def test_an_appearance_opens_its_film_at_its_second(browser: Any, site: str) -> None:
    open_page(browser, f"{site}characters/{RED}")
    browser.find_elements("css selector", ".appearances a")[1].click()
    wait_for(browser, "location.pathname === '/video/1'")
    assert wait_for(browser, "document.querySelector('video').currentTime >= 2")


def test_everything_works_without_javascript(browser: Any, site: str) -> None:
    from selenium.webdriver.support.wait import WebDriverWait

    def wait_for_times(times: str) -> None:
        WebDriverWait(browser, 15).until(lambda _: browser.find_element("id", "times").text.split() == times.split())

    screen(browser, 1440, 900)
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(f"{site}characters")
        browser.find_element("id", f"names-{RED}").send_keys("tom\n")
        wait_for_times("tom 6 s")
        choose(browser, 0)
        choose(browser, 1)
        browser.find_element("css selector", "#chosen button").click()
        wait_for_times("tom 10 s")
        browser.find_element("id", "undo-step").click()
        wait_for_times("tom 6 s")
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_the_page_follows_the_grouping_and_shows_the_groups_when_it_has_ended(browser: Any, tmp_path: Path) -> None:
    with make_library(tmp_path) as library, running(library) as (_, address):
        add_film(library, "one.mp4", ["red"])
        wait_until_ready(address)
        open_page(browser, f"{address}characters")
        browser.find_element("css selector", "main .button").click()
        wait_for(browser, "document.querySelector('[data-going]')")
        job = library.catalog.claim_job()
        assert job is not None
        assert job.kind is JobKind.GROUP
        library.catalog.tell_job(job, 0.5, "one.mp4")
        wait_for(browser, "document.querySelector('#job progress')?.value === 0.5")
        library.catalog.finish_job(job, {})
        wait_for(browser, "document.querySelector('.first .button')")
        assert severe(browser) == []


@pytest.mark.parametrize("path", ["characters", f"characters/{RED}"])
def test_a_phone_never_scrolls_sideways(browser: Any, site: str, path: str) -> None:
    open_page(browser, site + path, 390)
    choose(browser, 0)
    assert browser.execute_script("return document.documentElement.scrollWidth") == 390
    steps = browser.find_element("css selector", ".steps").rect
    assert steps["x"] >= 0
    assert steps["x"] + steps["width"] <= 390


STATES = {
    "all groups": ("characters", ""),
    "groups that are chosen": (
        "characters",
        "document.querySelectorAll('.pick input').forEach((box) => box.click())",
    ),
    "a name that is changed": ("characters", "document.querySelector('.rename').click()"),
    "one group": (f"characters/{RED}", "document.querySelector('.pick input').click()"),
    "no groups of that kind": ("characters?show=named&group=99", ""),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_against_a_page(browser: Any, site: str, library: Library, state: str, scheme: str) -> None:
    Naming(library).name(BLUE, ["tom", "jerry"])
    path, script = STATES[state]
    open_page(browser, site + path, 1440 if scheme == "light" else 390, scheme)
    browser.execute_script(script)
    assert axe_findings(browser) == []
