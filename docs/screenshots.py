"""Takes the pictures of the README from the demo's library: `make screenshots`.

Needs Chromium and its driver. Usage: python docs/screenshots.py LIBRARY
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver

QUESTION = "an octopus in the snow"
SIZES = {"search.png": (1440, 900), "search-phone.png": (390, 844)}
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


def take(address: str, target: Path, width: int, height: int) -> None:
    """A picture of a page as a window of this size shows it; phones have two pixels for one."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    with tempfile.TemporaryDirectory() as profile:
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        browser.get(address)
        time.sleep(1)
        browser.save_screenshot(str(target))
        browser.quit()


if __name__ == "__main__":
    with serving(sys.argv[1]) as site:
        for name, size in SIZES.items():
            take(f"{site}?{urllib.parse.urlencode({'q': QUESTION})}", Path(__file__).parent / name, *size)
