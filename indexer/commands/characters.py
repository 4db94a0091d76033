"""`vsearch characters group`, `groups`, `name`, `merge`, `split`, `move`, `undo` and `export`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from search.documents import json_option, print_document

if TYPE_CHECKING:
    from search.naming import Naming


@click.command()
@click.option("--wait", is_flag=True, help="Wait while another process indexes this library.")
@json_option
def group(wait: bool, as_json: bool) -> int:
    """Put similar frames of all films into groups, so that they can be named.

    Films are looked at once a second. Run it again after indexing: only what is new is looked at, and the groups that
    are there stay as they are.
    """
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn

    from indexer.grouping.run import group_appearances
    from search.answer import printable
    from search.library import open_library
    from search.progress_bar import counting_bar

    with (
        open_library() as library,
        counting_bar(TextColumn("looking at films"), BarColumn(), TaskProgressColumn()) as bar,
    ):
        done = group_appearances(library, wait=wait, told=lambda share, _words: bar(share, 1.0))
    for path, reason in done.failures:
        click.echo(f"{printable(str(path))}: {reason}", err=True)
    if as_json:
        failures = [{"path": printable(str(path)), "reason": reason} for path, reason in done.failures]
        counts = {"videos": done.videos, "appearances": done.appearances, "groups": done.groups}
        print_document({"schema": 1, **counts, "failures": failures, "interrupted": done.interrupted})
    else:
        click.echo(
            f"Looked at {done.videos:,} films; {done.groups:,} groups. `vsearch characters groups` lists them."
        )
        if done.interrupted:
            click.echo("interrupted: run the same command to go on", err=True)
    if done.interrupted:
        return 130
    return 1 if done.failures else 0


@click.command()
@click.argument("group_id", metavar="[GROUP]", type=int, required=False)
@click.option("--all", "every", is_flag=True, help="All of them, however many.")
@json_option
def groups(group_id: int | None, every: bool, as_json: bool) -> None:
    """List the groups, named ones first; of one GROUP the appearances."""
    from indexer.commands.characters_listing import list_appearances, list_groups
    from search.library import open_library
    from search.naming import Naming

    with open_library() as library:
        naming = Naming(library)
        if group_id is None:
            list_groups(naming, every=every, as_json=as_json)
        else:
            list_appearances(library, naming, group_id, every=every, as_json=as_json)


@click.command()
@click.argument("group_id", metavar="GROUP", type=int)
@click.argument("names", metavar="[NAME]...", nargs=-1)
@json_option
def name(group_id: int, names: tuple[str, ...], as_json: bool) -> None:
    """Say who is on all of a GROUP: one NAME, several, or nobody. Without a NAME it is open again.

    \b
    vsearch characters name 3 tom
    vsearch characters name 4 tom jerry
    vsearch characters name 5 nobody
    """
    with _opened() as naming:
        done = naming.name(group_id, [part for words in names for part in words.split(",")])
        _tell(naming, naming.last_step() if done else None, group_id, as_json)


@click.command()
@click.argument("into", metavar="GROUP", type=int)
@click.argument("others", metavar="OTHER...", nargs=-1, required=True, type=int)
@json_option
def merge(into: int, others: tuple[int, ...], as_json: bool) -> None:
    """Put all appearances of OTHER groups into GROUP, which keeps its names."""
    with _opened() as naming:
        done = naming.merge(into, others)
        _tell(naming, naming.last_step() if done else None, into, as_json)


@click.command()
@click.argument("group_id", metavar="GROUP", type=int)
@click.argument("appearances", metavar="APPEARANCE...", nargs=-1, required=True, type=int)
@json_option
def split(group_id: int, appearances: tuple[int, ...], as_json: bool) -> None:
    """Put appearances of a GROUP into a new one. `vsearch characters groups GROUP` lists them."""
    with _opened() as naming:
        made = naming.split(group_id, appearances)
        _tell(naming, naming.last_step(), made, as_json)


@click.command()
@click.argument("appearances", metavar="APPEARANCE...", nargs=-1, required=True, type=int)
@click.option("--to", "target", metavar="GROUP", required=True, type=int, help="The group that they come into.")
@json_option
def move(appearances: tuple[int, ...], target: int, as_json: bool) -> None:
    """Put appearances into another group."""
    with _opened() as naming:
        done = naming.move(appearances, target)
        _tell(naming, naming.last_step() if done else None, target, as_json)


@click.command()
@json_option
def undo(as_json: bool) -> None:
    """Take the last naming, merging, splitting or moving back; run it again for the one before."""
    with _opened() as naming:
        words = naming.undo()
        _tell(naming, words and f"took back {words}", None, as_json)


@click.command()
@click.argument("out", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@json_option
def export(out: Path, as_json: bool) -> int:
    """Write the named frames into DIR/frames, and DIR/labels.csv that says who is on them.

    \b
    vsearch characters export tomjerry
    vsearch train characters tomjerry/labels.csv --frames tomjerry/frames --out model
    """
    from indexer.commands.label import tell_labelled
    from indexer.grouping.export import export_named
    from search.library import open_library

    with open_library() as library:
        labelled = export_named(library, out)
    words = f"Wrote {labelled.frames} frames to {labelled.folder}, and {labelled.csv}."
    return tell_labelled(labelled, words, as_json=as_json)


@contextmanager
def _opened() -> Iterator[Naming]:
    from search.library import open_library
    from search.naming import Naming

    with open_library() as library:
        yield Naming(library)


def _tell(naming: Naming, words: str | None, group_id: int | None, as_json: bool) -> None:
    from indexer.commands.characters_listing import tell_step

    tell_step(naming, words, group_id, as_json=as_json)
