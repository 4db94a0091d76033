"""The recipes of docs/api.md work as they are written."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from search.service import SearchService
from tests.site_library import jpeg, site_library
from tests.site_server import running, wait_until_ready
from tests.test_docs import command_at
from web.app import create_app

pytestmark = pytest.mark.slow  # a server

TEXT = (Path(__file__).parent.parent / "docs" / "api.md").read_text()
ADDRESS = "http://127.0.0.1:8765"
FENCE = "`" * 3


def recipes(language: str) -> list[str]:
    return re.findall(rf"{FENCE}{language}\n(.*?){FENCE}", TEXT, re.DOTALL)


def curls() -> list[str]:
    return [line[2:] for block in recipes("console") for line in block.splitlines() if line.startswith("$ curl")]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a running server, and a folder with the picture that the recipes ask with."""
    folder = tmp_path_factory.mktemp("recipes")
    with site_library(folder) as library, running(library) as (_, address):
        wait_until_ready(address)
        (folder / "car.jpg").write_bytes(jpeg("red"))
        yield address.rstrip("/"), folder


def run(words: list[str | Path], folder: Path) -> str:
    """What a command prints."""
    clean = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    ran = subprocess.run(words, cwd=folder, env=clean, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_every_line_of_curl_is_answered(place: tuple[str, Path]) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed")
    address, folder = place
    for line in curls():
        if "--url-query" in line and "--url-query" not in run([curl, "--help", "all"], folder):
            continue  # since curl 7.87
        words = [word.replace(ADDRESS, address) for word in shlex.split(line)[1:]]
        assert '"schema":1' in run([curl, "-sS", "--fail-with-body", *words], folder), line


@pytest.mark.parametrize("number", range(2))
def test_the_python_finds_the_film(place: tuple[str, Path], number: int) -> None:
    address, folder = place
    program = recipes("python")[number].replace(ADDRESS, address)
    if "requests" in program:
        pytest.importorskip("requests")
    assert "sunrise.mp4" in run([sys.executable, "-c", program], folder).splitlines()[0]


def test_the_javascript_finds_the_film(place: tuple[str, Path]) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    address, folder = place
    (folder / "ask.mjs").write_text(recipes("javascript")[0].replace(ADDRESS, address))
    assert "sunrise.mp4" in run([node, "ask.mjs"], folder)


def test_the_cron_job_is_made_of_commands_that_are_understood() -> None:
    (job,) = recipes("cron")
    commands = [part.partition(">")[0] for part in job.split("* ", 4)[-1].split(";")]
    assert len(commands) == 2
    for line in commands:
        command, words = command_at(shlex.split(line)[1:])
        command.parse_args(click.Context(command, help_option_names=["-h", "--help"]), list(words))


def test_every_path_of_the_table_is_there_and_none_is_missing(tmp_path: Path) -> None:
    with site_library(tmp_path) as library:
        schema = create_app(SearchService(library)).test_client().get("/api/openapi.json").get_json()
    table = TEXT.partition("|---|---|\n")[2].partition("\n\n")[0]
    assert set(re.findall(r"/api/[\w/{}]+", table)) == set(schema["paths"])
