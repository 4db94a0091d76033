"""Asking for a job: what can be seen to be wrong is refused before it waits."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from indexer.finding.look import is_gone
from search.catalog.jobs import Job, JobKind
from search.catalog.store import Catalog
from search.errors import NotFound, PathNotFound, UsageError


def ask_for(catalog: Catalog, kind: JobKind, about: Sequence[str | Path] = ()) -> Job:
    """Queues a job, or gives the one that waits to do the same.

    `about`: for INDEX and FORGET the paths, at least one; for DRAW the folder to draw into; for RESCAN roots and for
    RETRY paths, where none means all roots; for RETAG changes of rules, where none makes the tags anew by the rules
    that hold; for GROUP nothing. Raises UsageError for no paths, PathNotFound for what is not there to be indexed,
    NotFound for what is no root.
    """
    if kind is JobKind.GROUP:
        return catalog.queue_job(kind, [])
    if kind is JobKind.RETAG:
        return catalog.queue_job(kind, [str(change) for change in about])
    paths = [absolute(Path(path)) for path in about]
    roots = [root.path for root in catalog.roots()]
    if not paths and kind in (JobKind.INDEX, JobKind.FORGET, JobKind.DRAW):
        raise UsageError("There is nothing to do without a path.", "Name a folder or a file.")
    for path in paths:
        if kind is JobKind.INDEX and is_gone(path) and not any(path.is_relative_to(root) for root in roots):
            raise PathNotFound(f"There is no {path}.", "Check the spelling, or whether the disk is connected.")
        if kind is JobKind.RESCAN and path not in roots:
            raise NotFound(f"{path} is not an indexed folder.", "`vsearch roots list` names them.")
    return catalog.queue_job(kind, [str(path) for path in paths])


def absolute(path: Path) -> Path:
    """Links are not followed: people know the link."""
    return Path(os.path.abspath(path.expanduser()))  # noqa: PTH100
