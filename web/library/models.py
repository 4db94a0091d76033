"""What the Library page says of the models in use: what they are, how well they do, what they cannot do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template

from classifiers.cards import card_path
from search.answer import printable
from search.commands_models import summary
from search.contracts import EncoderSpec
from search.encoders.cards import describe, whole_card
from search.errors import NotFound, VsearchError
from search.library import Library
from search.model_card import ModelCard, read_card
from search.settings import read_settings
from search.upkeep import classifiers_in_use

ENCODER = "encoder"


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """A model in use."""

    kind: str
    """`encoder`, or the kind of the tags that it gives."""
    name: str
    """Empty where there is nothing to choose."""
    takes: str
    """What an encoder takes, and how large it is; empty for a classifier."""
    films: int | None
    """That a classifier has looked at; None for the encoder."""
    card: ModelCard | None


def add_model_pages(blueprint: Blueprint, library: Library) -> None:
    """`/library/models/<kind>`: the whole card."""

    @blueprint.get("/models/<kind>")
    def card(kind: str) -> str:
        for model in models_in_use(library):
            if model.kind == kind and model.card:
                return render_template("card.html", model=model)
        raise NotFound("There is no card of such a model.", "The Library page names those that are in use.")


def models_in_use(library: Library) -> list[ModelFacts]:
    """The encoder, then the classifiers that have looked at films."""
    takes, card = about_encoder(library.spec)
    encoder = ModelFacts(ENCODER, printable(library.spec.name), takes, None, card)
    return [encoder] + [
        ModelFacts(one["kind"], printable(one["model"] or ""), "", one["videos"], _classifier_card(one))
        for one in classifiers_in_use(library)
    ]


def about_encoder(spec: EncoderSpec) -> tuple[str, ModelCard | None]:
    """What `vsearch models list` says of it, and its card; what the library knows where the model is not here now."""
    try:
        known = describe(spec.name, read_settings())
    except VsearchError:
        return f"{spec.frames} frames at {spec.fps:g}/s, {spec.size} px", None
    return summary(known), whole_card(known)


def _classifier_card(one: Mapping[str, Any]) -> ModelCard | None:
    return read_card(card_path(one["kind"], one["model"]))
