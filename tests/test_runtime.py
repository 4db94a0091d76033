from __future__ import annotations

import subprocess
import sys

import pytest

MAKE_A_LIBRARY = """
import sys, tempfile
from pathlib import Path
from search.errors import VsearchError
from search.library import open_library
from tests.fakes import FakeEncoder
try:
    open_library(Path(tempfile.mkdtemp()) / "library", encoder=FakeEncoder(), create=True).close()
    print("made")
except VsearchError as error:
    print(error.code, error)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("first", "outcome"),
    [
        ("from search import runtime; runtime.tensorflow()", "made"),
        ("import tensorflow", "library-unreachable The SQLite of this process has no full-text search."),
    ],
    ids=["by vsearch", "by the program itself"],
)
def test_tensorflow_loaded_first_leaves_the_catalog_whole_or_is_named(first: str, outcome: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", first + MAKE_A_LIBRARY], capture_output=True, text=True, timeout=120, check=False
    )

    assert run.stdout.strip().startswith(outcome), run.stderr
