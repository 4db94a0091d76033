"""The picture of a confusion matrix. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from search.contracts import Int64

CELL, LEFT, TOP = 64, 110, 60


def confusion_svg(matrix: Int64, labels: Sequence[str]) -> str:
    """An SVG of counts `[C, C]` (row = truth); a square's shade is its share of the row."""
    side = CELL * len(labels)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + side + 10} {TOP + side + 10}"'
        ' font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<text x="{LEFT}" y="18">predicted, of what is truly</text>',
    ]
    for i, label in enumerate(labels):
        middle = CELL * i + CELL // 2
        name = escape(label)
        parts.append(f'<text x="{LEFT + middle}" y="{TOP - 10}" text-anchor="middle">{name}</text>')
        parts.append(f'<text x="{LEFT - 10}" y="{TOP + middle + 4}" text-anchor="end">{name}</text>')
        whole = max(int(matrix[i].sum()), 1)
        parts.extend(_cell(i, j, int(count), count / whole) for j, count in enumerate(matrix[i]))
    return "\n".join([*parts, "</svg>\n"])


def _cell(row: int, column: int, count: int, share: float) -> str:
    x, y = LEFT + CELL * column, TOP + CELL * row
    ink = "white" if share > 0.5 else "black"
    middle = x + CELL // 2
    return (
        f'<rect x="{x}" y="{y}" width="{CELL}" height="{CELL}" fill="#26a" fill-opacity="{share:.3f}" stroke="#ddd"/>'
        f'<text x="{middle}" y="{y + 29}" text-anchor="middle" fill="{ink}">{count}</text>'
        f'<text x="{middle}" y="{y + 45}" text-anchor="middle" fill="{ink}">{share:.0%}</text>'
    )
