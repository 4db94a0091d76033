"""What a training says of itself: one JSON line a measurement, and a picture of its curve."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

WIDTH, HEIGHT, MARGIN = 640, 320, 40


def append(path: Path, entry: dict[str, Any]) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def curve(entries: Sequence[dict[str, Any]]) -> str:
    """An SVG of the loss (scaled to its highest) and the recall at 5 on held-out clips (0..1), over steps."""
    if not entries:
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"/>'
    last = max(entry["step"] for entry in entries) or 1
    top = max(entry["loss"] for entry in entries) or 1.0
    loss = _line([(entry["step"] / last, entry["loss"] / top) for entry in entries], "#c44")
    recall = _line([(entry["step"] / last, entry["r5"]) for entry in entries], "#26a")
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"',
            ' font-family="sans-serif" font-size="12">',
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
            f'<path d="M{MARGIN} {MARGIN}V{HEIGHT - MARGIN}H{WIDTH - MARGIN}" fill="none" stroke="#888"/>',
            loss,
            recall,
            f'<text x="{MARGIN}" y="20" fill="#c44">loss (top {top:.2f})</text>',
            f'<text x="{WIDTH // 2}" y="20" fill="#26a">R@5 on held-out clips (top 1)</text>',
            f'<text x="{WIDTH - MARGIN}" y="{HEIGHT - 15}" text-anchor="end">step {last}</text>',
            "</svg>\n",
        ]
    )


def _line(points: Sequence[tuple[float, float]], colour: str) -> str:
    wide, high = WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN
    path = " ".join(f"{MARGIN + x * wide:.1f},{HEIGHT - MARGIN - y * high:.1f}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
