"""The picture of a training: one line a figure, over its course. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT, MARGIN = 640, 320, 40
COLOURS = ("#c44", "#26a", "#283", "#a62", "#737")


def curve_svg(entries: Sequence[Mapping[str, float]], lines: Mapping[str, str], over: str = "epoch") -> str:
    """An SVG of figures over `entry[over]`; `lines` maps a figure's key to its legend.

    Each line is scaled to its own top, which its legend states. Entries without a line's key are passed over.
    """
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"'
        ' font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<path d="M{MARGIN} {MARGIN}V{HEIGHT - MARGIN}H{WIDTH - MARGIN}" fill="none" stroke="#888"/>',
    ]
    last = max((entry[over] for entry in entries), default=0.0)
    step = (WIDTH - 2 * MARGIN) / max(len(lines), 1)
    for i, (key, legend) in enumerate(lines.items()):
        points = [(entry[over], entry[key]) for entry in entries if key in entry]
        top = max((value for _, value in points), default=0.0)
        colour = COLOURS[i % len(COLOURS)]
        text = f"{escape(legend)} (top {top:.3g})"
        parts.append(f'<text x="{MARGIN + i * step:.0f}" y="20" fill="{colour}">{text}</text>')
        parts.append(_line([(at / (last or 1.0), value / (top or 1.0)) for at, value in points], colour))
    parts.append(f'<text x="{WIDTH - MARGIN}" y="{HEIGHT - 15}" text-anchor="end">{over} {last:g}</text>')
    return "\n".join([*parts, "</svg>\n"])


def _line(points: Sequence[tuple[float, float]], colour: str) -> str:
    wide, high = WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN
    places = " ".join(f"{MARGIN + x * wide:.1f},{HEIGHT - MARGIN - y * high:.1f}" for x, y in points)
    return f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="2"/>'
