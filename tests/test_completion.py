"""Pressing Tab: commands, options, and the names of the library; quickly, and quietly where there is none."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from search.catalog.names import Names, read_names
from search.catalog.records import Segment
from search.location import Location
from search.saved import add_saved
from search.settings import CATALOG, NO_EMOTION, read_settings
from search.terminal.completion import lines_like, tags_like
from search.terminal.shells import SHELLS, completion_script, open_quote, quoted
from tests.command_line import CommandLine
from tests.library_fixtures import add_film, make_library
from vsearch import COMMANDS, cli

TAGS = [("activity", "playing drums"), ("character", "tom"), ("emotion", "happy"), ("emotion", "sad")]
HEAVY = {"tensorflow", "sqlalchemy", "numpy", "faiss", "rich", "flask", "prompt_toolkit"}


@pytest.fixture
def library() -> Path:
    """In the usual place; the folder it is in."""
    folder = read_settings().library
    with make_library(folder) as made:
        segments = [Segment(kind, label, 0.0, 1.0, 0.9) for kind, label in TAGS]
        add_film(made, "holiday/beach/a.mp4", ["red"], segments=segments)
        add_film(made, "b.mp4", ["blue"])
        add_saved(made, "reds", "red")
    return folder


def completed(*words: str) -> list[str]:
    *before, last = words
    return [item.value for item in ShellComplete(cli, {}, "vsearch", "").get_completions(before, last)]


def test_commands_and_groups_complete() -> None:
    assert completed("se") == ["search", "serve"]
    assert completed("saved", "") == ["add", "list", "run", "remove"]
    assert set(COMMANDS) <= set(completed(""))
    assert "--format" in completed("search", "--f")
    assert "m3u" in completed("search", "--format", "")


def test_the_tags_of_the_library_complete(library: Path) -> None:
    assert completed("search", "--tag", "emotion=") == ["emotion=happy", "emotion=sad"]
    assert completed("search", "--tag", "Emotion:H") == ["emotion:happy"]
    assert completed("search", "emotion:h") == ["emotion:happy"]
    assert completed("search", "dog emotion:s") == ["dog emotion:sad"]


def test_a_kind_goes_on_to_its_labels() -> None:
    assert lines_like("dog emo", Names(tuple(TAGS))) == ["dog emotion:happy", "dog emotion:sad"]
    assert lines_like("activity:pl", Names(tuple(TAGS))) == ['activity:"playing drums"']


def test_what_begins_nothing_completes_to_nothing() -> None:
    assert lines_like("dog zzz", Names(tuple(TAGS))) == []
    assert tags_like("zzz", TAGS) == []


def test_folders_and_saved_searches_complete(library: Path) -> None:
    assert completed("search", "in:hol") == ["in:holiday/beach/"]
    assert completed("saved", "run", "r") == completed("saved", "remove", "") == ["reds"]


def test_the_library_that_the_line_names_is_asked(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VSEARCH_LIBRARY", str(library / "none"))
    assert completed("search", "--tag", "emotion=h") == []
    assert completed("--library", str(library), "search", "--tag", "emotion=h") == ["emotion=happy"]


def test_kinds_that_are_switched_off_are_not_offered(library: Path) -> None:
    assert {kind for kind, _ in read_names(read_settings().location, no_emotion=True).tags} == {
        "activity",
        "character",
    }
    with make_library(library) as opened:
        opened.catalog.set_meta(**{NO_EMOTION: "1"})
    assert completed("search", "--tag", "emo") == []


def test_names_that_would_steer_a_terminal_are_not_offered(library: Path) -> None:
    with make_library(library) as opened:
        add_film(opened, "hol\nplain,x/a.mp4", ["red"], segments=[Segment("emotion", "h\x1b[2J", 0.0, 1.0, 0.9)])
    names = read_names(read_settings().location, no_emotion=False)
    assert (set(names.tags), names.folders) == (set(TAGS), ("holiday/beach/",))


def test_a_catalog_that_cannot_be_read_completes_to_nothing(tmp_path: Path) -> None:
    (tmp_path / CATALOG).write_bytes(b"no database" * 1000)
    assert read_names(Location(tmp_path), no_emotion=False) == Names()
    assert read_names(Location(tmp_path / "none"), no_emotion=False) == Names()


def test_completing_a_question_loads_nothing_heavy(library: Path) -> None:
    code = "import sys, vsearch\ntry: vsearch.run()\nexcept SystemExit: pass\nprint(*sys.modules, file=sys.stderr)"
    asked = {"_VSEARCH_COMPLETE": "zsh_complete", "COMP_WORDS": "vsearch search emotion:h", "COMP_CWORD": "2"}
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.argv = ['vsearch']\n{code}"],
        env=os.environ | asked,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["plain", "emotion:happy", "_"]
    assert not HEAVY & set(done.stderr.split())


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_has_a_script(line: CommandLine, shell: str) -> None:
    done = line("completion", shell)
    assert done.code == 0
    assert f"_VSEARCH_COMPLETE={shell}_complete" in done.out


def test_an_unknown_shell_is_refused(line: CommandLine) -> None:
    assert line("completion", "tcsh").code == 2


@pytest.mark.parametrize(
    ("line", "quote"),
    [("search dog", ""), ('search "dog', '"'), ("search 'it\"s", "'"), ('search "a" b', ""), ('search "a\\"', '"')],
)
def test_quotes_that_are_open_are_known(line: str, quote: str) -> None:
    assert open_quote(line) == quote


@pytest.mark.parametrize("quote", ["", "'", '"'])
@pytest.mark.parametrize("text", ["plain:text", 'a "b" c', "it's", "$HOME `ls` \\", "ünï*code?"])
def test_what_is_completed_is_the_word_that_was_meant(text: str, quote: str) -> None:
    typed = f"printf %s {quote}{quoted(text, quote)}{quote}"
    assert subprocess.run(["sh", "-c", typed], capture_output=True, text=True, check=True).stdout == text


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
@pytest.mark.parametrize(
    ("typed", "word", "replies"),
    [
        ("vsearch search --tag emotion=", "", ["happy", "sad"]),
        ("vsearch search --tag emotion=h", "h", ["happy"]),
        ("vsearch search emotion:", "", ["happy", "sad"]),
        ("vsearch search activity:pl", "pl", ["'\"playing drums\"'"]),
        ('vsearch search "dog emotion:h', "dog emotion:h", ["dog emotion:happy"]),
        ('vsearch search "activity:pl', "activity:pl", ['activity:\\"playing drums\\"']),
        ("vsearch search --form", "--form", ["--format"]),
        ("vsearch se", "se", ["search", "serve"]),
    ],
)
def test_bash_is_given_what_it_will_replace(
    library: Path, tmp_path: Path, typed: str, word: str, replies: list[str]
) -> None:
    """As Bash calls it: the words taken apart at `:` and `=`, and `$2` the part before the cursor."""
    script = completion_script(cli, "bash").replace("complete -o", "# complete -o")
    command = tmp_path / "vsearch"
    command.write_text(
        f"#!/bin/sh\nexec {sys.executable} -c \"import sys, vsearch; sys.argv = ['vsearch']; vsearch.run()\"\n"
    )
    command.chmod(0o755)
    call = (
        f"{script}\ncompopt() {{ :; }}\nCOMP_LINE={shlex.quote(typed)}; COMP_POINT=${{#COMP_LINE}}\n"
        f"_vsearch_completion {shlex.quote(str(command))} {shlex.quote(word)}\nprintf '%s\\n' \"${{COMPREPLY[@]}}\""
    )
    done = subprocess.run(["bash", "--norc", "-c", call], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines() == replies
