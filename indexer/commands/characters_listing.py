"""How groups of appearances are listed in a terminal, and as documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from search.answer import printable
from search.catalog.appearances import Appearance
from search.documents import print_document
from search.library import Library
from search.naming import AppearanceGroup, Naming
from search.printing import span, visible

SHOWN = 20
"""Groups, or appearances of one, that a terminal lists unless all are wanted."""


def list_groups(naming: Naming, *, every: bool, as_json: bool) -> None:
    """Named ones first."""
    found = naming.groups()
    if as_json:
        print_document({"schema": 1, "groups": [group_document(one) for one in found], **_times(naming)})
        return
    for one in found if every else found[:SHOWN]:
        click.echo(_line(one))
    _say_how_many(len(found), "groups", every)
    if not found:
        click.echo("No groups. `vsearch characters group` makes them.", err=True)


def list_appearances(library: Library, naming: Naming, group_id: int, *, every: bool, as_json: bool) -> None:
    """Of one group, by film and time. Raises NotFound."""
    one, members = naming.group(group_id, count=1 << 31)
    paths = library.catalog.paths(sorted({member.video_id for member in members}))
    members = [member for member in members if member.video_id in paths]  # a film may have gone meanwhile
    if as_json:
        print_document({"schema": 1, **group_document(one), "list": [_appearance(each, paths) for each in members]})
        return
    click.echo(_line(one))
    for member in members if every else members[:SHOWN]:
        shown = span(member.start, member.end)
        click.echo(f"{member.id:>8}  {shown:15}  {visible(paths[member.video_id].as_posix())}")
    _say_how_many(len(members), "appearances", every)


def tell_step(naming: Naming, words: str | None, group_id: int | None, *, as_json: bool) -> None:
    """What a step has done (None: nothing), in which group, and who is on screen for how long now."""
    if as_json:
        print_document({"schema": 1, "done": words, "group": group_id, **_times(naming)})
        return
    where = "" if group_id is None else f" (group {group_id})"
    nothing = "There is nothing to take back." if group_id is None else f"That changes nothing{where}."
    click.echo(f"Done: {words}{where}." if words else nothing)
    for name, seconds in naming.screen_times():
        click.echo(f"  {visible(name)}  {seconds:.1f} s")


def group_document(one: AppearanceGroup) -> dict[str, Any]:
    """A group as programs see it; seconds of film."""
    return {
        "id": one.id,
        "names": list(one.names),
        "appearances": one.appearances,
        "seconds": round(one.seconds, 3),
    }


def _appearance(one: Appearance, paths: Mapping[int, Path]) -> dict[str, Any]:
    span = {"start": round(one.start, 3), "end": round(one.end, 3)}
    return {"id": one.id, "video_id": one.video_id, "path": printable(str(paths[one.video_id])), **span}


def _times(naming: Naming) -> dict[str, Sequence[Any]]:
    return {"characters": [{"label": name, "seconds": round(time, 3)} for name, time in naming.screen_times()]}


def _line(one: AppearanceGroup) -> str:
    names = ", ".join(map(visible, one.names)) or "?"
    return f"{one.id:>6}  {one.appearances:>5,} appearances  {one.seconds:>8,.1f} s  {names}"


def _say_how_many(count: int, what: str, every: bool) -> None:
    if count > SHOWN and not every:
        click.echo(f"{SHOWN} of {count:,} {what}; --all lists all.", err=True)
