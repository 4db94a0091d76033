"""The command line as a whole: quick to answer, quiet, and honest about errors."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.command_line import CommandLine
from vsearch import COMMANDS, MODELS, cli

VSEARCH = [sys.executable, "-m", "vsearch"]
HEAVY = ("tensorflow", "keras", "faiss", "cv2", "av", "sqlalchemy", "flask", "numpy")


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*VSEARCH, *words], capture_output=True, text=True, timeout=60, check=False)


def loaded_by(*words: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "vsearch", *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in done.stderr.splitlines() if "|" in line}


def test_help_loads_nothing_heavy_and_costs_little_more_than_python_itself() -> None:
    assert not loaded_by("--help") & set(HEAVY)

    def seconds(*command: str) -> float:
        def once() -> float:
            """Of the processor, so that other tests beside this one do not count."""
            before = os.times()
            subprocess.run([sys.executable, *command], capture_output=True, check=True)
            after = os.times()
            return sum(after[2:4]) - sum(before[2:4])  # of the children: user and system

        return min(once() for _ in range(5))

    assert seconds("-m", "vsearch", "--help") < seconds("-c", "import click") + 0.2


def test_the_help_of_a_group_loads_nothing_heavy_either() -> None:
    assert not loaded_by("models", "--help") & set(HEAVY)


@pytest.mark.parametrize("name", list(MODELS))
def test_every_command_of_models_helps_in_the_words_of_the_list(name: str) -> None:
    group = cli.get_command(click.Context(cli), "models")
    assert isinstance(group, click.Group)
    command = group.get_command(click.Context(group), name)
    assert command is not None
    assert command.name == name
    assert command.get_short_help_str(limit=200) == MODELS[name][1]


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_is_found_and_helps(name: str, line: CommandLine) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.help, "a command without help"
    assert line(name, "--help").code == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_starts_in_a_process_of_its_own(name: str) -> None:
    assert run(name, "--help").returncode == 0


def test_no_floor_imports_the_roof() -> None:
    """import-linter holds the floors; a lone module like the roof it cannot see."""
    floors = [Path(name) for name in ("web", "indexer", "classifiers", "search")]
    files = [file for floor in floors for file in (Path(__file__).parent.parent / floor).rglob("*.py")]
    assert [file for file in files if re.search(r"^\s*(import|from) vsearch\b", file.read_text(), re.M)] == []


def test_an_unknown_command_exits_2_with_a_line() -> None:
    done = run("serach")
    assert done.returncode == 2
    assert "No such command" in done.stderr
    assert "Did you mean search?" in done.stderr


def test_errors_are_two_lines_and_no_traceback(tmp_path: Path) -> None:
    done = run("--library", str(tmp_path / "none"), "search", "dog")
    assert done.returncode == 3
    assert re.fullmatch(
        r"vsearch: There is no library in .*\n  Make one with `vsearch index FOLDER`.*\n", done.stderr
    )
    assert done.stdout == ""


def test_what_nobody_foresaw_is_two_lines_too(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object) -> None:
        raise RuntimeError("the wheel came off\nand rolled away")

    monkeypatch.setattr("search.library.open_library", break_down)
    done = line("jobs", "list")
    assert done.code == 3
    assert done.err == (
        "vsearch: Something broke: RuntimeError: the wheel came off\n  Run the command again with -v to see where.\n"
    )
    assert done.out == ""


@pytest.mark.slow
def test_verbose_shows_the_traceback(tmp_path: Path) -> None:
    done = run("-v", "--library", str(tmp_path / "none"), "search", "dog")
    assert "Traceback" in done.stderr


def test_a_closed_pipe_is_no_error() -> None:
    done = subprocess.run(
        f"{sys.executable} -m vsearch --help | head -n 1", shell=True, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("words", "cure"),
    [
        (("search", "dog", "--library", "films"), "It stands before the command: vsearch --library …"),
        (("search", "dog", "-snow"), "A question with a minus sign is put in quotation marks."),
    ],
)
def test_an_option_in_the_wrong_place_has_a_cure(words: tuple[str, ...], cure: str) -> None:
    done = run(*words)
    assert (done.returncode, done.stderr.splitlines()[-1].strip()) == (2, cure)
