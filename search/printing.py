"""Answers as a person reads them in a terminal."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from search.answer import Explanation, Hit, SearchAnswer, printable
from search.catalog.cues import FoundCue

STRENGTH = {"strong": "●●●", "possible": "●●○", "weak": "●○○"}
MISSING = "  (missing: not there, or empty, at the last look; what is known of it is kept)"
"""Said of a root."""


def clock(seconds: float) -> str:
    """75.2 → 1:15"""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def print_notes(answer: SearchAnswer) -> None:
    """What the person should know about the question, on stderr."""
    if answer.unknown_words:
        words = ", ".join(answer.unknown_words)
        click.echo(f"The encoder {answer.encoder_name} does not know: {words}", err=True)
    if answer.did_you_mean:
        click.echo(f"Did you mean: {visible(answer.did_you_mean)}", err=True)
    if not answer.hits:
        click.echo("Nothing found.", err=True)
    elif answer.nothing:
        click.echo("Nothing like that here; the nearest:", err=True)


def print_answer(answer: SearchAnswer) -> None:
    """A table of hits on stdout, notes on stderr."""
    print_notes(answer)
    if not answer.hits:
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("#", justify="right", style="dim")
    for name in ("match", "time", "film"):
        table.add_column(name, no_wrap=name != "film", overflow="fold")
    table.add_column("clip", justify="right", style="dim", no_wrap=True)  # what `export` and `similar` ask for
    for hit in answer.hits:
        times = [span(hit.start, hit.end), *(f"then {span(later.start, later.end)}" for later in hit.then)]
        table.add_row(str(hit.rank), STRENGTH[hit.band], "\n".join(times), "\n".join(_lines(hit)), str(hit.clip.id))
    _stdout().print(table)


def span(start: float, end: float) -> str:
    """Whole seconds that hold all of it, as on the site."""
    return f"{clock(start)} – {clock(math.ceil(end))}"


def _lines(hit: Hit) -> Iterator[str]:
    """What the table says of a hit, in Rich's markup."""
    yield escape(visible(hit.clip.path.as_posix()))
    if hit.tags:
        yield f"[dim]{escape('  '.join(f'{tag.kind}={tag.label}' for tag in hit.tags))}[/dim]"
    for found in hit.cues:
        yield f"“{_marked(found)}” [dim]{clock(found.cue.start)}[/dim]"
    more = [f"{count} more {what}" for count, what in ((hit.duplicates, "alike"), (hit.others, "in it")) if count]
    if more:
        yield f"[dim]{', '.join(more)}[/dim]"
    if hit.explanation:
        yield f"[dim]{_explained(hit.explanation)}[/dim]"


def _marked(found: FoundCue) -> str:
    """What is said, with the words that were asked for in bold."""
    parts, at = [], 0
    for start, end in found.marks:
        parts += [
            escape(visible(found.cue.words[at:start])),
            f"[bold]{escape(visible(found.cue.words[start:end]))}[/]",
        ]
        at = end
    return "".join([*parts, escape(visible(found.cue.words[at:]))])


def _explained(how: Explanation) -> str:
    parts = {
        "similarity": how.similarity and f"{how.similarity:.4g}",
        "minus": how.minus and f"{how.minus:.4g}",
        "above": how.standing is not None and f"{how.standing:.0%} of unrelated sentences",
        "seen": how.sight_rank and f"rank {how.sight_rank}",
        "said": how.words_rank and f"rank {how.words_rank}",
        "clips": " ".join(map(str, how.clip_ids)),
    }
    return ", ".join(f"{name} {value}" for name, value in parts.items() if value)


def print_tags(document: dict[str, Any]) -> None:
    if not document["tags"]:
        click.echo("No tags. `vsearch index --classifiers emotion,activity` finds some.", err=True)
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("tag")
    for name in ("videos", "clips", "time"):
        table.add_column(name, justify="right")
    for tag in document["tags"]:
        words = escape(f"{tag['kind']}={tag['label']}")
        table.add_row(words, f"{tag['videos']:,}", f"{tag['clips']:,}", clock(tag["seconds"]))
    _stdout().print(table)


def print_status(document: dict[str, Any], *, failures: bool) -> None:
    hours = document["film_seconds"] / 3600
    videos = document["videos"]
    click.echo(f"Library   {document['library']}  ({document['bytes'] / 1e6:.1f} MB)")
    click.echo(f"Encoder   {document['encoder']['name']}  {document['encoder']['fingerprint'][:12]}")
    if document["classifiers"]:
        click.echo("Looks for " + ", ".join(_classifier(each) for each in document["classifiers"]))
    states = ", ".join(f"{count} {state}" for state, count in videos.items() if count)
    click.echo(f"Videos    {states or 'none yet'}")
    click.echo(f"Clips     {document['clips']:,} from {hours:.2f} hours of film, index {document['index']}")
    for root in document["roots"]:
        click.echo(f"Root      {root['path']}{MISSING if root['missing'] else ''}")
    for failure in document["failures"] if failures else []:
        click.echo(f"{failure['state']:<9} {visible(failure['path'])}: {failure['reason']}")
    if document["failures"] and not failures:
        click.echo(f"{len(document['failures'])} are partial or failed: vsearch status --failures")


def _classifier(found: dict[str, Any]) -> str:
    return f"{found['kind']} ({visible(found['model'])})" if found["model"] else str(found["kind"])


def print_verification(document: dict[str, Any]) -> None:
    for problem in document["problems"]:
        click.echo(visible(problem["message"]))
    for complaint in document["mended"]:
        click.echo(f"Mended: {complaint}.")
    verdict = "All agrees." if document["ok"] else "Run `vsearch index` on its folders to take up what has changed."
    held = f"{counted(document['videos'], 'video')}, {counted(document['clips'], 'clip')}"
    click.echo(f"{held}, index {document['index']}. {verdict}")


def counted(count: int, noun: str) -> str:
    """Like `1 video` and `2,000 videos`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def visible(text: str) -> str:
    """A file name with its control and direction characters shown instead of obeyed."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in printable(text))


def _stdout() -> Console:
    width = shutil.get_terminal_size((160, 24)).columns
    return Console(width=max(width, 80), highlight=False)
