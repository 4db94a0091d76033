"""What a page is asked for: its address, read and written. The address is the whole state of the page."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, cast, get_args
from urllib.parse import urlencode

from flask import request, url_for
from werkzeug.datastructures import MultiDict

from search.errors import BadQuery
from search.language.labels import write_test
from search.language.tree import TagTest
from search.query import Group, SearchRequest, Sort, parse_tag

PAGE = 24
"""Moments that a page adds."""
MOST_SHOWN = 40
"""Moments that are sent at once; a page stays light."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The state of the search page."""

    line: str = ""
    """In the query language."""
    group: Group = "clip"
    sort: Sort = "best"
    skip: int = 0
    k: int = PAGE
    newest_clip: int | None = None
    """What came after this clip is left out, so that further pages fit to the first."""

    @property
    def is_empty(self) -> bool:
        return not self.line.strip()

    def to_request(self) -> SearchRequest:
        return SearchRequest(
            self.line, self.k, group=self.group, sort=self.sort, skip=self.skip, newest_clip=self.newest_clip
        )

    def address(self, **changes: Any) -> str:
        """The address of this state, or of it with changes: then from its first moment, unless they say where."""
        asked = replace(self, **({"skip": 0, "k": PAGE, "newest_clip": None} | changes)) if changes else self
        return url_for("pages.search", q=asked.line.strip() or None, **asked.beside())

    def list_address(self, kind: str) -> str:
        """The address of its moments as a file of this format."""
        return url_for("pages.as_list", q=self.line.strip() or None, format=kind, **self.beside())

    def beside(self) -> dict[str, Any]:
        """What an address says beside the line; only what is not usual."""
        said = {
            "group": "video" if self.group == "video" else "",
            "sort": self.sort if self.sort != "best" else "",
            "skip": str(self.skip) if self.skip else "",
            "k": str(self.k) if self.k != PAGE else "",
            "newest": "" if self.newest_clip is None else str(self.newest_clip),
        }
        return {name: value for name, value in said.items() if value}


def read_asked(args: MultiDict[str, str]) -> Asked:
    """The state that an address holds. Tags beside the line (`tag=`) become a part of it. Raises BadQuery."""
    group = args.get("group", "clip")
    if group not in get_args(Group):
        raise BadQuery(f"Moments cannot be grouped by {group[:20]!r}.", "Group them by clip or by video.")
    sort = args.get("sort", "best")
    if sort not in get_args(Sort):
        raise BadQuery(f"Moments cannot be sorted by {sort[:20]!r}.", "Sort them by best, film or newest.")
    tags = [parse_tag(tag) for tag in args.getlist("tag")]
    written = [write_test(TagTest(tag.kind, (tag.label,))) for tag in tags]
    joined = " OR ".join(written) if args.get("any", "0") not in ("", "0") else " ".join(written)
    return Asked(
        line=f"{args.get('q', '')} {joined}" if joined else args.get("q", ""),
        group="video" if group == "video" else "clip",
        sort=cast(Sort, sort),
        skip=_whole(args, "skip", 0),
        k=min(_whole(args, "k", PAGE), MOST_SHOWN),
        newest_clip=_whole(args, "newest", 0) if "newest" in args else None,
    )


def film_address(video_id: int, start: float, line: str = "") -> str:
    """The page of a film at a second, which still knows the question."""
    said = {"t": f"{start:g}", **({"q": line} if line.strip() else {})}
    return f"{request.script_root}/video/{video_id}?{urlencode(said, safe=':/')}"


def _whole(args: MultiDict[str, str], name: str, usual: int) -> int:
    written = args.get(name, str(usual))
    if not re.fullmatch(r"-?[0-9]{1,12}", written):
        raise BadQuery(f"{name} must be a whole number, not {written[:20]!r}.", f"Write for example {name}=48.")
    return int(written)
