"""Saved searches: questions under names, and what is new since one was last asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from search.answer import SearchAnswer
from search.asking.understanding import understand
from search.catalog.saved import SavedSearch
from search.errors import NotFound, UsageError
from search.library import Library
from search.query import SearchRequest, check_request, did_you_mean
from search.service import SearchService

LONGEST_NAME = 200


def add_saved(library: Library, name: str, question: str) -> SavedSearch:
    """Keeps a question under a name.

    Raises BadQuery, TooLarge or UnknownTag where the question cannot be asked; UsageError where the name is none, or
    is taken.
    """
    if not is_name(name):
        raise UsageError(
            f"{name[:80]!r} is no name for a saved search.",
            f"Take one line of at most {LONGEST_NAME} characters, without spaces around it.",
        )
    request = SearchRequest(" ".join(question.split()))
    check_request(request)
    understand(request, library.catalog.tags(library.hidden_kinds), library.hidden_kinds)
    if not library.catalog.save_search(name, request.text):
        raise UsageError(
            f"There is a saved search {name!r} already.", f"Take another name, or `vsearch saved remove {name!r}`."
        )
    return find_saved(library, name)


def is_name(name: str) -> bool:
    """Whether a saved search can be called that."""
    return 0 < len(name) <= LONGEST_NAME and name == name.strip() and name.isprintable()


def find_saved(library: Library, name: str) -> SavedSearch:
    """Raises NotFound, with the nearest name there is."""
    found = library.catalog.saved_search(name) if is_name(name) else None  # databases do not take every text
    if found is None:
        names = [saved.name for saved in library.catalog.saved_searches()]
        cure = did_you_mean(name, names, "The saved searches") if names else "Make one with `vsearch saved add`."
        raise NotFound(f"There is no saved search {name!r}.", cure)
    return found


def remove_saved(library: Library, name: str) -> None:
    """Raises NotFound."""
    find_saved(library, name)
    library.catalog.forget_search(name)


def run_saved(service: SearchService, name: str, k: int = 10) -> SearchAnswer:
    """The answer to a saved search. Raises NotFound, and what `SearchService.search` raises."""
    return service.search(SearchRequest(find_saved(service.library, name).question, k=k))


@contextmanager
def new_moments(service: SearchService, name: str, k: int = 10) -> Iterator[SearchAnswer]:
    """The `k` best moments of clips that came since this was last asked; none where nothing is like the question.

    with new_moments(service, "dogs") as answer:
        tell_somebody(answer)

    What is new counts as told when the block ends well: after an exception, or a crash, it is still new. Raises
    NotFound, and what `SearchService.search` raises.
    """
    catalog = service.library.catalog
    saved = find_saved(service.library, name)
    newest = catalog.newest_clip()  # before asking: a clip that comes meanwhile may be told twice, but never missed
    answer = service.search(SearchRequest(saved.question, k=k, newer_than=saved.newest_clip))
    yield replace(answer, hits=()) if answer.nothing else answer
    catalog.mark_search(name, newest)


def saved_document(saved: SavedSearch) -> dict[str, Any]:
    """Times as RFC 3339, in UTC; `last_run` is when new moments were last asked for, or null."""
    return {
        "name": saved.name,
        "question": saved.question,
        "added": _time(saved.added_at),
        "last_run": None if saved.ran_at is None else _time(saved.ran_at),
    }


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
