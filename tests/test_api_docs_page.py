"""The docs of the API in a real browser: read, and tried out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browsing import browser, severe, site, wait_for
from tests.test_browser import library

__all__ = ["browser", "library", "site"]
pytestmark = pytest.mark.slow


def test_an_operation_is_read_and_tried_out(browser: Any, site: str) -> None:
    browser.get(f"{site}api/docs")
    wait_for(browser, "document.querySelectorAll('.opblock').length >= 12")
    browser.find_element("css selector", "#operations-search-search .opblock-summary-control").click()
    wait_for(browser, "document.querySelector('.try-out__btn') !== null")
    browser.find_element("css selector", ".try-out__btn").click()
    wait_for(browser, "document.querySelector('.execute') !== null")
    browser.find_element("css selector", "input[placeholder='q']").send_keys("red")
    browser.find_element("css selector", ".execute").click()
    assert "sunrise.mp4" in wait_for(browser, "document.querySelector('.live-responses-table')?.textContent")
    assert severe(browser) == []
