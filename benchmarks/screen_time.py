"""Screen time of drawn films against their truth: seconds of each character, and how well the ranges agree.

vsearch --library LIB index DIR --characters drawn
vsearch --library LIB screen-time --json > told.json
python -m benchmarks.screen_time told.json DIR/truth.json
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from classifiers.screen_time import Range, intersection, total, union

Ranges = dict[tuple[str, str], list[Range]]
"""By film and character."""


def told_ranges(document: dict[str, Any]) -> Ranges:
    return {
        (Path(video["path"]).name, one["label"]): [(start, end) for start, end in one["ranges"]]
        for video in document["videos"]
        for one in video["characters"]
    }


def true_ranges(document: dict[str, Any]) -> Ranges:
    return {
        (film["path"], label): [(start, end) for start, end in ranges]
        for film in document["films"]
        for label, ranges in film["characters"].items()
    }


def compare(told: Ranges, true: Ranges) -> list[tuple[str, float, float, float]]:
    """Character, true seconds, told seconds, and the intersection over the union of the ranges of all films."""
    rows = []
    for label in sorted({label for _, label in (*told, *true)}):
        films = {film for film, name in (*told, *true) if name == label}
        pairs = [(union(true.get((film, label), [])), union(told.get((film, label), []))) for film in films]
        shared = sum(total(intersection(*pair)) for pair in pairs)
        covered = sum(total(union([*one, *other])) for one, other in pairs)
        rows.append(
            (label, sum(total(one) for one, _ in pairs), sum(total(one) for _, one in pairs), shared / covered)
        )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("told", type=Path)
    parser.add_argument("truth", type=Path)
    asked = parser.parse_args()
    told, true = (json.loads(path.read_text("utf-8")) for path in (asked.told, asked.truth))
    print(f"{'character':<12}{'true s':>8}{'told s':>8}{'error':>8}{'IoU':>7}")
    for label, seconds, said, overlap in compare(told_ranges(told), true_ranges(true)):
        error = f"{(said - seconds) / seconds:+.1%}" if seconds else "-"
        print(f"{label:<12}{seconds:>8.1f}{said:>8.1f}{error:>8}{overlap:>7.2f}")


if __name__ == "__main__":
    main()
