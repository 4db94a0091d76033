"""Saved searches, as pydantic models."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from search.query import MOST_RESULTS
from search.saved import LONGEST_NAME
from web.api.schemas import Asked, Described, Schema1


class SavedName(Asked):
    """The saved search of a path."""

    name: str = Field(description="Its name, percent-encoded.", min_length=1)


class NewSaved(Asked):
    """A question to be kept under a name."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(description="One line, without spaces around it.", min_length=1, max_length=LONGEST_NAME)
    question: str = Field(description="In the query language.", min_length=1)


class RunSaved(Asked):
    """How a saved search is asked."""

    model_config = ConfigDict(extra="forbid")

    k: int = Field(10, description="Results at most.", ge=1, le=MOST_RESULTS)
    new_since_last: bool = Field(
        False, description="Only moments of clips that came since it was last asked so; they then count as told."
    )


class SavedFacts(Described):
    """A question under a name."""

    name: str = Field(description="Its name.")
    question: str = Field(description="In the query language.")
    added: str = Field(description="When it was saved: RFC 3339, UTC.")
    last_run: str | None = Field(description="When new moments were last asked for: RFC 3339, UTC; or null.")


class SavedDocument(SavedFacts):
    """One saved search."""

    version: Schema1 = Field(alias="schema")


class SavedListDocument(Described):
    """All saved searches."""

    version: Schema1 = Field(alias="schema")
    saved: list[SavedFacts] = Field(description="By name.")


class RemovedDocument(Described):
    """What was removed."""

    version: Schema1 = Field(alias="schema")
    removed: str = Field(description="The name of the saved search.")
