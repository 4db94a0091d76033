"""The rules by which a library makes segments of tracks: the usual ones, and what a person said instead."""

from __future__ import annotations

import dataclasses
import difflib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from classifiers.registry import default_rules
from classifiers.segments import Rule
from search.catalog.store import Catalog
from search.errors import UsageError

RULES = "rules"
"""Under this key the library remembers what a person said: JSON, `{kind: {field: value}}`."""
FIELDS = {field.name: field.type for field in dataclasses.fields(Rule)}


def read_rules(catalog: Catalog) -> dict[str, Rule]:
    """The rule of every kind, as it holds in this library."""
    return _changed(default_rules(), json.loads(catalog.meta(RULES) or "{}"))


def change_rules(catalog: Catalog, said: Sequence[str], *, reset: bool = False) -> dict[str, Rule]:
    """Remembers changes written `kind.field=value`, on top of those before (unless `reset`); the rules that now hold.

    Raises UsageError for a kind, field or value that makes no rule; nothing is remembered then.
    """
    changes: dict[str, dict[str, Any]] = {} if reset else json.loads(catalog.meta(RULES) or "{}")
    for words in said:
        kind, field, value = _parse(words)
        changes.setdefault(kind, {})[field] = value
    rules = _changed(default_rules(), changes)
    catalog.set_meta(**{RULES: json.dumps(changes)})
    return rules


def _parse(words: str) -> tuple[str, str, float | bool]:
    place, _, value = words.partition("=")
    kind, _, field = place.partition(".")
    _known(kind, list(default_rules()), "kind of tag")
    _known(field, list(FIELDS), "part of a rule")
    if FIELDS[field] == "bool":
        _known(value, ["true", "false"], "answer")
        return kind, field, value == "true"
    try:
        return kind, field, float(value)
    except ValueError as error:
        raise UsageError(f"{value[:40]!r} is no number.", f"Write for example {kind}.{field}=0.5.") from error


def _known(word: str, words: Sequence[str], what: str) -> None:
    if word in words:
        return
    near = difflib.get_close_matches(word, words, n=1)
    cure = f"Did you mean {near[0]}?" if near else f"Known are {', '.join(words)}."
    raise UsageError(f"There is no {what} {word[:40]!r}.", cure)


def _changed(rules: Mapping[str, Rule], changes: Mapping[str, Mapping[str, Any]]) -> dict[str, Rule]:
    try:
        return {kind: dataclasses.replace(rule, **changes.get(kind, {})) for kind, rule in rules.items()}
    except ValueError as error:
        raise UsageError(
            f"That makes no rule: {error}.", "`vsearch retag --json` shows the rules that hold."
        ) from error
