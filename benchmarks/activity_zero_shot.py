"""How far the probabilities of `--activity zero-shot` can be trusted, on captioned pictures or films.

    python -m benchmarks.activity_zero_shot CAPTIONS.csv FOLDER [ENCODER] [COUNT] [SPLIT]

A label counts as right where the captions hold all words of one of its sentences, whatever their endings. What they
do not mention or call otherwise ("soccer", "cyclist") is missed, so that the true shares are higher. SPLIT keeps the
rows whose column `split` says so.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from classifiers.activity import zero_shot
from classifiers.activity.classifier import open_activity
from classifiers.activity.labels import EVERYDAY, shipped_list
from classifiers.contracts import Choices
from indexer.evaluating.captions_file import cell, read_rows
from indexer.evaluating.retrieval import distinct_candidates, encode_candidates
from search.encoders.registry import open_encoder

SMALL_WORDS = frozenset(
    ["a", "an", "at", "down", "for", "from", "in", "into", "is", "of", "on", "the", "to", "up", "with"]
)
THRESHOLDS = (0.3, 0.4, 0.6, 0.8)


def stems(text: str) -> set[str]:
    words = (word for word in re.findall(r"[a-z]+", text.lower()) if word not in SMALL_WORDS)
    return {re.sub(r"(.)\1$", r"\1", re.sub(r"(ing|ers?|ed|es|s|e)$", "", word)) for word in words}


def told(sentences: Iterable[str], captions: set[str]) -> bool:
    return any(stems(sentence) <= captions for sentence in sentences)


def main(csv: Path, folder: Path, name: str = "mini", count: int = 300, split: str = "") -> None:
    rows = [row for row, line in read_rows(csv) if not split or cell(line, "split") == split]
    candidates, own = distinct_candidates(rows)
    candidates = candidates[:count]
    captions: list[set[str]] = [set() for _ in candidates]
    for row, number in zip(rows, own.tolist(), strict=True):
        if number < len(captions):
            captions[number] |= stems(row.caption)
    encoder = open_encoder(name)
    classifier = open_activity(Choices(encoder))
    sentences = {activity.label: activity.sentences for activity in shipped_list(EVERYDAY)}
    vectors = encode_candidates(candidates, folder, encoder)
    print(f"{name}, {len(candidates)} pictures, {len(classifier.spec.labels)} labels")
    print("| sharpness | likeliest is right | calibration error | " + " | ".join(f"≥ {t}" for t in THRESHOLDS) + " |")
    print("| --- " * (3 + len(THRESHOLDS)) + "|")
    for sharpness in (1.0, 1.5, 2.0, 2.5, 3.0):
        zero_shot.SHARPNESS = sharpness
        scores = classifier.scores(vectors)
        best, sure = scores.argmax(axis=1), scores.max(axis=1)
        labels = [classifier.spec.labels[i] for i in best]
        right = np.array([told(sentences[label], said) for label, said in zip(labels, captions, strict=True)])
        bins = np.minimum((sure * 10).astype(int), 9)
        error = np.abs(np.bincount(bins, sure - right, minlength=10)).sum() / len(right)
        shares = (f"{right[sure >= t].mean():.2f} of {np.mean(sure >= t):.0%}" for t in THRESHOLDS)
        print(f"| {sharpness:g} | {right.mean():.3f} | {error:.3f} | " + " | ".join(shares) + " |")


if __name__ == "__main__":
    csv, folder, *more = sys.argv[1:]
    main(Path(csv), Path(folder), *more[:1], *map(int, more[1:2]), *more[2:3])
