"""What the forms of `/characters` ask for: each changes groups by one step and leads back to where the form was."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from indexer.jobs.asking import ask_for
from search.catalog.jobs import JobKind
from search.errors import NotFound, UsageError
from search.library import Library
from search.naming import Naming
from web.naming.facts import read_names

GROUP = "<int(max=9223372036854775807):group_id>"
"""In an address."""


def add_steps(blueprint: Blueprint, library: Library, naming: Naming) -> None:
    """Forms of this site alone may send them (`web/safety/security.py`)."""
    _add_steps_of_groups(blueprint, naming)
    _add_steps_of_appearances(blueprint, naming)

    @blueprint.post("/undo")
    def undo() -> ResponseReturnValue:
        naming.undo()
        return _back(naming)

    @blueprint.post("/group")
    def find() -> ResponseReturnValue:
        """Asks for a job that groups the frames of films that are in no group yet."""
        ask_for(library.catalog, JobKind.GROUP)
        return _back(naming)


def _add_steps_of_groups(blueprint: Blueprint, naming: Naming) -> None:
    @blueprint.post(f"/{GROUP}/name")
    def name(group_id: int) -> ResponseReturnValue:
        """The names in the field `names`, set apart by commas; none takes them away."""
        naming.name(group_id, read_names(request.form.get("names", "")))
        return _back(naming, f"group-{group_id}")

    @blueprint.post("/merge")
    def merge() -> ResponseReturnValue:
        """The chosen groups join the first of them."""
        into, *others = _chosen("group", at_least=2)
        naming.merge(into, others)
        return _back(naming, f"group-{into}")


def _add_steps_of_appearances(blueprint: Blueprint, naming: Naming) -> None:
    @blueprint.post(f"/{GROUP}/split")
    def split(group_id: int) -> ResponseReturnValue:
        """The chosen appearances become a group of their own, whose page answers."""
        made = naming.split(group_id, _chosen("appearance"))
        return redirect(url_for("naming.group", group_id=made, _anchor="names"), 303)

    @blueprint.post(f"/{GROUP}/move")
    def move(group_id: int) -> ResponseReturnValue:
        to = request.form.get("to", type=identity)
        if to is None:
            raise UsageError("There is no group to move them to.", "Choose one beside the button.")
        naming.move(_chosen("appearance"), to)
        return _back(naming, f"group-{group_id}")


def identity(text: str) -> int:
    """Raises ValueError for what is no id of a catalog."""
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise ValueError(text)
    return int(text)


def _chosen(field: str, at_least: int = 1) -> list[int]:
    """The ids that are ticked, each once. Raises UsageError for too few."""
    chosen = list(dict.fromkeys(request.form.getlist(field, type=identity)))
    if len(chosen) < at_least:
        raise UsageError(
            f"Too few are chosen: it takes {at_least} at least.", "Tick them first; Shift with a click ticks a row."
        )
    return chosen


def _back(naming: Naming, anchor: str = "") -> ResponseReturnValue:
    """To the page that the form was on; to all groups where that group has gone with the step."""
    home = url_for("naming.page")
    try:
        came_from = urlsplit(request.referrer or "")
    except ValueError:  # an address that is none
        return redirect(home, 303)
    found = re.fullmatch(rf"{re.escape(home)}(?:/([0-9]{{1,18}}))?", came_from.path)
    if found is None or (found[1] and not _exists(naming, int(found[1]))):
        return redirect(home, 303)
    query = f"?{came_from.query}" if came_from.query else ""
    return redirect(f"{came_from.path}{query}{'#' if anchor else ''}{anchor}", 303)


def _exists(naming: Naming, group_id: int) -> bool:
    try:
        naming.group(group_id, count=1)
    except NotFound:
        return False
    return True
