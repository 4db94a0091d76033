"""What is wrong with a line, and where."""

from __future__ import annotations

from search.errors import BadQuery


class NotUnderstood(BadQuery):
    """A line of the query language that cannot be read.

    `at` is the offset of the character that is wrong, from 0; the message counts from 1, as people do. `what` is a
    sentence without its full stop.
    """

    def __init__(self, what: str, cure: str, at: int) -> None:
        super().__init__(f"{what}, at character {at + 1}.", cure)
        self.at = at
