"""Takes the pictures of the README and the docs from the demo's library: `make screenshots`.

Needs Chromium and its driver. Usage: python docs/screenshots.py LIBRARY
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from selenium import webdriver

WIDE, PHONE = (1440, 900), (390, 844)


@dataclass(frozen=True)
class Picture:
    """One page as a window shows it."""

    file: str
    path: str
    size: tuple[int, int]
    scheme: str = "light"


PICTURES = (
    Picture("home.png", "", WIDE),
    Picture("search.png", "?q=an octopus in the snow", WIDE),
    Picture("search-dark.png", "?q=character:penguin|octopus", WIDE, "dark"),
    Picture("search-phone.png", "?q=an octopus in the snow", PHONE),
    Picture("film.png", "video/6?t=2&q=an octopus in the snow", WIDE),
    Picture("library.png", "library", WIDE),
    Picture("characters.png", "characters", WIDE),
)
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars")


@contextmanager
def serving(library: str) -> Iterator[str]:
    """The address of a server that is ready."""
    command = [sys.executable, "-m", "vsearch", "--library", library, "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            address = server.stderr.readline().split(" at ")[1].split()[0]
            while not json.load(urllib.request.urlopen(f"{address}api/health"))["ready"]:
                time.sleep(0.1)
            yield address
        finally:
            server.terminate()


@contextmanager
def open_browser() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    with tempfile.TemporaryDirectory() as profile:
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
        yield browser
        browser.quit()


def take(browser: webdriver.Chrome, site: str, picture: Picture) -> None:
    """Writes a picture beside this file."""
    width, height = picture.size
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    scheme = [{"name": "prefers-color-scheme", "value": picture.scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": scheme})
    browser.get(site + picture.path)
    time.sleep(1)
    browser.save_screenshot(str(Path(__file__).parent / picture.file))


if __name__ == "__main__":
    subprocess.run([sys.executable, "-m", "vsearch", "--library", sys.argv[1], "characters", "group"], check=True)
    with serving(sys.argv[1]) as site, open_browser() as browser:
        for picture in PICTURES:
            take(browser, site, picture)
