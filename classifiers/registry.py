"""The classifiers by name: where each is, the kind of its tags, and the rule that makes segments of its scores.

A new classifier is a module with a factory and an entry here; `tests/contracts/test_classifier_contract.py` runs over
it.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import dataclass

from classifiers.contracts import Choices, Classifier
from classifiers.segments import Rule


@dataclass(frozen=True, slots=True)
class Entry:
    """One classifier."""

    name: str
    """As a person writes it after `--classifiers`."""
    kind: str
    """The kind of its tags."""
    factory: str
    """`module:function`, called with Choices."""
    rule: Rule
    """How segments are made of its tracks unless the person says otherwise."""


ENTRIES = {
    entry.name: entry
    for entry in (
        Entry(
            "emotion",
            kind="emotion",
            factory="classifiers.emotion.classifier:open_emotion",
            rule=Rule(smooth=3.0, enter=0.5, leave=0.35, min_seconds=1.0, max_gap=2.0, exclusive=True),
        ),
        Entry(
            "activity",
            kind="activity",
            factory="classifiers.activity.classifier:open_activity",
            rule=Rule(smooth=0.0, enter=0.4, leave=0.25, exclusive=True),
        ),
        Entry(
            "characters",
            kind="character",
            factory="classifiers.characters.classifier:open_characters",
            rule=Rule(smooth=1.5, enter=0.6, leave=0.4, min_seconds=1.0, max_gap=2.0),
        ),
    )
}
DEFAULT = ("emotion", "activity")
"""What a new library looks for; `characters` joins them once a model was chosen."""


def open_classifiers(names: Iterable[str], choices: Choices) -> list[Classifier]:
    """Opens the classifiers with these names, which are registered; their networks are loaded when first needed.

    Raises what their factories raise: ModelUnavailable, UsageError, PathNotFound.
    """
    return [_open(ENTRIES[name], choices) for name in dict.fromkeys(names)]


def default_rules() -> dict[str, Rule]:
    """The rule of each kind."""
    return {entry.kind: entry.rule for entry in ENTRIES.values()}


def _open(entry: Entry, choices: Choices) -> Classifier:
    module, _, function = entry.factory.partition(":")
    opened: Classifier = getattr(importlib.import_module(module), function)(choices)
    return opened
