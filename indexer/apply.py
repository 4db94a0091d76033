"""Writing into the catalog what a plan says without decoding anything: moved, removed, missing, back again."""

from __future__ import annotations

from indexer.finding.changes import Plan
from indexer.finding.look import Look
from search.catalog.store import Catalog


def apply_plan(catalog: Catalog, plan: Plan, look: Look) -> None:
    """A few short transactions; whichever are done when a run is killed are not planned again by the next."""
    for root in catalog.roots():
        if root.path in (look.present if root.missing else look.absent):
            catalog.set_root_missing(root.id, not root.missing)
    if plan.missing:
        catalog.mark_missing([video.id for video in plan.missing], True)
    if plan.returned:
        catalog.mark_missing([video.id for video in plan.returned], False)
    if plan.removed:
        catalog.forget_videos([video.id for video in plan.removed])
    for moved in plan.moved:
        catalog.move_video(moved.video.id, catalog.add_root(moved.root).id, moved.relpath, moved.file)
    for touched in plan.touched:
        catalog.touch_video(touched.video.id, touched.file)
