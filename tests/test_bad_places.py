"""Full disks, read-only disks, folders one may not read: a line with a cure, and nothing lost."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.films import draw_film

Mount = Callable[..., Path]


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Mount]:
    """`mount("-t", "tmpfs", "-o", "size=1m", "tmpfs")` mounts at a new folder until the test ends."""
    mounted: list[Path] = []

    def make(*words: object) -> Path:
        place = tmp_path / f"mount{len(mounted)}"
        place.mkdir()
        command = ["mount", *map(str, words), str(place)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"mounting is not allowed here: {done.stderr.strip()}")
        mounted.append(place)
        return place

    if os.geteuid() != 0:
        pytest.skip("mounting needs root")
    yield make
    for place in mounted:
        subprocess.run(["umount", str(place)], check=True)


@pytest.fixture
def films(tmp_path: Path) -> Path:
    for number in range(3):
        draw_film(tmp_path / "films" / f"{number}.mp4", "red", "blue")
    return tmp_path / "films"


def fill_up(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)


@pytest.mark.slow
def test_a_full_disk_ends_the_run_with_a_cure_and_keeps_what_was_stored(
    line: CommandLine, films: Path, mount: Mount
) -> None:
    library = mount("-t", "tmpfs", "-o", "size=1m", "tmpfs") / "library"
    assert line("--library", library, "index", films / "0.mp4", "--encoder", "fake").code == 0
    filler = library / "filler"
    with pytest.raises(OSError, match="space"):
        fill_up(filler)
    done = line("--library", library, "index", films, "--encoder", "fake")
    assert done.code == 3
    assert "full" in done.err
    assert "Free some space" in done.err
    filler.unlink()
    assert line("--library", library, "status", "--json").document["videos"]["indexed"] >= 1
    assert line("--library", library, "index", films, "--encoder", "fake").code == 0
    assert line("--library", library, "verify", "--json").document["clips"] == 6


def test_a_library_on_a_read_only_disk_answers_but_is_not_written(
    line: CommandLine, films: Path, tmp_path: Path, mount: Mount
) -> None:
    written = tmp_path / "written"
    assert line("--library", written, "index", films / "0.mp4", "--encoder", "fake").code == 0
    library = mount("--bind", "-o", "ro", written)
    assert line("--library", library, "search", "red", "--json").document["results"][0]["title"] == "0.mp4"
    assert line("--library", library, "status").code == 0
    for words in (["index", films, "--encoder", "fake"], ["forget", films / "0.mp4"]):
        done = line("--library", library, *words)
        assert done.code == 3
        assert "cannot be written" in done.err
        assert len(done.err.strip().splitlines()) == 2


def test_a_new_library_on_a_read_only_disk_is_refused(
    line: CommandLine, films: Path, tmp_path: Path, mount: Mount
) -> None:
    (tmp_path / "empty").mkdir()
    place = mount("--bind", "-o", "ro", tmp_path / "empty")
    done = line("--library", place / "library", "index", films, "--encoder", "fake")
    assert done.code == 3
    assert "cannot be made" in done.err


def test_a_library_whose_place_is_a_file_is_refused(line: CommandLine, films: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("words")
    done = line("--library", tmp_path / "file", "index", films, "--encoder", "fake")
    assert done.code == 3
    assert "cannot be made" in done.err


def test_a_library_of_a_newer_vsearch_is_refused_with_a_sentence(
    line: CommandLine, films: Path, tmp_path: Path
) -> None:
    library = tmp_path / "library"
    assert line("--library", library, "index", films, "--encoder", "fake").code == 0
    with sqlite3.connect(library / "catalog.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for words in (["index", films], ["search", "red"], ["status"], ["verify"], ["forget", films], ["serve"]):
        done = line("--library", library, *words)
        assert done.code == 3, words
        assert "newer vsearch" in done.err
