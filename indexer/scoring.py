"""From frames and clip vectors to tracks: every classifier sees what it needs, and what it says is kept by time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from classifiers.contracts import Classifier, ClipVectorsNeeded, FramesNeeded
from indexer.decoding.clips import ClipPlan
from indexer.decoding.takers import NeededFrames
from indexer.film import Film
from indexer.finding.changes import Work
from search.catalog.clips import read_vectors, stored_vector
from search.catalog.records import Track
from search.contracts import Float32, UInt8
from search.errors import ModelUnavailable, VsearchError, first_line

BATCH_ROWS = 32
BATCH_PIXELS = 1 << 22
"""Most pixels (rows x window x height x width) that a classifier sees at once."""

Seen = tuple[Film, NeededFrames]


class Scorer:
    """The classifiers of one run. `stored_vectors` gives those of a known video's clips, `[N, D]`."""

    def __init__(
        self, classifiers: Sequence[Classifier], plan: ClipPlan, stored_vectors: Callable[[int], Float32]
    ) -> None:
        self._classifiers = classifiers
        self._plan = plan
        self._stored_vectors = stored_vectors

    def needs(self, work: Work) -> list[FramesNeeded]:
        """The frames that have to be decoded for a film."""
        needs = [one.spec.needs for one in self._classifiers if work.makes(one.spec.kind)]
        return [need for need in needs if isinstance(need, FramesNeeded)]

    def score(self, seen: Sequence[Seen]) -> None:
        """Adds what the classifiers say of these frames to their films. Batches may cross films of one size.

        Raises ModelUnavailable, naming the classifier, when one fails.
        """
        for classifier in self._classifiers:
            sizes: dict[tuple[int, ...], list[Seen]] = defaultdict(list)
            for film, frames in seen:
                if frames.needs == classifier.spec.needs and film.work.makes(classifier.spec.kind):
                    sizes[frames.rows[0].shape].append((film, frames))
            for same_size in sizes.values():
                _score_frames(classifier, same_size)

    def finish(self, film: Film) -> list[Track]:
        """The tracks of a film whose last frame has been scored and whose clips have vectors."""
        return [self._track(one, film) for one in self._classifiers if film.work.makes(one.spec.kind)]

    def _track(self, classifier: Classifier, film: Film) -> Track:
        spec = classifier.spec
        if isinstance(spec.needs, ClipVectorsNeeded):
            scores = ask(classifier, self._vectors(film), film.work)
            step, span = self._plan.stride / self._plan.fps, self._plan.seconds
        else:
            scores = np.concatenate([np.zeros((0, len(spec.labels)), np.float32), *film.scores.pop(spec.kind, [])])
            step = span = spec.needs.window / spec.needs.fps
        return Track(spec.kind, spec.labels, spec.fingerprint, step, span, scores)

    def _vectors(self, film: Film) -> Float32:
        """As they are stored: so a classifier says the same whether it comes with the clips or later."""
        if film.work.known:
            return self._stored_vectors(film.work.known.id)
        dim = len(film.clips[0].vector)  # a film that could be decoded has a clip
        return read_vectors((stored_vector(clip.vector) for clip in film.clips), dim)


def _score_frames(classifier: Classifier, seen: Sequence[Seen]) -> None:
    pictures = [row for _, frames in seen for row in frames.rows]
    said = np.concatenate([ask(classifier, batch, seen[0][0].work) for batch in _batches(pictures)])
    at = 0
    for film, frames in seen:
        scores = said[at : at + len(frames.rows)]
        film.scores.setdefault(classifier.spec.kind, []).append(np.repeat(scores, frames.repeats, axis=0))
        at += len(frames.rows)


def _batches(pictures: Sequence[UInt8]) -> Iterator[UInt8]:
    pixels = pictures[0].size // 3
    most = min(BATCH_ROWS, max(1, BATCH_PIXELS // pixels))
    for at in range(0, len(pictures), most):
        yield np.stack(pictures[at : at + most])


def ask(classifier: Classifier, batch: UInt8 | Float32, work: Work) -> Float32:
    """Its scores `[N, L]`. Raises ModelUnavailable, naming classifier and file, where there are none to be had."""
    try:
        scores = classifier.scores(batch)
    except VsearchError:
        raise
    except Exception as error:  # whatever a model's runtime raises, the person is told which model and where
        raise _unusable(classifier, work, str(error)) from error
    if scores.shape != (len(batch), len(classifier.spec.labels)):
        raise _unusable(classifier, work, f"gave scores of shape {scores.shape}")
    if np.any((scores < 0) | (scores > 1)):  # NaN is neither
        raise _unusable(classifier, work, "gave scores that are not between 0 and 1")
    return scores


def _unusable(classifier: Classifier, work: Work, words: str) -> ModelUnavailable:
    kind = classifier.spec.kind
    return ModelUnavailable(
        f"The classifier of {kind} failed on {work.path}: {first_line(words)}",
        "Index without it (`--classifiers` names those to be used); what was indexed before is kept.",
    )
