"""Results by video. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class OfVideo(Protocol):
    """A moment, or what was made of some: anything that belongs to one video."""

    @property
    def video_id(self) -> int: ...


Result = TypeVar("Result", bound=OfVideo)


@dataclass(frozen=True, slots=True)
class VideoGroup(Generic[Result]):
    """The best result of one video, and its further ones."""

    best: Result
    others: tuple[Result, ...] = ()


def group_by_video(results: Iterable[Result]) -> list[VideoGroup[Result]]:
    """Each video once, where its best result was. `results` come best first: moments, folded ones, chains."""
    videos: dict[int, list[Result]] = {}
    for result in results:
        videos.setdefault(result.video_id, []).append(result)
    return [VideoGroup(own[0], tuple(own[1:])) for own in videos.values()]
