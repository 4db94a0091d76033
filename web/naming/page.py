"""`/characters`: groups of similar frames, which a person names, merges, splits and puts right.

Each step is a plain form, after which the page is loaded again. `characters.js` sends the same forms, and then draws
anew what a step has changed, out of the page as it is now.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

from flask import Blueprint, Response, render_template, request

from search.errors import NotFound
from search.library import Library
from search.naming import Naming
from web.library.events import worker_shown
from web.media import thumbnail_response
from web.naming import facts as naming_facts
from web.naming.facts import APPEARANCES, Which, by_film, groups_shown, targets
from web.naming.steps import GROUP, add_steps, identity
from web.words import turns


def naming_page(library: Library, naming: Naming) -> Blueprint:
    """`/characters` and below it one group, the pictures, and the steps that forms ask for."""
    blueprint = Blueprint("naming", __name__, url_prefix="/characters")
    blueprint.add_app_template_filter(naming_facts.title, "group_title")
    blueprint.add_app_template_filter(naming_facts.pictures, "group_pictures")
    blueprint.add_app_template_filter(naming_facts.question, "character_question")
    add_steps(blueprint, library, naming)

    @blueprint.get("")
    def page() -> str:
        """`group=3&group=7` asks for these alone, in this order: what is on a page keeps its place there."""
        wanted = request.args.getlist("group", type=identity)
        shown = groups_shown(naming.groups(), _which(), _skip(), wanted)
        indexed = bool(library.catalog.counts().clips)
        return render_template("characters.html", shown=shown, indexed=indexed, **_facts(library, naming))

    @blueprint.get(f"/{GROUP}")
    def group(group_id: int) -> str:
        skip = _skip()
        told, appearances = naming.group(group_id, skip, APPEARANCES)
        return render_template(
            "character_group.html",
            group=told,
            films=[(library.catalog.video(film), those) for film, those in by_film(appearances)],
            skip=skip,
            turns=turns(told.appearances, skip, APPEARANCES),
            targets=targets(naming.groups(), group_id),
            **_facts(library, naming),
        )

    @blueprint.get("/job")
    def job() -> str:
        """How far the grouping is."""
        return render_template("naming_job.html", **_job(library))

    @blueprint.get("/pictures/<int(max=9223372036854775807):appearance_id>.jpg")
    def picture(appearance_id: int) -> Response:
        # The ids of appearances are never used again, so in one library each means one picture for good.
        forever = request.query_string.decode("latin-1") == library_key(library)
        return thumbnail_response(_jpeg(naming.picture(appearance_id), appearance_id), forever=forever)

    return blueprint


def library_key(library: Library) -> str:
    """A short word that another library would not have: pictures are kept under it."""
    return (library.catalog.meta("id") or "")[:6]


def _facts(library: Library, naming: Naming) -> dict[str, Any]:
    """What both pages show beside the groups."""
    return {
        "times": naming.screen_times(),
        "last": naming.last_step(),
        "key": library_key(library),
        **_job(library),
    }


def _job(library: Library) -> dict[str, Any]:
    return {"job": naming_facts.grouping(library.catalog.jobs()), **worker_shown(library)}


def _which() -> Which:
    which = request.args.get("show", "all")
    return which if which in get_args(Which) else "all"  # type: ignore[return-value]  # one of them


def _skip() -> int:
    return max(0, min(request.args.get("skip", 0, type=int), 10**9))


def _jpeg(path: Path | None, appearance_id: int) -> bytes:
    gone = NotFound(f"Appearance {appearance_id} has no picture.", "Run `vsearch characters group` again.")
    if path is None:
        raise gone
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise gone from None
