"""What is new, changed, moved, gone: from what the disk shows and what the catalog knows to a plan.

Nothing here touches a disk; the questions that need one (a file's fingerprint, whether a path is gone, what lies
beside a film) come in as functions and are asked only where the answer matters.

- A file belongs to one video. A known path keeps its video; a new one goes to the outermost root that contains it.
- Only what was asked for is judged: videos below the given folders, and the files given by name. A video that a
  pattern left out of this run, or whose folder could not be read, still has its file and is kept as it is.
- A video whose file is gone is removed, unless its whole root is absent (an unmounted disk): then it is missing.
- A file that turns up elsewhere with the fingerprint of a video whose own file is gone is that video, moved.
- A video whose clips are as they should be keeps them, whatever else of its recipe is stale.
- A failed video is not tried again until its file, its recipe or the person (`retry`) asks for it.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from indexer.cues.sidecars import Beside, Sidecar, words_part
from indexer.finding.discover import FoundFile
from indexer.recipe import CLIPS, stale_parts
from search.catalog.records import FileFacts, VideoRecord, VideoState


class Why(StrEnum):
    """Why a file is decoded."""

    NEW = "new"
    CHANGED = "changed"
    STALE = "stale"
    RETRIED = "retried"


@dataclass(frozen=True, slots=True)
class Work:
    """One file to be worked on, and the root and relative path it is stored under."""

    root: Path
    relpath: str
    file: FileFacts
    why: Why
    known: VideoRecord | None = None
    """The video as it is stored, where its clips are kept and only `parts` are made."""
    parts: frozenset[str] = frozenset()
    """Which parts of the recipe are made; with `known` None, all."""
    sidecars: tuple[Sidecar, ...] = ()
    """The files beside it that hold its words."""

    def makes(self, part: str) -> bool:
        return self.known is None or part in self.parts

    @property
    def path(self) -> Path:
        return self.root / self.relpath


@dataclass(frozen=True, slots=True)
class Relocation:
    """A known video and where (and as what) its file is now; the same place when only its date changed."""

    video: VideoRecord
    root: Path
    relpath: str
    file: FileFacts


@dataclass(slots=True)
class Plan:
    """What a run has to do."""

    work: list[Work] = field(default_factory=list)
    unchanged: list[VideoRecord] = field(default_factory=list)
    moved: list[Relocation] = field(default_factory=list)
    touched: list[Relocation] = field(default_factory=list)
    """Same content, another date; counted as unchanged."""
    returned: list[VideoRecord] = field(default_factory=list)
    """Were missing and are there again; counted by what else is true of them."""
    removed: list[VideoRecord] = field(default_factory=list)
    missing: list[VideoRecord] = field(default_factory=list)
    failed_before: list[VideoRecord] = field(default_factory=list)
    """Failed in an earlier run and are the same as then."""
    unreadable: list[tuple[Path, str]] = field(default_factory=list)
    """Files that could not be read, each with what the system said."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the catalog knows: its roots and its videos, and which roots are not there now."""

    roots: Collection[Path] = ()
    absent: Collection[Path] = ()
    videos: Sequence[VideoRecord] = ()


def plan_changes(
    found: Sequence[FoundFile],
    scope: Collection[Path],
    known: Known,
    recipe: str,
    *,
    fingerprint: Callable[[Path], str],
    gone: Callable[[Path], bool],
    beside: Beside | None = None,
    retry: bool = False,
) -> Plan:
    """Compares the `found` files with the `known` videos.

    `scope` are the absolute paths that this run was asked about, folders and files. `fingerprint` may raise OSError.
    `beside` finds the sidecars of a film; with None, words are left as they are.
    """
    planner = _Planner(known, recipe, fingerprint, gone, beside, retry)
    for file in found:
        planner.place(file)
    planner.judge_unseen(scope)
    return planner.plan


