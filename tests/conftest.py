"""Fixtures that many tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from indexer import choosing
from indexer.decoding import decode
from search.encoders import registry
from tests.command_line import CommandLine
from tests.decoding_here import ChildHere
from tests.fakes import FakeEncoder
from tests.postgresql_server import new_database
from tests.stores import IN_POSTGRESQL

# A machine that is busy with other tests is no fault of an example that takes long.
settings.register_profile("thorough", deadline=None)
settings.register_profile("quick", max_examples=20, deadline=None)
settings.load_profile("thorough")  # `make check` asks for the other


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of real films and labels, where this machine has one."""
    named = os.environ.get("VSEARCH_TEST_DATA", "")
    if not named or not Path(named).is_dir():
        pytest.skip("VSEARCH_TEST_DATA names no folder of real films")
    return Path(named)


@pytest.fixture(autouse=True)
def _own_places(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test touches a person's library or models, or minds how wide the terminal is."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("VSEARCH_LIBRARY", new_database() if IN_POSTGRESQL else str(home / "library"))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setenv("VSEARCH_MODELS", str(home / "models"))
    monkeypatch.setenv("VSEARCH_HUB", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for name in ("VSEARCH_VERBOSE", "VSEARCH_NO_EMOTION", "TFHUB_CACHE_DIR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _no_classifiers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests that index look for nothing in the films unless they say what."""
    monkeypatch.setattr(choosing, "DEFAULT", ())


@pytest.fixture
def decoding_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Films are decoded in this process: for tests of what is made of the frames."""
    monkeypatch.setattr(decode, "Child", ChildHere)


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """`line("search", "red")` runs `vsearch search red` in this process; `--encoder fake` is known."""
    registry.register("fake", lambda settings: FakeEncoder())
    return CommandLine(capsys, monkeypatch)
