"""`vsearch search --interactive`, at a keyboard that is a pipe."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from search.answer import Hit
from search.catalog.cues import FoundCue
from search.catalog.records import ClipRecord, Cue, Segment
from search.errors import CannotGoOn
from search.library import Library
from search.query import SearchRequest
from search.service import SearchService
from search.settings import read_settings
from search.terminal.interactive import Found, Screen, rows_of
from tests.command_line import CommandLine
from tests.library_fixtures import add_film, make_library

DOWN, UP, ENTER, CTRL_C, TAB = "\x1b[B", "\x1b[A", "\r", "\x03", "\t"
Keyboard = Callable[..., Screen]


@pytest.fixture
def library() -> Iterator[Library]:
    with make_library(read_settings().library) as made:
        for colour in ("red", "orange", "blue"):
            add_film(made, f"{colour}.mp4", [colour], segments=[Segment("emotion", "happy", 0.0, 1.0, 0.9)])
        yield made


@pytest.fixture
def keyboard(library: Library) -> Keyboard:
    """Types keys; before each, waits until a condition holds of the screen. The screen as it was at the end."""

    def type_all(*steps: tuple[Callable[[Screen], object], str], question: str = "") -> Screen:
        played: list[Hit] = []

        def play(hit: Hit) -> str:
            played.append(hit)
            return "a player"

        screen = Screen(SearchService(library), SearchRequest(question), show=play)
        with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
            typist = threading.Thread(target=press, args=(screen, keys, steps), daemon=True)
            typist.start()
            screen.run()
            typist.join(10)
        screen.played = played  # type: ignore[attr-defined]
        return screen

    return type_all


def press(screen: Screen, keys: PipeInput, steps: tuple[tuple[Callable[[Screen], object], str], ...]) -> None:
    for ready, text in steps:
        until = time.monotonic() + 20
        while not ready(screen) and time.monotonic() < until:
            time.sleep(0.01)
        keys.send_text(text)


def started(screen: Screen) -> object:
    return hasattr(screen, "application") and screen.application.is_running


def found(screen: Screen) -> object:
    return screen.found.hits


def completing(screen: Screen) -> object:
    state = screen.application.current_buffer.complete_state
    return state and len(state.completions) == 2


def says(words: str) -> Callable[[Screen], bool]:
    return lambda screen: words in screen.found.message


def test_moments_appear_while_typing_and_enter_plays_the_chosen_one(keyboard: Keyboard) -> None:
    screen = keyboard(
        (started, "red"), (found, DOWN), (lambda s: s.found.chosen == 1, ENTER), (says("a player"), CTRL_C)
    )
    [hit] = screen.played  # type: ignore[attr-defined]
    assert hit == screen.found.hits[1]
    assert screen.found.hits[0].clip.title == "red.mp4"


def test_the_question_of_the_command_line_is_asked_first(keyboard: Keyboard) -> None:
    assert keyboard((found, CTRL_C), question="blue").found.hits[0].clip.title == "blue.mp4"


def test_the_choice_stays_on_the_list(keyboard: Keyboard) -> None:
    screen = keyboard((started, "red"), (found, UP + DOWN * 50), (lambda s: s.found.chosen == 2, CTRL_C))
    assert screen.found.chosen == len(screen.found.hits) - 1


def test_a_question_that_cannot_be_answered_keeps_what_was_found(keyboard: Keyboard) -> None:
    screen = keyboard((started, "red"), (found, " emotion:nobody"), (says("nobody"), CTRL_C))
    assert screen.found.hits


def test_tab_completes_the_tags_of_the_library(keyboard: Keyboard) -> None:
    screen = keyboard((started, "emotion:h" + TAB), (found, CTRL_C))
    assert len(screen.found.hits) == 3


def test_enter_takes_the_completion_that_is_shown(keyboard: Keyboard, library: Library) -> None:
    add_film(library, "sad.mp4", ["blue"], segments=[Segment("emotion", "sad", 0.0, 1.0, 0.9)])
    steps = ((started, "emotion:" + TAB), (completing, TAB + TAB), (lambda s: len(s.found.hits) == 1, ENTER + CTRL_C))
    screen = keyboard(*steps)
    assert screen.found.hits[0].clip.title == "sad.mp4"
    assert screen.played == []  # type: ignore[attr-defined]


def test_a_question_that_is_taken_back_leaves_nothing(keyboard: Keyboard) -> None:
    screen = keyboard((started, "red"), (found, "\x15"), (lambda s: not s.found.hits, CTRL_C))
    assert screen.found == Found()


def test_leaving_twice_is_leaving(keyboard: Keyboard) -> None:
    keyboard((started, CTRL_C + CTRL_C))


def test_enter_plays_nothing_where_nothing_is_found(keyboard: Keyboard) -> None:
    screen = keyboard((started, ENTER + CTRL_C))
    assert screen.played == []  # type: ignore[attr-defined]


def test_a_player_that_does_not_start_is_a_line_on_the_screen(library: Library) -> None:
    def no_player(hit: Hit) -> str:
        raise CannotGoOn("No player was found.", "Install mpv.")

    screen = Screen(SearchService(library), SearchRequest("red"), show=no_player)
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        steps = ((found, ENTER), (says("Install mpv"), CTRL_C))
        threading.Thread(target=press, args=(screen, keys, steps), daemon=True).start()
        screen.run()
    assert screen.found.message == "No player was found. Install mpv."


def test_a_row_shows_a_name_without_obeying_it(library: Library) -> None:
    add_film(library, "\x1b[2Jred\u202e.mp4", ["red"])
    found = Found().after(SearchService(library).search(SearchRequest("red")))
    assert "\x1b" not in "".join(text for _, text, *_ in rows_of(found))


def test_words_that_were_asked_for_are_shown() -> None:
    clip = ClipRecord(7, 3, 5.0, 8.0, Path("/films/beach.mp4"), "beach.mp4")
    said = FoundCue(3, Cue(5.0, 6.0, "hello there", "beach.srt"), 1.0, ())
    rows = rows_of(Found((Hit(1, None, "possible", clip, (), cues=(said,)),)))
    assert "hello there" in "".join(text for _, text, *_ in rows)


def test_where_there_is_no_terminal_it_says_so(line: CommandLine, library: Library) -> None:
    done = line("search", "red", "--interactive")
    assert done.code == 2
    assert "needs a terminal" in done.err


@pytest.mark.slow
def test_ctrl_c_leaves_the_terminal_as_it_was(library: Library) -> None:
    """On a real terminal: its settings, and the screen before."""
    code = (
        "import sys\nfrom tests.fakes import FakeEncoder\nfrom search.library import open_library\n"
        "from search.service import SearchService\nfrom search.terminal.interactive import ask_interactively\n"
        "from search.query import SearchRequest\n"
        "ask_interactively(SearchService(open_library(encoder=FakeEncoder())), SearchRequest('red'))\n"
    )
    terminal, end = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 80))
    before = termios.tcgetattr(end)
    child = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=end,
        stdout=end,
        stderr=subprocess.PIPE,
        env=os.environ | {"TERM": "xterm"},
        cwd=Path(__file__).parent.parent,
    )
    shown = read_until(terminal, b"orange.mp4")
    os.write(terminal, b"\x03")
    shown += read_until(terminal, b"\x1b[?1049l")
    _, errors = child.communicate(timeout=30)
    assert (child.returncode, errors) == (0, b"")
    assert b"\x1b[?1049h" in shown
    assert shown.rindex(b"\x1b[?1049l") > shown.rindex(b"\x1b[?1049h")
    assert termios.tcgetattr(end) == before
    os.close(terminal)
    os.close(end)


def read_until(terminal: int, wanted: bytes, seconds: float = 60) -> bytes:
    seen = b""
    until = time.monotonic() + seconds
    while wanted not in seen and time.monotonic() < until:
        if select.select([terminal], [], [], 0.2)[0]:
            seen += os.read(terminal, 65536)
    assert wanted in seen, seen
    return seen


def test_a_narrow_screen_is_no_trouble(library: Library) -> None:
    class Narrow(DummyOutput):
        def get_size(self) -> Size:
            return Size(rows=3, columns=7)

    screen = Screen(SearchService(library), SearchRequest("red"))
    with create_pipe_input() as keys, create_app_session(input=keys, output=Narrow()):
        threading.Thread(target=press, args=(screen, keys, ((found, CTRL_C),)), daemon=True).start()
        screen.run()
    assert screen.found.hits
