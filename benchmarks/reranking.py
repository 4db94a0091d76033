"""What could be done to an encoder's ranking at no cost, on captioned films or pictures.

    python -m benchmarks.reranking CSV DIR [--encoder E] [--split S] [--kept FILE.npz]

The question is each caption, the library all clips; right is a clip that mostly shows what the caption speaks of.
`± ` is the standard error of the difference to the plain ranking, question by question. `--kept` keeps the vectors of
clips for the next run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.encoded import Encoded, what_is_asked
from search.background import background_vectors
from search.contracts import Encoder
from search.directions import unit
from search.metrics import Floats, ranks, summarise
from search.query import FILLERS
from search.ranking.phrasings import phrased_vector

TEMPLATES = ("{}", "a video of {}", "a photo of {}", "a scene with {}", "a clip showing {}")


@dataclass(frozen=True)
class Asked:
    """Captions, clips, and the encoder that made vectors of both."""

    captions: list[str]
    encoder: Encoder
    data: Encoded

    @property
    def clips(self) -> Floats:
        return self.data.clip_vectors

    def texts(self, captions: list[str]) -> Floats:
        return unit(self.encoder.encode_texts(captions))

    @property
    def plain(self) -> Floats:
        """Vectors of the captions, of unit length, `[R, D]`."""
        return self.texts(self.captions)

    @property
    def background(self) -> Floats:
        return unit(background_vectors(self.encoder))


def dots(questions: Floats, clips: Floats) -> Floats:
    """Scores `[…, C]`."""
    scores: Floats = questions @ clips.T
    return scores


def several_templates(asked: Asked) -> Floats:
    vectors = [asked.texts([template.format(text) for text in asked.captions]) for template in TEMPLATES]
    return dots(np.mean(vectors, axis=0), asked.clips)


def without_small_words(asked: Asked) -> Floats:
    texts = [" ".join(word for word in text.split() if word.lower() not in FILLERS) for text in asked.captions]
    return dots(asked.texts(texts), asked.clips)


def phrased(asked: Asked) -> Floats:
    return dots(unit(np.stack([phrased_vector(asked.encoder, text) for text in asked.captions])), asked.clips)


def away_from_background(asked: Asked) -> Floats:
    """The scores less half of a clip's mean score for the background sentences."""
    return dots(asked.plain, asked.clips) - 0.5 * dots(asked.background.mean(axis=0), asked.clips)


def inverted_softmax(asked: Asked) -> Floats:
    """Querybank normalisation (arXiv 2112.12777), the background sentences as the bank; logarithm of it, halved."""
    bank = np.exp(20 * dots(asked.background, asked.clips))
    penalty: Floats = np.log(bank.sum(axis=0)) / 20
    return dots(asked.plain, asked.clips) - 0.5 * penalty


def centred(asked: Asked) -> Floats:
    """Clips less half of the library's mean, of unit length again."""
    return dots(asked.plain, unit(asked.clips - 0.5 * asked.clips.mean(axis=0)))


def leaning(asked: Asked) -> Floats:
    """Questions plus a fifth of the library's mean."""
    return dots(asked.plain + 0.2 * asked.clips.mean(axis=0), asked.clips)


def feedback(asked: Asked) -> Floats:
    """Rocchio: questions plus a tenth of the mean of their five best clips."""
    best = np.argsort(-dots(asked.plain, asked.clips), axis=1)[:, :5]
    return dots(asked.plain + 0.1 * asked.clips[best].mean(axis=1), asked.clips)


def smoothed(asked: Asked) -> Floats:
    """A tenth of each score comes from the two neighbours."""
    scores, video = dots(asked.plain, asked.clips), asked.data.clip_video
    before = np.where(video == np.roll(video, 1), np.roll(scores, 1, axis=1), scores)
    after = np.where(video == np.roll(video, -1), np.roll(scores, -1, axis=1), scores)
    return 0.9 * scores + 0.05 * (before + after)


IDEAS: dict[str, Callable[[Asked], Floats]] = {
    "plain": lambda asked: dots(asked.plain, asked.clips),
    "phrasings: the question, its words, its parts": phrased,
    "phrasings: a video of …, a photo of …": several_templates,
    "without small words": without_small_words,
    "away from the background's mean": away_from_background,
    "inverted softmax": inverted_softmax,
    "clips centred by the library's mean": centred,
    "questions leaning to the library's mean": leaning,
    "feedback from the five best clips": feedback,
    "scores smoothed over neighbours": smoothed,
}


def right_clips(data: Encoded) -> NDArray[np.bool_]:
    """Whether a clip lies mostly in a span, bool `[S, C]`; at least the one that shows most of it does."""
    shared = np.minimum(data.clip_end, data.span_end[:, None]) - np.maximum(data.clip_start, data.span_start[:, None])
    shared[data.clip_video != data.span_video[:, None]] = -np.inf
    length = data.clip_end - data.clip_start
    right: NDArray[np.bool_] = (shared >= length / 2) | (shared == shared.max(axis=1, keepdims=True))
    return right


def main() -> None:
    encoder, rows, data = what_is_asked(__doc__)
    asked = Asked([row.caption for row in rows], encoder, data)
    right = right_clips(data)[data.own]
    plain = 1 / ranks(IDEAS["plain"](asked), right)
    print(f"{encoder.spec.name}, {len(rows)} captions, {len(data.clip_video)} clips")
    print("| | R@1 | R@5 | R@10 | MRR | difference |\n|---|---|---|---|---|---|")
    for name, idea in IDEAS.items():
        found = ranks(idea(asked), right)
        m, more = summarise(found), 1 / found - plain
        error = more.std() / np.sqrt(len(more))
        print(f"| {name} | {m.r1:.3f} | {m.r5:.3f} | {m.r10:.3f} | {m.mrr:.4f} | {more.mean():+.4f} ± {error:.4f} |")


if __name__ == "__main__":
    main()
