"""What a library holds, and whether its parts agree."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from search.answer import facet_document, printable
from search.catalog.filters import ClipFilter
from search.catalog.records import VideoRecord, VideoState
from search.disk_use import disk_use
from search.errors import NotFound
from search.library import Library
from search.naming import remove_pictures
from search.proxies import remove_proxies


def library_status(library: Library) -> dict[str, Any]:
    """The document of `vsearch status`; `bytes` is all that `disk_use` counts."""
    counts = library.catalog.counts()
    unsound = [video for video in library.catalog.videos() if video.code]
    return {
        "schema": 1,
        "library": library.name,
        "encoder": {
            "name": library.spec.name,
            "fingerprint": library.spec.fingerprint,
            "dim": library.spec.dim,
        },
        "classifiers": classifiers_in_use(library),
        "videos": {state.value: count for state, count in counts.videos.items()},
        "clips": counts.clips,
        "index": library.vectors.kind,
        "film_seconds": round(counts.film_seconds, 3),
        "bytes": disk_use(library).total,
        "roots": [{"path": printable(str(root.path)), "missing": root.missing} for root in library.catalog.roots()],
        "failures": [_failure(video) for video in unsound],
    }


def classifiers_in_use(library: Library) -> list[dict[str, Any]]:
    """Which have looked at films; `model` as it was chosen, None where there is nothing to choose."""
    chosen = json.loads(library.catalog.meta("classifiers") or "{}")
    models = {"activity": chosen.get("activity"), "character": chosen.get("characters")}
    return [
        {"kind": kind, "model": models.get(kind), "videos": videos}
        for kind, videos in library.catalog.tracked_kinds().items()
        if kind not in library.hidden_kinds
    ]


def library_tags(library: Library) -> dict[str, Any]:
    """The document of `vsearch tags`."""
    facets = library.catalog.facets(ClipFilter(), library.hidden_kinds)
    return {"schema": 1, "tags": [facet_document(facet) for facet in facets]}


def verify_library(library: Library) -> dict[str, Any]:
    """Compares catalog, vectors and files; rewrites the vector cache where it disagrees.

    `ok` is False when something is wrong that only indexing again (or a backup) can mend. A video that failed to
    decode is no disagreement, nor is one whose root is not there at the moment.
    """
    problems = [{"code": "catalog", "path": "", "message": words} for words in library.catalog.complaints()]
    videos = library.catalog.videos()
    for video in videos:
        if video.state is not VideoState.MISSING:
            problems += _compare_with_file(video)
    mended = library.vectors.complaints()
    if mended:
        with library.indexing():
            library.vectors.rebuild()
    if removed := remove_proxies(library):
        mended.append(
            f"{removed} copies of films were removed: the films have gone or changed, or there was too much of them"
        )
    counts = library.catalog.counts()
    return {
        "schema": 1,
        "ok": not problems,
        "videos": len(videos),
        "clips": counts.clips,
        "index": library.vectors.kind,
        "mended": mended,
        "problems": problems,
    }


def find_videos(library: Library, paths: Sequence[Path]) -> list[VideoRecord]:
    """The videos at or below these paths. Raises NotFound naming the paths where there are none."""
    videos = library.catalog.videos()
    found: dict[int, VideoRecord] = {}
    for path in paths:
        below = [video for video in videos if _holds(path, video.path)]
        if not below:
            raise NotFound(f"The library holds nothing at {path}.", "`vsearch roots list` names the indexed folders.")
        found.update({video.id: video for video in below})
    return list(found.values())


def forget_videos(library: Library, paths: Sequence[Path]) -> list[VideoRecord]:
    """Takes the roots and videos at or below these paths out of the library, with all that is kept of them; which
    videos they were.

    To be called under the indexing lock. Raises NotFound for a path at which there is neither.
    """
    roots = [root for root in library.catalog.roots() if any(_holds(path, root.path) for path in paths)]
    inside = [path for path in paths if not any(_holds(path, root.path) for root in roots)]
    found = [*find_videos(library, inside), *(one for root in roots for one in library.catalog.videos(root.id))]
    videos = list({video.id: video for video in found}.values())
    library.catalog.forget_videos([video.id for video in videos], [root.id for root in roots])
    library.fold()
    remove_proxies(library)
    remove_pictures(library)
    return videos


def _holds(path: Path, other: Path) -> bool:
    """Whether a path as a person wrote it is another one of the library, or a folder around that."""
    return bool({path.expanduser().absolute(), path.expanduser().resolve()} & {other, *other.parents})


def _failure(video: VideoRecord) -> dict[str, str]:
    path = printable(str(video.path))
    return {"path": path, "state": video.state.value, "code": video.code, "reason": video.reason}


def _compare_with_file(video: VideoRecord) -> list[dict[str, str]]:
    path = printable(str(video.path))
    try:
        facts = video.path.stat()
    except OSError as error:
        return [{"code": "file-gone", "path": path, "message": f"{path}: {error.strerror}"}]
    if (facts.st_size, facts.st_mtime_ns) != (video.file.size, video.file.mtime_ns):
        return [{"code": "file-changed", "path": path, "message": f"{path}: changed since it was indexed"}]
    return []
