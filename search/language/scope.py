"""Which videos, and which part of them: `in:`, `name:`, `before:`, `on:` and the like, read and written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from search.language.errors import NotUnderstood
from search.language.times import DAY_EXAMPLES, TIME_EXAMPLES, read_days, read_time, write_days, write_time
from search.language.tokens import IN_QUOTES, Token
from search.language.tree import Scope
from search.language.words import is_bare, quoted

LONGEST_NAMED = 80


def read_scope(filters: Sequence[Token]) -> Scope:
    """What the filters of a line leave together. Raises NotUnderstood where one is no time, or leaves nothing."""
    scope = Scope(
        folders=tuple(token.value for token in filters if token.key == "in"),
        names=tuple(token.value for token in filters if token.key == "name"),
    )
    for token in filters:
        scope = _narrowed(scope, token)
        if against := _contradiction(scope):
            cure = "Ask for a stretch that has a beginning and a later end."
            raise NotUnderstood(f"Nothing is left: {against}", cure, token.start)
    return scope


def _narrowed(scope: Scope, token: Token) -> Scope:
    match token.key:
        case "after":
            return replace(scope, after=max(_time(token), scope.after or 0.0))
        case "before":
            return replace(scope, before=_least(_time(token), scope.before))
        case "longer":
            return replace(scope, longer=max(_time(token), scope.longer or 0.0))
        case "shorter":
            return replace(scope, shorter=_least(_time(token), scope.shorter))
        case "on" | "since" | "until":
            first, end = _days(token)
            if token.key != "until":
                scope = replace(scope, since=max(first, scope.since or date.min))
            return scope if token.key == "since" else replace(scope, until=min(end, scope.until or date.max))
    return scope


def _least(time: float, known: float | None) -> float:
    return time if known is None else min(time, known)


def _contradiction(scope: Scope) -> str | None:
    if scope.after is not None and scope.before is not None and scope.after >= scope.before:
        return f"after {write_time(scope.after)} and before {write_time(scope.before)} of a film"
    if scope.longer is not None and scope.shorter is not None and scope.longer > scope.shorter:
        return f"longer than {write_time(scope.longer)} and shorter than {write_time(scope.shorter)}"
    if scope.since is not None and scope.until is not None and scope.since >= scope.until:
        return f"taken since {scope.since} and until {scope.until - timedelta(days=1)}"
    return None


def _time(token: Token) -> float:
    time = read_time(token.value.strip())
    if time is None:
        raise _no_value(token, "time", TIME_EXAMPLES)
    return time


def _days(token: Token) -> tuple[date, date]:
    days = read_days(token.value.strip())
    if days is None:
        raise _no_value(token, "date", DAY_EXAMPLES)
    return days


def _no_value(token: Token, what: str, examples: str) -> NotUnderstood:
    cure = f"Write {examples} after {token.key}:. {IN_QUOTES}"
    return NotUnderstood(f"{token.value[:LONGEST_NAMED]!r} is no {what}", cure, token.value_start)


def write_scope(scope: Scope) -> Iterator[str]:
    """The filters that `read_scope` reads, one at a time."""
    yield from (f"in:{_written(folder)}" for folder in scope.folders)
    yield from (f"name:{_written(name)}" for name in scope.names)
    for key in ("after", "before", "longer", "shorter"):
        if (seconds := getattr(scope, key)) is not None:
            yield f"{key}:{write_time(seconds)}"
    yield from _write_days(scope.since, scope.until)


def _write_days(since: date | None, until: date | None) -> Iterator[str]:
    if since and until and (days := write_days(since, until)):
        yield f"on:{days}"
        return
    if since:
        yield f"since:{since}"
    if until:
        yield f"until:{until - timedelta(days=1)}"


def _written(text: str) -> str:
    return text if is_bare(text) else quoted(text)
