"""`vsearch search --interactive`: moments while typing; Enter opens the one that the arrows chose."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.data_structures import Point
from prompt_toolkit.document import Document
from prompt_toolkit.filters import has_completions
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import BufferControl, Float, FloatContainer, FormattedTextControl, HSplit, Layout, Window
from prompt_toolkit.layout.menus import CompletionsMenu
from prompt_toolkit.layout.processors import BeforeInput

from search.answer import Hit, SearchAnswer
from search.catalog.names import read_names
from search.errors import UsageError, VsearchError
from search.printing import STRENGTH, clock, span, visible
from search.query import SearchRequest
from search.service import SearchService
from search.terminal.newest import NewestFirst
from search.terminal.player import open_moment

KEYS = "Up/Down choose   Enter play   Tab complete   Ctrl-C leave"
PAGE = 10


@dataclass(frozen=True)
class Found:
    """What the screen shows."""

    hits: tuple[Hit, ...] = ()
    chosen: int = 0
    message: str = "Describe a moment."

    def moved(self, by: int) -> Found:
        """With another moment chosen."""
        return replace(self, chosen=max(0, min(self.chosen + by, len(self.hits) - 1)))

    def after(self, answer: SearchAnswer | VsearchError) -> Found:
        """The best moment is chosen anew; what was found stays where a question cannot be answered."""
        if isinstance(answer, VsearchError):
            return replace(self, message=f"{answer.message} {answer.cure}")
        nothing = "Nothing like that here; the nearest:"
        return Found(answer.hits, message=nothing if answer.nothing and answer.hits else _count(len(answer.hits)))


class Names(Completer):
    """Completes the tags and folders of the library in the question."""

    def __init__(self, service: SearchService) -> None:
        self._library = service.library

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        from search.language.completion import complete

        names = read_names(self._library.location, no_emotion=bool(self._library.hidden_kinds))
        for found in complete(document.text, document.cursor_position, names.tags, names.folders):
            yield Completion(found.text, start_position=found.start - document.cursor_position)


@dataclass
class Screen:
    """The question, the moments below it, and a line that says how it stands."""

    service: SearchService
    request: SearchRequest
    """What is asked beside the question that is typed."""
    show: Callable[[Hit], str] = open_moment
    """Opens a hit; the name of what it was opened with."""
    found: Found = field(default_factory=Found)

    def run(self) -> None:
        """Until the person leaves; the terminal is then as it was."""
        answers = NewestFirst(self._answer, self._tell)
        line = Buffer(
            multiline=False,
            completer=Names(self.service),
            on_text_changed=lambda buffer: answers.ask(buffer.text),
        )
        self.application: Application[None] = Application(
            layout=Layout(self._parts(line)), key_bindings=self._keys(), full_screen=True
        )
        line.insert_text(self.request.text)
        try:
            self.application.run()
        finally:
            answers.close()

    def _answer(self, question: str) -> Found:
        if not question.strip():
            return Found()
        try:
            return self.found.after(self.service.search(replace(self.request, text=question, facets=False)))
        except VsearchError as error:
            return self.found.after(error)

    def _tell(self, _question: str, found: Found) -> None:
        self.found = found
        self.application.invalidate()

    def _move(self, by: int) -> None:
        self.found = self.found.moved(by)

    def _play(self) -> None:
        if not self.found.hits:
            return
        hit = self.found.hits[self.found.chosen]
        try:
            message = f"{visible(hit.clip.title)} at {clock(hit.start)}, in {self.show(hit)}."
        except VsearchError as error:
            message = f"{error.message} {error.cure}"
        self.found = replace(self.found, message=message)

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()
        for names, by in {("up", "c-p"): -1, ("down", "c-n"): 1, ("pageup",): -PAGE, ("pagedown",): PAGE}.items():
            for name in names:
                keys.add(name, filter=~has_completions)(lambda _, by=by: self._move(by))
        keys.add("enter", filter=~has_completions)(lambda _: self._play())
        keys.add("escape", filter=~has_completions)(_leave)
        for name in ("enter", "escape"):
            keys.add(name, filter=has_completions)(_take_completion)
        for name in ("c-c", "c-d"):
            keys.add(name)(_leave)
        keys.add("tab")(_complete)
        return keys

    def _parts(self, line: Buffer) -> FloatContainer:
        rows = FormattedTextControl(
            lambda: rows_of(self.found), get_cursor_position=lambda: Point(0, self.found.chosen), show_cursor=False
        )
        status = FormattedTextControl(lambda: f" {visible(self.found.message)}   {KEYS}")
        screen = HSplit(
            [
                Window(BufferControl(line, input_processors=[BeforeInput("? ", style="bold")]), height=1),
                Window(height=1, char="\u2500"),
                Window(rows),
                Window(status, height=1, style="reverse"),
            ]
        )
        return FloatContainer(screen, [Float(CompletionsMenu(max_height=12), xcursor=True, ycursor=True)])


def rows_of(found: Found) -> StyleAndTextTuples:
    """A line a moment; the chosen one stands out. Pure."""
    rows: StyleAndTextTuples = []
    for place, hit in enumerate(found.hits):
        style = "reverse" if place == found.chosen else ""
        notes = [f"\u201c{said.cue.words}\u201d" for said in hit.cues] + [
            f"{tag.kind}={tag.label}" for tag in hit.tags
        ]
        rows.append((style, f" {STRENGTH[hit.band]}  {span(hit.start, hit.end):<17}  {visible(hit.clip.title)}"))
        rows.append((f"{style} fg:ansibrightblack", f"  {visible('  '.join(notes))}\n"))
    return rows


def ask_interactively(service: SearchService, request: SearchRequest) -> None:
    """Begins with the question of `request`; what else it wishes holds for all that is typed.

    Raises UsageError where there is no terminal to type in.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("--interactive needs a terminal.", "Leave it out where nobody types.")
    Screen(service, request).run()


def _leave(event: KeyPressEvent) -> None:
    if not event.app.is_done:  # two keys may come at once
        event.app.exit()


def _take_completion(event: KeyPressEvent) -> None:
    event.current_buffer.complete_state = None


def _complete(event: KeyPressEvent) -> None:
    buffer = event.current_buffer
    if buffer.complete_state:
        buffer.complete_next()
    else:
        buffer.start_completion(insert_common_part=True)


def _count(hits: int) -> str:
    return "1 moment." if hits == 1 else f"{hits} moments." if hits else "Nothing found."