class _Planner:
    """One comparison in progress."""

    def __init__(
        self,
        known: Known,
        recipe: str,
        fingerprint: Callable[[Path], str],
        gone: Callable[[Path], bool],
        beside: Beside | None,
        retry: bool,
    ) -> None:
        self.plan = Plan()
        self.known, self.recipe, self.retry = known, recipe, retry
        self.fingerprint, self.gone, self.beside = fingerprint, gone, beside
        self.unseen = {video.path: video for video in known.videos}
        self.by_fingerprint: dict[str, list[VideoRecord]] = defaultdict(list)
        for video in known.videos:
            self.by_fingerprint[video.file.fingerprint].append(video)

    def place(self, found: FoundFile) -> None:
        """Finds out which video a file is, if any, and what it needs."""
        path = found.path
        video = self.unseen.pop(path, None)
        if video and (video.file.size, video.file.mtime_ns) == (found.size, found.mtime_ns):
            if self.keep(Relocation(video, video.root, video.relpath, video.file)):
                self.plan.unchanged.append(video)
            return
        try:
            file = FileFacts(found.size, found.mtime_ns, self.fingerprint(path))
        except OSError as error:
            self.plan.unreadable.append((path, error.strerror or str(error)))
            return
        root, relpath = (video.root, video.relpath) if video else self.address(found.root, path)
        if video and video.file.fingerprint == file.fingerprint:
            self.plan.touched.append(Relocation(video, root, relpath, file))
            if self.keep(self.plan.touched[-1]):
                self.plan.unchanged.append(video)
        elif source := self.source_of_move(file.fingerprint):
            self.plan.moved.append(Relocation(source, root, relpath, file))
            self.keep(self.plan.moved[-1])
        else:
            self.add(Work(root, relpath, file, Why.CHANGED if video else Why.NEW))

    def keep(self, now: Relocation) -> bool:
        """Keeps a video whose content is as it was; whether that is all, else plans what it needs besides."""
        video = now.video
        if video.state is VideoState.MISSING:
            self.plan.returned.append(video)
        stale = stale_parts(video.recipe, self.wanted(now.root / now.relpath))
        if CLIPS in stale:
            self.add(Work(now.root, now.relpath, now.file, Why.STALE))
        elif self.retry and video.code:
            self.add(Work(now.root, now.relpath, now.file, Why.RETRIED))
        elif video.code and not video.clips:
            self.plan.failed_before.append(dataclasses.replace(video, root=now.root, relpath=now.relpath))
        elif stale:
            self.add(Work(now.root, now.relpath, now.file, Why.STALE, video, frozenset(stale)))
        else:
            return True
        return False

    def add(self, work: Work) -> None:
        sidecars = self.beside(work.path) if self.beside else ()
        self.plan.work.append(dataclasses.replace(work, sidecars=sidecars))

    def wanted(self, path: Path) -> str:
        """The recipe for one file: what is made of every film, and of which files the words of this one come."""
        return f"{self.recipe} {words_part(self.beside(path))}" if self.beside else self.recipe

    def source_of_move(self, fingerprint: str) -> VideoRecord | None:
        """A video with this fingerprint whose own file is gone; it is taken only once."""
        for video in self.by_fingerprint[fingerprint]:
            if video.path in self.unseen and self.gone(video.path):
                return self.unseen.pop(video.path)
        return None

    def address(self, given: Path, path: Path) -> tuple[Path, str]:
        """The root a new file goes to (the outermost known one around it, else `given`) and its place there."""
        roots = [root for root in self.known.roots if path.is_relative_to(root)]
        root = min(roots, key=lambda root: len(root.parts), default=given)
        return root, path.relative_to(root).as_posix()

    def judge_unseen(self, scope: Collection[Path]) -> None:
        """Videos that were not found: missing with all of their root, or removed if this run was about them."""
        for path, video in self.unseen.items():
            if video.root in self.known.absent:
                self.plan.missing.append(video)
            elif any(path.is_relative_to(asked) for asked in scope) and self.gone(path):
                self.plan.removed.append(video)
