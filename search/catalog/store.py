"""The catalog: the one place where SQL is spoken."""

from __future__ import annotations

from search.catalog.appearances import Appearances
from search.catalog.clips import Clips
from search.catalog.cues import Cues
from search.catalog.cuts import Cuts
from search.catalog.facts import Facts
from search.catalog.jobs import Jobs
from search.catalog.naming_steps import NamingSteps
from search.catalog.roots import Roots
from search.catalog.saved import SavedSearches
from search.catalog.schema import bring_up_to_date
from search.catalog.stores.base import Store, translated
from search.catalog.tags import Tags
from search.catalog.tracks import Tracks
from search.catalog.video_pages import VideoPages
from search.catalog.videos import Videos


class Catalog(
    Roots,
    Videos,
    VideoPages,
    Clips,
    Facts,
    Tracks,
    Tags,
    Cuts,
    Cues,
    SavedSearches,
    Jobs,
    Appearances,
    NamingSteps,
):
    """Roots, videos, clips, tracks, segments, cuts, cues, appearances, saved searches, jobs and facts.

    All in one store. Safe to share between threads; any number of readers beside one writer. Its methods raise only
    errors of `search.errors`.
    """

    def complaints(self) -> list[str]:
        """What the database finds wrong with itself; empty when it is whole."""
        with self.reading() as session:
            return self.store.complaints(session)


def open_catalog(store: Store) -> Catalog:
    """Opens the catalog in a store, creating it or bringing its schema up to date where that can be written."""
    with translated(store):
        bring_up_to_date(store)
    return Catalog(store)
