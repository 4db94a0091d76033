"""Completing names of the library in a shell: tags in a question, tags of `--tag`, saved searches."""

from __future__ import annotations

from collections.abc import Sequence

import click
from click.shell_completion import CompletionItem

from search.catalog.names import Names, read_names
from search.errors import VsearchError
from search.settings import read_settings


def complete_text(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """The question with its last word completed."""
    return [CompletionItem(line) for line in lines_like(incomplete, library_names(ctx))]


def complete_tag(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """`kind=label`, or `kind:label` where that was begun."""
    return [CompletionItem(tag) for tag in tags_like(incomplete, library_names(ctx).tags)]


def lines_like(incomplete: str, names: Names) -> list[str]:
    """The questions that begin so. A key that can go on does, so that a shell closes no quotation mark after it."""
    from search.language.completion import complete

    def longer(line: str) -> list[str]:
        found = [each.applied(line) for each in complete(line, len(line), names.tags, names.folders)]
        return [each for each in found if _bare(each).startswith(_bare(line))]

    found = longer(incomplete)
    return longer(found[0]) or found if len(found) == 1 and found[0].endswith(":") else found


def _bare(line: str) -> str:
    """Without case and quotation marks: `activity:pl` goes on as `activity:"playing drums"`."""
    return line.replace('"', "").lower()


def complete_saved(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Names of saved searches."""
    return [CompletionItem(name) for name in library_names(ctx).saved if name.startswith(incomplete)]


def tags_like(incomplete: str, tags: Sequence[tuple[str, str]]) -> list[str]:
    """The tags that begin so, whatever the case. Pure."""
    mark = ":" if ":" in incomplete else "="
    written = (f"{kind}{mark}{label}" for kind, label in tags)
    return [tag for tag in written if tag.lower().startswith(incomplete.lower())]


def library_names(ctx: click.Context) -> Names:
    """Of the library that the command line names so far, or of the usual one."""
    try:
        settings = read_settings()
        location = settings.locate(ctx.find_root().params.get("library"))
    except VsearchError:
        return Names()
    return read_names(location, no_emotion=settings.no_emotion)
