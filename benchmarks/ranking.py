"""How tight moments are, whether `A then B` is found, and what ranking costs.

    python -m benchmarks.ranking CSV DIR [--encoder E] [--kept FILE.npz]

CSV and DIR are films with captions of their shots, as `vsearch samples DIR` draws them; the shots' borders are the
cuts. `--kept` keeps the vectors of clips for the next run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import numpy as np

from benchmarks.encoded import Encoded, what_is_asked
from search.contracts import Float32
from search.ranking import moments as rules
from search.ranking.folding import fold_duplicates
from search.ranking.moments import Moment, ScoredClip, merge_neighbours
from search.ranking.scale import Scale, scale_of
from search.ranking.sequence import follow

POOL = 200
"""Clips that are merged in one search."""
Span = tuple[int, float, float]
"""A film, and seconds of it."""
NONE, ALL = 0.0, 100.0


class Films:
    """Encoded films that can be asked."""

    def __init__(self, data: Encoded) -> None:
        self.data = data
        self.shots: list[Span] = list(
            zip(data.span_video.tolist(), data.span_start.tolist(), data.span_end.tolist(), strict=True)
        )
        borders = pairwise(sorted(self.shots))
        self.cuts: dict[int, list[float]] = {}
        for (film, _, end), (next_film, _, _) in borders:
            if film == next_film:
                self.cuts.setdefault(film, []).append(end)

    def moments(
        self, query: Float32, cuts: Mapping[int, Sequence[float]], film: int | None = None
    ) -> tuple[list[Moment], Scale]:
        """Those of the best clips of all films, or of all clips of one, and the scale of the question."""
        data = self.data
        scores, scale = data.clip_vectors @ query, scale_of(query, data.clip_vectors)
        best = np.argsort(-scores)[:POOL] if film is None else np.flatnonzero(data.clip_video == film)
        columns = (best, data.clip_video[best], data.clip_start[best], data.clip_end[best], scores[best])
        clips = [ScoredClip(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]
        return merge_neighbours(clips, cuts, scale.deviation), scale


def overlap(moment: Moment, shot: Span) -> float:
    """Intersection over union, 0..1."""
    film, start, end = shot
    shared = min(moment.end, end) - max(moment.start, start)
    return max(0.0, shared) / (max(moment.end, end) - min(moment.start, start)) if moment.video_id == film else 0.0


def is_in(moment: Moment, shot: Span) -> bool:
    """Whether half of the peak or more shows the shot."""
    film, start, end = shot
    peak = moment.peak
    return moment.video_id == film and min(peak.end, end) - max(peak.start, start) >= (peak.end - peak.start) / 2


def print_tightness(films: Films, queries: Float32) -> None:
    print("| clips that join the peak | cuts | overlap, all films | overlap, its film | seconds of a first moment |")
    print("|---|---|---|---|---|")
    shipped = rules.NEAR
    for known, cuts in (("unknown", {}), ("known", films.cuts)):
        for near in (NONE, 0.5, 1.0, 1.5, 2.0, ALL):
            rules.NEAR = near
            name = {NONE: "none", ALL: "all neighbours"}.get(near, f"within {near:g} deviations")
            everywhere, inside, seconds = [], [], []
            for query, own in zip(queries, films.data.own.tolist(), strict=True):
                shot = films.shots[own]
                first = films.moments(query, cuts)[0][0]
                everywhere.append(overlap(first, shot))
                inside.append(overlap(films.moments(query, cuts, shot[0])[0][0], shot))
                seconds.append(first.end - first.start)
            print(
                f"| {name} | {known} | {np.mean(everywhere):.3f} | {np.mean(inside):.3f} | {np.mean(seconds):.1f} |"
            )
    rules.NEAR = shipped


def print_chains(films: Films, queries: Float32) -> None:
    """Asks for every two shots of a film that follow one another."""
    captions = [np.flatnonzero(films.data.own == number) for number in range(len(films.shots))]
    found: dict[str, list[bool]] = {}
    for number, (one, other) in enumerate(pairwise(films.shots)):
        if one[0] != other[0]:
            continue
        for first, second in zip(captions[number], captions[number + 1], strict=False):
            (a, scale_a), (b, scale_b) = (films.moments(queries[i], films.cuts) for i in (first, second))
            chains = follow([a, b], [None], [scale_a, scale_b])
            right = [is_in(chain.moments[0], one) and is_in(chain.moments[1], other) for chain in chains]
            outcome = {
                "the first sentence alone, its shot": is_in(a[0], one),
                "the second sentence alone, its shot": is_in(b[0], other),
                "`A then B`, both shots": any(right[:1]),
                "`A then B`, both shots among the first five": any(right[:5]),
            }
            for name, was_found in outcome.items():
                found.setdefault(name, []).append(was_found)
    for name, outcomes in found.items():
        print(f"| {name} | {np.mean(outcomes):.3f} of {len(outcomes)} |")


def milliseconds(task: Callable[[], object], runs: int = 50) -> float:
    """Of processor time, the median."""
    took = []
    for _ in range(runs):
        began = time.process_time()
        task()
        took.append(1000 * (time.process_time() - began))
    return float(np.median(took))


def print_cost() -> None:
    """Of 200 clips of 20 films at random, cuts each five seconds."""
    rng = np.random.default_rng(1)
    clips = [
        [
            ScoredClip(n, n // 10, 3.2 * (n % 10), 3.2 * (n % 10 + 1), score)
            for n, score in enumerate(rng.normal(size=POOL).tolist())
        ]
        for _ in range(2)
    ]
    cuts = {film: [5.0 * n for n in range(1, 7)] for film in range(20)}
    steps = [merge_neighbours(own, cuts, 1.0) for own in clips]
    vectors = rng.normal(size=(len(steps[0]), 512)).astype(np.float32)
    tasks: dict[str, Callable[[], object]] = {
        "merge_neighbours": lambda: merge_neighbours(clips[0], cuts, 1.0),
        "fold_duplicates": lambda: fold_duplicates(steps[0], vectors),
        "follow, two steps": lambda: follow(steps, [None]),
    }
    for name, task in tasks.items():
        print(f"| {name} | {milliseconds(task):.2f} ms |")


def main() -> None:
    encoder, rows, data = what_is_asked(__doc__)
    films = Films(data)
    queries = encoder.encode_texts([row.caption for row in rows])
    print(f"{encoder.spec.name}, {len(rows)} captions, {len(films.shots)} shots, {len(films.data.clip_video)} clips")
    print_tightness(films, queries)
    print_chains(films, queries)
    print_cost()


if __name__ == "__main__":
    main()
