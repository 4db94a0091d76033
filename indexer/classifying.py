"""What is done in one film, without a library: labels of the whole and of its stretches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from classifiers.contracts import Classifier, ClipVectorsNeeded
from classifiers.smoothing import rolling_average
from indexer.decoding.clips import ClipPlan
from indexer.decoding.decode import Decoder
from indexer.decoding.takers import DecodedClip, Taken
from indexer.finding.given import no_film
from search.catalog.records import Track
from search.contracts import Encoder, Float32
from search.errors import UsageError

AT_ONCE = 8
"""Clips that are encoded together."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Seconds of a film in which one label is the strongest."""

    start: float
    end: float
    label: str
    score: float
    """The mean of its averaged scores, 0..1."""


def read_track(
    film: Path, classifier: Classifier, encoder: Encoder, on_progress: Callable[[float, float | None], None]
) -> tuple[Track, float]:
    """What a classifier says over a film, and how many seconds of film there are.

    `on_progress` is told the seconds decoded and promised. Raises PathNotFound, UsageError for a film that cannot be
    decoded, ModelUnavailable.
    """
    if not film.is_file():
        raise no_film(film)
    spec, needs = classifier.spec, classifier.spec.needs
    plan = ClipPlan(encoder.spec.frames, encoder.spec.fps, encoder.spec.size)
    by_clip = isinstance(needs, ClipVectorsNeeded)
    step = plan.stride / plan.fps if isinstance(needs, ClipVectorsNeeded) else needs.window / needs.fps
    frames = () if isinstance(needs, ClipVectorsNeeded) else (needs,)
    with Decoder() as decoder:
        taken = decoder.decode_all(film, plan if by_clip else None, frames, on_progress=on_progress)
        rows = list(_scores(taken, classifier, encoder))
        if not rows:
            raise UsageError(f"{film} cannot be used: {decoder.outcome.reason}.", "Name a film that plays.")
        duration = decoder.outcome.facts.duration
    span = plan.seconds if by_clip else step
    return Track(spec.kind, spec.labels, spec.fingerprint, step, span, np.concatenate(rows)), duration


def label_film(track: Track, most: int) -> list[tuple[str, float]]:
    """The strongest labels of the whole film with their mean scores, 0..1; empty where nothing was to be said."""
    speaking = track.scores[~np.isnan(track.scores).any(axis=1)]
    if not len(speaking):
        return []
    means = speaking.mean(axis=0)
    return [(track.labels[i], float(means[i])) for i in np.argsort(-means, kind="stable")[:most]]


def label_stretches(track: Track, smooth: float, duration: float) -> list[Stretch]:
    """Stretches by time, of scores averaged over `smooth` seconds; where there is nothing to say there is none."""
    scores = rolling_average(track.scores, max(1, round(smooth / track.step)))
    best = np.where(np.isnan(scores).any(axis=1), -1, np.nan_to_num(scores).argmax(axis=1))
    stretches = []
    for label, group in groupby(range(len(best)), key=lambda row: int(best[row])):
        rows = list(group)
        start, end = rows[0] * track.step, min((rows[-1] + 1) * track.step, duration)
        if label >= 0 and end > start:
            stretches.append(Stretch(start, end, track.labels[label], float(scores[rows, label].mean())))
    return stretches


def _scores(taken: Iterator[Taken], classifier: Classifier, encoder: Encoder) -> Iterator[Float32]:
    clips: list[DecodedClip] = []
    for it in taken:
        if not isinstance(it, DecodedClip):
            yield np.repeat(classifier.scores(np.stack(it.rows)), it.repeats, axis=0)
            continue
        clips.append(it)
        if len(clips) == AT_ONCE:
            yield classifier.scores(_vectors(clips, encoder))
            clips = []
    if clips:
        yield classifier.scores(_vectors(clips, encoder))


def _vectors(clips: Sequence[DecodedClip], encoder: Encoder) -> Float32:
    return encoder.encode_clips(np.stack([clip.frames for clip in clips]))
