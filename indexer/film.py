"""One file on its way through the pipeline."""

from __future__ import annotations

from dataclasses import dataclass, field

from indexer.cues.reading import Words
from indexer.decoding.outcome import DecodeOutcome
from indexer.finding.changes import Work
from search.catalog.records import NewClip, Track, VideoState
from search.contracts import Float32


@dataclass(slots=True)
class Film:
    """What has been made of one file so far."""

    work: Work
    clips: list[NewClip] = field(default_factory=list)
    outcome: DecodeOutcome | None = None
    """None at the end when the file changed while it was decoded: it is left for a later run."""
    scores: dict[str, list[Float32]] = field(default_factory=dict)
    """By kind, `[n, L]` each, in the order of time."""
    tracks: list[Track] = field(default_factory=list)
    """Made of the scores when the last one is there."""
    cuts: list[float] = field(default_factory=list)
    """Seconds, ascending."""
    words: Words = field(default_factory=Words)

    @property
    def spoiled(self) -> bool:
        """Whether tracks were to be added to a video that is known, and its file cannot be decoded as it was then.

        They would be shorter than the film: what is stored is better left as it is.
        """
        known, outcome = self.work.known, self.outcome
        if known is None or outcome is None:
            return False
        return outcome.state is VideoState.FAILED or bool(outcome.code and not known.code)
