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


def test_it_can_end_by_itself_while_it_listens_for_the_end_of_stdin() -> None:
    code = "import time; from indexer.own_process import stop_with_stdin; stop_with_stdin(60); time.sleep(0.2)"
    with own_process.start(code, stdin=subprocess.PIPE) as process:
        assert process.wait(60) == 0


@pytest.mark.parametrize(
    ("heeds", "code"),
    [("signal.default_int_handler", "SIGINT"), ("signal.SIG_IGN", f"exit {own_process.INTERRUPTED}")],
)
def test_the_end_of_stdin_interrupts_it_and_ends_it_where_it_does_not_heed_that(heeds: str, code: str) -> None:
    words = (
        "import signal, time; from indexer.own_process import stop_with_stdin\n"
        "stop_with_stdin(0.5)\n"
        f"signal.signal(signal.SIGINT, {heeds})\n"
        "print('ready', flush=True); time.sleep(60)"
    )
    with own_process.start(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        process.stdin.close()
        assert own_process.how_it_ended(process.wait(30)) == code


def test_it_hears_interrupts_even_where_a_shell_had_them_ignored() -> None:
    code = (
        "import signal; from indexer.own_process import stop_with_stdin\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "stop_with_stdin(60)\n"
        "raise SystemExit(signal.getsignal(signal.SIGINT) is not signal.default_int_handler)"
    )
    with own_process.start(code, stdin=subprocess.PIPE) as process:
        assert process.wait(30) == 0
