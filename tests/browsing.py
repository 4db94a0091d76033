"""A real browser and a running site, for the tests that need both. The module that imports `site` has a `library`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

from search.library import Library
from tests.site_server import running, wait_until_ready

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")

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


def axe_findings(browser: Any) -> list[tuple[str, str]]:
    """What axe has against the page as it is: the rule, and the first element that breaks it."""
    axe = files(pytest.importorskip("axe_core_python", reason="axe-core-python is not installed")) / "axe.min.js"
    browser.execute_script(axe.read_text())
    found = browser.execute_async_script("axe.run().then((found) => arguments[0](found.violations))")
    return [(one["id"], one["nodes"][0]["html"]) for one in found]


def severe(browser: Any) -> list[Any]:
    """What has gone wrong in the browser since it was asked last."""
    return [line for line in browser.get_log("browser") if line["level"] == "SEVERE"]


def lightness(colour: str) -> int:
    """0..765 of a computed `rgb(r, g, b)`."""
    return sum(map(int, colour[4:-1].split(",")))
