"""Property-based: whatever is sent to the running server, it answers as its schema says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.site_library import site_library
from tests.site_server import running, wait_until_ready

CONFIG = Path(__file__).with_name("schemathesis.toml")


@pytest.mark.slow
@pytest.mark.parametrize(
    "settings", ["", '\n[parameters]\n"query.q" = "red"\n'], ids=["any question", "one question"]
)
def test_schemathesis_finds_nothing(tmp_path: Path, settings: str) -> None:
    """Made-up requests for every path, valid and not, alone and one after the other.

    Most questions that are made up are refused in words; so once more with one that is answered.
    """
    pytest.importorskip("schemathesis")
    config = tmp_path / "schemathesis.toml"
    config.write_text(CONFIG.read_text() + settings)
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run"]
    options = ["--max-examples", "25", "--seed", "1", "--no-color", "--suppress-health-check", "all"]
    with site_library(tmp_path) as library, running(library) as (_, address):
        wait_until_ready(address)
        ran = subprocess.run(
            [*command, f"{address}api/openapi.json", *options],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=False,
        )
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-1000:]
    assert "Selected: 12/12" in ran.stdout
