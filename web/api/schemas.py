"""What every answer of the API has in common, as pydantic models: OpenAPI is made from them."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

MOST_ID = 2**63 - 1

Seconds = Annotated[float, Field(description="Seconds from the first shown frame.", ge=0)]
Path = Annotated[str, Field(description="Path on the machine that serves; bytes that are no UTF-8 become U+FFFD.")]
Schema1 = Annotated[Literal[1], Field(description="Version of the document. Fields are added, never renamed.")]
Cursor = Annotated[
    str, Field(description="Opaque: the `next` of the page before. Empty for the first page.", max_length=200)
]
Next = Annotated[str | None, Field(description="The `cursor` of the next page; null on the last.")]


class Described(BaseModel):
    """A shape that the API's description tells of."""

    @classmethod
    @cache
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:  # type: ignore[override]
        """Made once: flask-openapi3 asks for it at each request, and for each answer of each path."""
        return super().model_json_schema(*args, **kwargs)


class Asked(Described):
    """What a request says in its address or body."""


class VideoId(Asked):
    """The video of a path."""

    video_id: int = Field(description="As `video_id` in results.", ge=0, le=MOST_ID)


class ClipId(Asked):
    """The clip of a path."""

    clip_id: int = Field(description="As `clip_id` in results.", ge=0, le=MOST_ID)


class ErrorFacts(Described):
    """What went wrong."""

    code: str = Field(description="Stable and kebab-case, as `bad-query`: programs may match on it.")
    message: str = Field(description="What happened, in a sentence.")
    cure: str = Field(description="What to do about it, in a sentence.")


class ErrorAnswer(Described):
    """Every error, whatever its status."""

    version: Schema1 = Field(alias="schema")
    error: ErrorFacts = Field(description="What went wrong, and what to do about it.")


class TagName(Described):
    """`kind:label`."""

    kind: str = Field(description="What sort of tag: `emotion`, `activity`, `character`.")
    label: str = Field(description="Which of that sort: `happy`.")


class FacetFacts(TagName):
    """How often a tag is seen."""

    videos: int = Field(description="Videos in which it is seen.", ge=0)
    clips: int = Field(description="Clips in which it is seen.", ge=0)
    seconds: float = Field(description="Seconds for which it is seen, over all these videos.", ge=0)


class FacetsDocument(Described):
    """The tags by which a question can be narrowed."""

    version: Schema1 = Field(alias="schema")
    facets: list[FacetFacts] = Field(description="By kind; within a kind, those of the most clips first.")


class HealthDocument(Described):
    """Whether the server is there, and whether a question would be answered at once."""

    version: Schema1 = Field(alias="schema")
    live: Literal[True] = Field(description="It answers.")
    ready: bool = Field(description="Whether the encoder and the vectors are loaded.")
