"""What the card of a model says to a person who uses it: what it is, how well it does, what it cannot do. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FIGURES, LIMITS = "Figures", "Limits"


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A `card.md`, taken apart; empty where it does not say."""

    gist: str
    """Its first paragraph below the heading."""
    figures: str
    """What was measured, in the first paragraph about it."""
    table: tuple[tuple[str, ...], ...]
    """The same where that is a table: its rows, the head first."""
    limits: str
    """The first paragraph about what it cannot do."""
    text: str
    """All of it, as Markdown."""


def read_card(path: Path) -> ModelCard | None:
    """The card in a file; None where there is none that can be read."""
    try:
        return parse_card(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None


def parse_card(text: str) -> ModelCard:
    """Figures and limits stand below a heading (`## Limits`) or in an item of a list (`- **Limits**: …`)."""
    paragraphs = [part for part in text.split("\n\n") if part.strip()]
    gist = next((part for part in paragraphs if not part.lstrip().startswith(("#", "-", "|"))), "")
    figures = _part(text, FIGURES)
    in_table = figures.startswith("|")
    return ModelCard(
        _line(gist),
        "" if in_table else _line(figures),
        _table(figures) if in_table else (),
        _line(_part(text, LIMITS)),
        text,
    )


def _part(text: str, name: str) -> str:
    """The first paragraph below a heading, or what an item of a list says; empty where there is neither."""
    if found := re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", text, re.M | re.S):
        return found[1].strip().split("\n\n")[0].strip()
    item = re.search(rf"^- \*\*{name}\*\*[:,]? *(.*?)(?=^- |\n\n|\Z)", text, re.M | re.S)
    return item[1].strip() if item else ""


def _table(text: str) -> tuple[tuple[str, ...], ...]:
    rows = [tuple(cell.strip() for cell in line.strip().strip("|").split("|")) for line in text.splitlines()]
    return tuple(row for row in rows if any(cell.strip("-: ") for cell in row))


def _line(text: str) -> str:
    """One line that begins like a sentence, without the marks of Markdown that a page would show."""
    line = re.sub(r"\*\*(.+?)\*\*", r"\1", " ".join(text.split()))
    return line[:1].upper() + line[1:]
