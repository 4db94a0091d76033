"""What a page takes from the card of a model."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifiers.cards import card_path
from classifiers.registry import ENTRIES
from search.encoders.cards import describe, whole_card
from search.model_card import parse_card, read_card
from search.settings import read_settings

IN_PARTS = """# name

The gist,
on two lines.

- **Data**: much.

## Figures

| faces | n |
| --- | --- |
| all | 12 |

More about them.

## Limits

Not **everything**.

And more.
"""
IN_A_LIST = (
    "# name\n\nGist.\n\n- **Figures**, text to video: R@1 0.4,\n  R@5 0.8.\n- **Limits**: little.\n- **Other**: x.\n"
)


def test_figures_and_limits_are_read_from_parts() -> None:
    card = parse_card(IN_PARTS)
    assert (card.gist, card.limits) == ("The gist, on two lines.", "Not everything.")
    assert (card.figures, card.table) == ("", (("faces", "n"), ("all", "12")))


def test_figures_and_limits_are_read_from_a_list() -> None:
    card = parse_card(IN_A_LIST)
    assert (card.gist, card.figures, card.limits) == ("Gist.", "Text to video: R@1 0.4, R@5 0.8.", "Little.")
    assert card.table == ()


@pytest.mark.parametrize("text", ["", "# only a heading", "\n\n", "no heading"])
def test_a_card_that_says_little_gives_little(text: str) -> None:
    card = parse_card(text)
    assert (card.figures, card.table, card.limits) == ("", (), "")


@pytest.mark.parametrize(
    ("kind", "model"),
    [("emotion", None), ("activity", "zero-shot"), ("activity", "i3d"), ("character", "drawn")],
)
def test_every_classifier_that_comes_with_vsearch_has_a_card_with_figures_and_limits(
    kind: str, model: str | None
) -> None:
    assert kind in {entry.kind for entry in ENTRIES.values()}
    card = read_card(card_path(kind, model))
    assert card is not None
    assert card.gist
    assert card.figures or card.table
    assert card.limits


def test_a_classifier_of_ones_own_has_its_card_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "card.md").write_text(IN_A_LIST, "utf-8")
    assert read_card(card_path("activity", str(tmp_path))) == parse_card(IN_A_LIST)
    assert read_card(card_path("activity", str(tmp_path / "gone"))) is None


@pytest.mark.parametrize("name", ["mini", "s3d"])
def test_the_encoders_by_name_have_a_card(name: str) -> None:
    card = whole_card(describe(name, read_settings()))
    assert card is not None
    assert card.figures
    assert card.limits
