"""What taking a sentence away does to the first ten results, for several weights.

    python -m benchmarks.minus CSV DIR [--encoder E] [--kept FILE.npz]

CSV and DIR are drawn films with captions of their shots (`vsearch samples DIR`). These say who is in a shot and where
it is. For each who and where that meet in some shots and not in others, `WHO -WHERE` and `WHERE -WHO` are asked:
wanted is the first without the second.
"""

from __future__ import annotations

import re
from itertools import product

import numpy as np

from benchmarks.encoded import Encoded, what_is_asked
from search.asking import aim
from search.contracts import Encoder, Float32

WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5)
FIRST = 10
FEWEST = 5
"""Clips of either sort that there must be."""
WHO = {
    "a penguin": "penguin",
    "an octopus": "octopus|squid",
    "a frog": "frog|toad",
    "a pig": "pig|piglet|hog",
    "a cat": "cat|kitten|tomcat",
    "a rabbit": "rabbit|hare|bunny",
    "a chicken": "chick|chicken|bird",
    "a dog": "dog|puppy",
    "a ghost": "ghost|phantom|spook",
    "a robot": "robot|machine|android",
}
WHERE = {
    "in the desert": "desert|cactuses|dunes",
    "in the snow": "snow|snowy|winter",
    "in the forest": "forest|wood|woods|fir",
    "on the beach": "beach|seaside",
    "under water": "underwater|corals",
    "in the street": "street|city|town",
    "in the living room": "room|house|sofa|home",
}


def shows(data: Encoded, captions: list[str], words: str) -> np.ndarray:
    """For each clip whether a caption of the shot at its middle has one of the words, bool `[C]`."""
    spans = {int(own) for own, text in zip(data.own, captions, strict=True) if re.search(rf"\b({words})\b", text)}
    middle = (data.clip_start + data.clip_end) / 2
    found = np.zeros(len(middle), bool)
    for span in spans:
        inside = (data.span_start[span] <= middle) & (middle < data.span_end[span])
        found |= inside & (data.clip_video == data.span_video[span])
    return found


def first_results(data: Encoded, wanted: Float32, unwanted: Float32, weight: float) -> np.ndarray:
    aim.MINUS = weight
    query = aim.aim_at([wanted], [unwanted], data.clip_vectors).query
    return np.argsort(-(data.clip_vectors @ query))[:FIRST]


def report(data: Encoded, captions: list[str], encoder: Encoder) -> None:
    shown = {name: shows(data, captions, words) for name, words in (WHO | WHERE).items()}
    vector = dict(zip(shown, encoder.encode_texts(list(shown)), strict=True))
    pairs = [*product(WHO, WHERE), *product(WHERE, WHO)]
    asked = [
        (one, other)
        for one, other in pairs
        if min(np.sum(shown[one] & shown[other]), np.sum(shown[one] & ~shown[other])) >= FEWEST
    ]
    print(f"{len(data.clip_vectors)} clips, {len(asked)} questions; of the first {FIRST}:")
    print("weight  wanted  unwanted  of neither")
    for weight in WEIGHTS:
        rows = []
        for one, other in asked:
            best = first_results(data, vector[one], vector[other], weight)
            rows.append([np.mean(shown[one][best] & ~shown[other][best]), np.mean(shown[other][best])])
        wanted, unwanted = np.mean(rows, axis=0)
        print(f"{weight:6.2f}  {wanted:6.3f}  {unwanted:8.3f}  {1 - wanted - unwanted:10.3f}")


def main() -> None:
    encoder, rows, data = what_is_asked(__doc__)
    report(data, [row.caption for row in rows], encoder)


if __name__ == "__main__":
    main()
