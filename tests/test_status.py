"""What `vsearch status` says of classifiers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from search.catalog.records import FileFacts, NewVideo, Track, VideoState
from search.disk_use import size_of
from search.settings import read_settings
from tests.command_line import CommandLine
from tests.library_fixtures import make_library


@pytest.fixture
def _looked_at(tmp_path: Path) -> None:
    """The usual library: one film in which emotion and characters were looked for."""
    scores = np.zeros((2, 1), np.float32)
    tracks = [Track(kind, ("x",), "f00d", 1.0, 1.0, scores) for kind in ("emotion", "character")]
    with make_library(read_settings().library) as library:
        root = library.catalog.add_root(tmp_path)
        facts = FileFacts(1, 1, "x")
        library.catalog.save_video(NewVideo(root.id, "a.mp4", facts, VideoState.INDEXED, "r", tracks=tracks))
        library.catalog.set_meta(classifiers=json.dumps({"characters": "drawn"}))


@pytest.mark.usefixtures("_looked_at")
def test_status_names_what_was_looked_for_and_with_which_model(line: CommandLine) -> None:
    assert line("status", "--json").document["classifiers"] == [
        {"kind": "character", "model": "drawn", "videos": 1},
        {"kind": "emotion", "model": None, "videos": 1},
    ]
    assert "Looks for character (drawn), emotion" in line("status").out


@pytest.mark.usefixtures("_looked_at")
@pytest.mark.parametrize("name", ["proxies/1-f00d.mp4", "appearances/0/1.jpg", "background-f00d.npy"])
def test_status_counts_all_that_is_kept_for_the_library(line: CommandLine, name: str) -> None:
    before = line("status", "--json").document["bytes"]
    path = read_settings().library / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(1 << 20))

    assert line("status", "--json").document["bytes"] - before == pytest.approx(1 << 20, abs=1 << 16)


def test_files_that_go_meanwhile_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "there").write_bytes(b"four")

    assert size_of([tmp_path / "there", tmp_path / "gone"]) == 4


@pytest.mark.usefixtures("_looked_at")
def test_status_passes_over_emotion_where_it_is_switched_off(
    line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VSEARCH_NO_EMOTION", "1")

    assert [each["kind"] for each in line("status", "--json").document["classifiers"]] == ["character"]
