"""The site in a process of its own, with the fake encoder, for the tests that need a real server."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from search.library import Library

SERVER = """
import sys
from pathlib import Path
from search.library import open_library
from tests.fakes import FakeEncoder
from web.commands import address_of, listen, run_server

with open_library(Path(sys.argv[1]), encoder=FakeEncoder()) as library, listen("127.0.0.1", 0) as listener:
    print(address_of(listener), flush=True)
    sys.exit(run_server(library, listener))
"""


@contextmanager
def running(library: Library) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server of its own process, with the fake encoder; its address."""
    command = [sys.executable, "-c", SERVER, str(library.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def get(address: str | urllib.request.Request) -> bytes:
    with urllib.request.urlopen(address, timeout=10) as response:
        body: bytes = response.read()
        return body


def wait_until_ready(address: str) -> None:
    for _ in range(100):
        if json.loads(get(address + "api/health"))["ready"]:
            return
        time.sleep(0.1)
    pytest.fail("the server was never ready")
