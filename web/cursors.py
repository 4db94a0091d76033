"""Cursors: where the next page begins, as an opaque word. Pure."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re

from search.errors import BadQuery


def write_cursor(about: str, *place: int) -> str:
    """The cursor of a place in the answer to the question `about`; the numbers are not negative."""
    words = ".".join([_digest(about), *map(str, place)])
    return base64.urlsafe_b64encode(words.encode()).decode().rstrip("=")


def read_cursor(cursor: str, about: str, size: int) -> tuple[int, ...]:
    """The place, `size` numbers, that a cursor of the same question names. Raises BadQuery for any other word."""
    try:
        words = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        words = ""
    found = re.fullmatch(rf"([0-9a-f]{{12}})((?:\.[0-9]{{1,18}}){{{size}}})", words, re.ASCII)
    if found is None:
        raise BadQuery("That is no cursor of this server.", "Take it from `next` of the page before, as it is.")
    if found[1] != _digest(about):
        raise BadQuery(
            "The cursor belongs to another question.", "Ask the same as on the page before, or leave the cursor out."
        )
    return tuple(int(number) for number in found[2][1:].split("."))


def _digest(about: str) -> str:
    return hashlib.blake2b(about.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
