"""Watching a film as it runs: each watcher is shown every frame and looks as often as it needs to.

Nothing is known of what comes: scores are averaged over the past, thresholds hold from one look to the next.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from classifiers.contracts import Classifier, ClipVectorsNeeded, FramesNeeded
from classifiers.emotion.classifier import EmotionClassifier
from classifiers.segments import Rule
from indexer.annotating.seen import Activity, Appearance, Face, Seen
from indexer.decoding.clips import ClipPlan
from indexer.pictures.picture_files import fit_picture
from indexer.sources.base import Tap
from search.contracts import Encoder, Float32, UInt8

FACES_FPS = 12.5
"""Looks for faces a second: every other frame of a film of 25."""
AVERAGED = 5.12
"""Seconds of activity that are averaged unless told otherwise: 128 frames at 25 a second, as in the tutorial."""


class Pace:
    """Says when the next look is due."""

    def __init__(self, fps: float) -> None:
        self._step = 1 / fps
        self._next = 0.0

    def due(self, time: float) -> bool:
        """Whether a look is due at `time` seconds, which only rise; looks that were missed are not made up for."""
        if time < self._next - 1e-6:
            return False
        self._next = max(self._next + self._step, time + self._step / 2)
        return True


class FaceWatcher:
    """The leading face and its expression."""

    def __init__(self, classifier: EmotionClassifier) -> None:
        self._classifier = classifier
        self._tap = _tap(classifier.spec.needs)
        self._pace = Pace(FACES_FPS)
        self._face: Face | None = None

    def watch(self, time: float, picture: UInt8) -> Face | None:
        """Of a frame `[H, W, 3]`."""
        if self._pace.due(time):
            small = fit_picture(picture, self._tap)
            (expressions,) = self._classifier.expressions(small[None])
            self._face = None
            if expressions:
                box, (high, wide) = expressions[0].box, small.shape[:2]
                right, bottom = (box.left + box.side) / wide, (box.top + box.side) / high
                self._face = Face(box.left / wide, box.top / high, right, bottom, expressions[0].probabilities)
        return self._face


class ActivityWatcher:
    """What is done, averaged over the last `window` predictions."""

    def __init__(self, classifier: Classifier, encoder: Encoder, window: int | None, fps: float) -> None:
        """`fps`: of the film; a classifier of single frames sees each of them, at most 25 a second."""
        self._classifier, self._encoder = classifier, encoder
        self._by_clip = isinstance(classifier.spec.needs, ClipVectorsNeeded)
        needs = classifier.spec.needs
        if isinstance(needs, ClipVectorsNeeded):
            plan = ClipPlan(encoder.spec.frames, encoder.spec.fps, encoder.spec.size)
            needs = FramesNeeded(plan.fps, plan.size, plan.size, plan.fit, plan.frames)
        elif needs.window == 1:
            needs = FramesNeeded(min(max(fps, needs.fps), 25.0), needs.width, needs.height, needs.fit)
        self._frames_wanted = needs.window
        self._tap, self._pace = _tap(needs), Pace(needs.fps)
        rows = window or max(1, round(AVERAGED * needs.fps / needs.window))
        self._rows: deque[Float32] = deque(maxlen=rows)
        self._frames: list[UInt8] = []
        self._seen: Activity | None = None

    def watch(self, time: float, picture: UInt8) -> Activity | None:
        if self._pace.due(time):
            self._frames.append(fit_picture(picture, self._tap))
            if len(self._frames) == self._frames_wanted:
                self._rows.append(self._ask())
                self._frames = []
                self._seen = self._average()
        return self._seen

    def _ask(self) -> Float32:
        frames = np.stack(self._frames)
        if self._by_clip:
            batch: UInt8 | Float32 = self._encoder.encode_clips(frames[None])
        else:
            batch = frames if self._frames_wanted == 1 else frames[None]
        row: Float32 = self._classifier.scores(batch)[0]
        return row

    def _average(self) -> Activity | None:
        speaking = [row for row in self._rows if not np.isnan(row).any()]
        if not speaking:
            return None
        mean = np.mean(speaking, axis=0)
        best = int(mean.argmax())
        return Activity(self._classifier.spec.labels[best], float(mean[best]))


class CharacterWatcher:
    """Who is there, and for how long by now."""

    def __init__(self, classifier: Classifier, rule: Rule) -> None:
        needs = classifier.spec.needs
        assert isinstance(needs, FramesNeeded)
        self._classifier, self._rule = classifier, rule
        self._tap, self._pace = _tap(needs), Pace(needs.fps)
        labels = classifier.spec.labels
        self._rows: deque[Float32] = deque(maxlen=max(1, round(rule.smooth * needs.fps)))
        self._here = dict.fromkeys(labels, False)
        self._seconds = dict.fromkeys(labels, 0.0)
        self._before = 0.0

    def watch(self, time: float, picture: UInt8) -> tuple[Appearance, ...]:
        for label, here in self._here.items():
            self._seconds[label] += here * (time - self._before)
        self._before = time
        if self._pace.due(time):
            self._rows.append(self._classifier.scores(fit_picture(picture, self._tap)[None])[0])
            scores = np.nanmean(np.stack(self._rows), axis=0)
            for label, score in zip(self._here, scores, strict=True):
                self._here[label] = bool(score >= (self._rule.leave if self._here[label] else self._rule.enter))
        met = [label for label, seconds in self._seconds.items() if seconds or self._here[label]]
        return tuple(Appearance(label, self._here[label], self._seconds[label]) for label in met)


class Watch:
    """All that is looked for in one film."""

    def __init__(
        self,
        faces: FaceWatcher | None = None,
        activity: ActivityWatcher | None = None,
        characters: CharacterWatcher | None = None,
    ) -> None:
        self._faces, self._activity, self._characters = faces, activity, characters

    def watch(self, time: float, picture: UInt8) -> Seen:
        """What is known once the frame `[H, W, 3]` at `time` seconds has been seen."""
        return Seen(
            self._faces.watch(time, picture) if self._faces else None,
            self._activity.watch(time, picture) if self._activity else None,
            self._characters.watch(time, picture) if self._characters else (),
        )


def _tap(needs: object) -> Tap:
    assert isinstance(needs, FramesNeeded)
    return Tap("watch", needs.fps, needs.width, needs.height, needs.fit)
