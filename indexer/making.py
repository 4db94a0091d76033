"""What one run makes of every file: how it is cut, who looks at it, how tags come of that; and its recipe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from classifiers.contracts import Classifier
from classifiers.registry import open_classifiers
from classifiers.segments import Rule
from indexer.choosing import Chosen
from indexer.decoding.clips import ClipPlan
from indexer.recipe import recipe_of
from indexer.rules import read_rules
from search.library import Library
from search.settings import read_settings


@dataclass(frozen=True, slots=True)
class Making:
    plan: ClipPlan
    classifiers: Sequence[Classifier]
    rules: Mapping[str, Rule]
    """Of the kinds that these classifiers give."""
    recipe: str


def open_making(library: Library, chosen: Chosen) -> Making:
    """Opens the classifiers that are wanted; no network is loaded yet.

    Raises ModelUnavailable, UsageError, PathNotFound for one that cannot be opened.
    """
    names = chosen.wanted(emotion_allowed=not read_settings().no_emotion)
    opened = open_classifiers(names, chosen.choices(library.encoder)) if names else []
    plan, rules = chosen.clip_plan(library.spec), read_rules(library.catalog)
    specs = [classifier.spec for classifier in opened]
    return Making(plan, opened, {spec.kind: rules[spec.kind] for spec in specs}, recipe_of(library.spec, plan, specs))
