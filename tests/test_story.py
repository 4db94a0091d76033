"""The whole road, as the README tells it: draw films, index them, ask, in new processes, with the real `mini`."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
FILMS = 6


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with drawn films in `films` and a library of them in `library`."""
    place = tmp_path_factory.mktemp("story")
    vsearch(place, "samples", place / "films", "--count", FILMS, "--seed", 4711, "--size", "320x180")
    done = vsearch(place, "index", place / "films", "--encoder", "mini")
    assert done["videos"]["indexed"] == FILMS
    return place


def run(place: Path, *command: object) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"VSEARCH_LIBRARY": str(place / "library"), "VSEARCH_MODELS": str(place / "models")}
    words = [str(word) for word in command]
    return subprocess.run(words, env=environment, capture_output=True, text=True, timeout=250, check=False)


def vsearch(place: Path, *words: object) -> Any:
    done = run(place, sys.executable, "-m", "vsearch", *words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_indexing_again_finds_nothing_to_do(place: Path) -> None:
    videos = vsearch(place, "index", place / "films")["videos"]
    assert videos["unchanged"] == FILMS
    assert videos["indexed"] == videos["failed"] == 0


def test_most_captions_find_their_own_shot(place: Path) -> None:
    with (place / "films" / "captions.csv").open() as file:
        rows = list(csv.DictReader(file))
    found = 0
    for row in rows[::3]:
        results = vsearch(place, "search", row["caption"], "-k", 3)["results"]
        middle = (float(row["start"]) + float(row["end"])) / 2
        found += any(
            Path(hit["path"]).name == row["path"] and hit["start"] < float(row["end"]) and hit["end"] > middle - 2
            for hit in results
        )
    assert found >= 0.7 * len(rows[::3])


def test_a_cold_search_loads_no_tensorflow(place: Path) -> None:
    done = run(place, sys.executable, "-X", "importtime", "-m", "vsearch", "search", "a dog on the beach")
    assert done.returncode == 0, done.stderr
    assert not re.search(r"\| +(tensorflow|keras|cv2|av|alembic)\b", done.stderr)


def test_nothing_but_our_own_words_reaches_the_terminal(place: Path) -> None:
    done = run(place, sys.executable, "-m", "vsearch", "index", place / "films", "--retry")
    assert not re.search(r"tensorflow|absl|oneDNN|cuda|ffmpeg|\[h264|swscaler", done.stderr + done.stdout, re.I)


def test_the_python_of_the_readme_runs(place: Path) -> None:
    [code] = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    done = run(place, sys.executable, "-c", code)
    assert done.returncode == 0, done.stderr
    first = done.stdout.splitlines()[0].split()
    assert first[0] == "1"
    assert first[1] in ("strong", "possible", "weak")


def test_the_library_verifies_clean(place: Path) -> None:
    assert vsearch(place, "verify")["ok"] is True
    assert vsearch(place, "status")["videos"]["indexed"] == FILMS
