"""Python in a process of its own runs with this process's modules, and its end is told in words."""

from __future__ import annotations

import os
import signal
import subprocess

import pytest

from indexer import own_process


def test_it_finds_the_modules_of_its_parent_and_is_no_part_of_its_group() -> None:
    code = "import os; import indexer.own_process as own; print(own.__file__, os.getpgrp())"
    with own_process.start(code, stdout=subprocess.PIPE) as process:
        words, _ = process.communicate(timeout=60)
    file, group = words.decode().split()
    assert file == own_process.__file__
    assert int(group) == process.pid != os.getpgrp()


def test_what_it_says_by_itself_is_seen_only_with_v(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for verbose, seen in (("0", ""), ("1", "chatter\n")):
        monkeypatch.setenv("VSEARCH_VERBOSE", verbose)
        with own_process.start("import sys; sys.stderr.write('chatter\\n')") as process:
            process.wait(60)
        assert capfd.readouterr().err == seen


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("raise SystemExit(3)", "exit 3"),
        (f"import os; os.kill(os.getpid(), {int(signal.SIGKILL)})", "SIGKILL"),
    ],
)
def test_its_end_is_told_in_words(code: str, told: str) -> None:
    with own_process.start(code) as process:
        assert own_process.how_it_ended(process.wait(60)) == told
