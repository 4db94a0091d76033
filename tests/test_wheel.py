"""A built wheel carries all it needs, and nothing it should not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
NEEDED = (
    "vsearch.py",
    "search/background.txt",
    "search/py.typed",
    "search/catalog/migrations/env.py",
    "search/catalog/migrations/versions/0001.py",
    "search/encoders/configs/mini.json",
    "search/encoders/models/mini/saved_model.pb",
    "search/encoders/models/mini/text_tower/words.txt",
    "web/templates/search.html",
    "web/static/site.css",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, so that what lies about in the tree stays out."""
    place = tmp_path_factory.mktemp("wheel")
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if tracked.returncode:
        pytest.skip("no git checkout")
    for name in tracked.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (place / "source" / name).parent.mkdir(parents=True, exist_ok=True)
            (place / "source" / name).write_bytes((ROOT / name).read_bytes())
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(place),
        str(place / "source"),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return next(place.glob("*.whl"))


def test_it_holds_templates_migrations_and_weights(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        [metadata] = [name for name in names if name.endswith("METADATA")]
        text = archive.read(metadata).decode()
    assert set(NEEDED) <= names
    assert "License-Expression: Apache-2.0" in text
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/", "docs/"))]


def test_installed_elsewhere_it_draws_indexes_and_finds(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(site), str(wheel)]
    subprocess.run(pip, check=True, capture_output=True)
    environment = os.environ | {
        "PYTHONPATH": str(site),
        "VSEARCH_LIBRARY": str(tmp_path / "library"),
        "VSEARCH_MODELS": str(tmp_path / "models"),
    }

    def run(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-P", *words], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert run("-c", "import search.library; print(search.library.__file__)").startswith(str(site))
    run("-m", "vsearch", "samples", "films", "--count", "2", "--size", "160x90")
    run("-m", "vsearch", "index", "films", "--encoder", "mini")
    assert json.loads(run("-m", "vsearch", "search", "a dog", "-k", "1", "--json"))["count"] == 1
