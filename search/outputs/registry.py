"""The formats of an answer, by name: `vsearch search --format NAME`.

A new one is a function `(spans, question) -> text` and a line here; the contract test runs over it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import click

from search.documents import print_document

if TYPE_CHECKING:
    from search.answer import SearchAnswer
    from search.library import Library
    from search.outputs.span import Span

Writer: TypeAlias = "Callable[[Sequence[Span], str], str]"
"""Moments, best first, and the question as it was understood, to the text of a file."""

WRITERS = {
    "csv": "search.outputs.rows:write_csv",
    "edl": "search.outputs.edit_list:write_edl",
    "otio": "search.outputs.timeline:write_otio",
    "m3u": "search.outputs.playlist:write_m3u",
    "vtt": "search.outputs.chapters:write_vtt",
    "ffconcat": "search.outputs.concatenation:write_ffconcat",
}
"""Where each is; imported when used."""
FORMATS = ("table", "json", *WRITERS)

format_option = click.option(
    "--format",
    "format_name",
    type=click.Choice(FORMATS, case_sensitive=False),
    default="table",
    show_default=True,
    help="How to write what was found: for people, for programs, for editors and players.",
)


def writer(name: str) -> Writer:
    """The writer of this name."""
    module, _, function = WRITERS[name].partition(":")
    found: Writer = getattr(importlib.import_module(module), function)
    return found


def print_as(format_name: str, answer: SearchAnswer, library: Library) -> None:
    """The answer on stdout, in one of FORMATS; words about it, but for programs, on stderr."""
    if format_name == "json":
        print_document(answer.to_document())
    elif format_name == "table":
        from search.printing import print_answer

        print_answer(answer)
    else:
        from search.outputs.span import spans_of
        from search.printing import print_notes

        print_notes(answer)
        facts = library.catalog.facts({hit.clip.video_id for hit in answer.hits})
        text = writer(format_name)(spans_of(answer, facts), answer.understood)
        # Bytes, so that a file name that is no UTF-8 comes out as it is on the disk.
        click.echo(text.encode("utf-8", "surrogateescape"), nl=False)
