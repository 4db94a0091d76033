"""Questions that surely find something: each was asked before it is offered."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from search.bands import STRONG
from search.errors import VsearchError
from search.query import SearchRequest
from search.service import SearchService

PATIENCE = 2.0
"""Seconds after which no further sentence is asked."""
NEAR = 10.0
"""Seconds of one film, of which one moment is enough."""
SENTENCES = """
a dog / people dancing / the sea / a cat / snow / a face / a car on a road / fire / a robot / a forest /
someone cooking / children playing / a city at night / a ghost / flowers / a mountain / an octopus /
a penguin / someone running / a bird flying / a frog / a horse / a rabbit / food on a plate / the desert /
a boat / rain / a chick / someone singing on a stage / a pig / a train / someone riding a bicycle /
a sunset / a beach / the moon / hands / a room with furniture / a football match / an aeroplane /
someone talking to the camera / a garden / a street with houses / someone swimming / a computer /
a waterfall / a baby / a crowd / someone sleeping / a field / a bridge
"""
"""What films are often of, the likeliest first; some of it is in drawn films alone."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question, and what it finds first."""

    line: str
    clip_id: int


def suggest(service: SearchService, most: int = 6) -> list[Suggestion]:
    """Sentences whose best moment is strong, each with a moment elsewhere; fewer than `most` where there are no more.

    Empty while the encoder is not loaded, or where it cannot be.
    """
    return list(islice(_finding(service), most)) if service.ready else []


def _finding(service: SearchService) -> Iterator[Suggestion]:
    until, shown = time.monotonic() + PATIENCE, set()
    for sentence in " ".join(SENTENCES.split()).split(" / "):
        if time.monotonic() > until:
            return
        try:
            answer = service.search(SearchRequest(sentence, k=1, facets=False))
        except VsearchError:  # no word of it is known
            continue
        best = answer.hits[0] if answer.hits and not answer.unknown_words else None
        place = best and (best.clip.video_id, best.start // NEAR)
        if best and best.band == STRONG and place not in shown:
            shown.add(place)
            yield Suggestion(sentence, best.clip.id)
