"""The catalog: the one place where SQL is spoken."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from search.catalog.clips import Clips
from search.catalog.cues import Cues
from search.catalog.cuts import Cuts
from search.catalog.engine import open_engine, translated
from search.catalog.facts import Facts
from search.catalog.jobs import Jobs
from search.catalog.roots import Roots
from search.catalog.saved import SavedSearches
from search.catalog.schema import bring_up_to_date
from search.catalog.tags import Tags
from search.catalog.tracks import Tracks
from search.catalog.video_pages import VideoPages
from search.catalog.videos import Videos


class Catalog(Roots, Videos, VideoPages, Clips, Facts, Tracks, Tags, Cuts, Cues, SavedSearches, Jobs):
    """Roots, videos, clips, tracks, segments, cuts, cues, saved searches, jobs and facts about the library.

    All in one SQLite file. Safe to share between threads; any number of readers beside one writer. Its methods raise
    only errors of `search.errors`.
    """

    def complaints(self) -> list[str]:
        """What the database finds wrong with itself; empty when it is whole."""
        with self.reading() as session:
            found = [row[0] for row in session.execute(text("PRAGMA integrity_check"))]
            found += [f"dangling row in {row[0]}" for row in session.execute(text("PRAGMA foreign_key_check"))]
        return [words for words in found if words != "ok"]


def open_catalog(path: Path, *, writable: bool) -> Catalog:
    """Opens the catalog file, creating it or bringing its schema up to date when `writable`."""
    with translated(path):
        engine = open_engine(path, writable=writable)
        bring_up_to_date(engine, path, writable=writable)
    return Catalog(engine, path)
