"""`/library/folders`: choosing a folder of this machine, and who may."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flask import render_template, request

from indexer.finding.folder_list import (
    SHOWN,
    FilmCount,
    allowed_folder,
    described,
    list_folder,
    place_name,
    starting_places,
)
from indexer.finding.given import is_folder
from search.errors import UsageError, VsearchError
from search.settings import read_settings
from web.safety.security import host_name, is_loopback
from web.words import amount, turns


class NotFromHere(UsageError):
    """Something is asked for that only a person at this machine, or one who has logged in, may ask for."""

    code = "not-from-here"
    http_status = 403


class FolderChooser:
    """Shows the folders below the starting places, and says which folder a request may name."""

    def __init__(self, *, guarded: bool) -> None:
        """`guarded`: who gets here has shown the token of the server."""
        self._guarded = guarded

    def may_choose(self) -> bool:
        return self._guarded or from_this_machine()

    def may_type(self) -> bool:
        """Whether any folder may be named, also one outside the starting places."""
        return not self._guarded and from_this_machine()

    def page(self) -> str | tuple[str, int]:
        """What is in the folder `at`, after the first `skip` folders; without one the starting places."""
        self._require_chooser()
        return self.show(request.args.get("at", ""), max(0, request.args.get("skip", 0, type=int)))

    def show(
        self, inside: str, skip: int = 0, typed: str = "", error: VsearchError | None = None
    ) -> str | tuple[str, int]:
        """The page with an error, where there is one; what cannot be shown gives way to the starting places."""
        places, found = places_now(), None
        try:
            found = list_folder(inside, places, skip) if inside else None
        except VsearchError as refused:
            error = error or refused
        earlier, further = turns(found.total, skip, SHOWN) if found else (None, None)
        page = render_template(
            "folders.html",
            error=error,
            places=[(place_name(one.path), one) for one in described(places)] if found is None else [],
            found=found,
            earlier=earlier,
            further=further,
            typed=typed,
        )
        return (page, error.http_status) if error else page

    def named_folder(self, path: str) -> Path:
        """Raises NotFromHere (the answer says what is on the disk), UsageError for what is no folder that can be
        read, and NotFound for what is not offered to this visitor.
        """
        self._require_chooser()
        folder = Path(path)
        if not folder.is_absolute():
            raise UsageError("A folder is named by its whole path.", "It begins like /home/ada/Videos.")
        if not self.may_type():
            folder, _ = allowed_folder(path, places_now())
        if not is_folder(folder):
            raise UsageError(
                f"{path} is no folder that can be read.", "Check the spelling, or whether the disk is connected."
            )
        return folder

    def _require_chooser(self) -> None:
        if not self.may_choose():
            raise NotFromHere(
                "Only a browser on the machine itself may name a folder.", "Run `vsearch index FOLDER` there."
            )


def from_this_machine() -> bool:
    """Whether the request comes from a program on this machine, and not through a proxy on it."""
    forwarded = any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "Via"))
    near = is_loopback(request.remote_addr or "") and is_loopback(host_name(request.headers.get("Host", "")))
    return near and not forwarded


def places_now() -> Sequence[Path]:
    return starting_places(read_settings().places)


def counted(count: FilmCount | None) -> str:
    """What a page says of the films of a folder; empty where nothing is known of them."""
    if count is None:
        return "cannot be read"
    if not count.films:
        return "no films" if count.whole else ""
    return amount(count.films, "film") + ("" if count.whole else " or more")
