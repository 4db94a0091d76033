"""Questions and their answers, as pydantic models."""

from __future__ import annotations

from typing import Annotated, Literal

from flask_openapi3.models.file import FileStorage
from pydantic import ConfigDict, Field

from search.query import MOST_RESULTS, SearchRequest, parse_tag
from web.api.schemas import Asked, Cursor, Described, FacetFacts, Next, Path, Schema1, Seconds, TagName

Score = Annotated[
    float | None,
    Field(
        description="Dot product of question and clip, higher is nearer. Of `A then B`: the mean of its moments, in "
        "standard deviations of each question. Null where nothing seen was asked for."
    ),
]
Thumbnail = Annotated[str, Field(description="Path of a JPEG on this server.")]


class Narrowing(Asked):
    """How the clips are narrowed that a question may find."""

    q: str = Field("", description="The question, in the query language (docs/asking.md). Plain text is plain text.")
    tag: list[str] = Field([], description="Only clips with this tag, `kind:label`. Repeat it for more.")
    any: bool = Field(False, description="Clips with any of the tags, not only those with all.")
    min_seconds: float = Field(0.0, description="Seconds that a tag must last to count.", ge=0, le=1e9)

    def to_request(self) -> SearchRequest:
        """Raises BadQuery."""
        tags = tuple(parse_tag(tag) for tag in self.tag)
        return SearchRequest(self.q, tags=tags, any_of=self.any, min_seconds=self.min_seconds)


class SearchQuery(Narrowing):
    """What `/api/search` takes in its address."""

    k: int = Field(10, description="Results a page at most.", ge=1, le=MOST_RESULTS)
    group: Literal["clip", "video"] = Field("clip", description="`video`: the best moment of each video only.")
    sort: Literal["best", "film", "newest"] = Field(
        "best",
        description="`film`: by film and time. `newest`: the films taken last first. Both without weak moments.",
    )
    explain: bool = Field(False, description="Each result says how it came by its rank.")
    cursor: Cursor = ""


class SimilarQuery(Asked):
    """What `/api/similar` takes in its address."""

    k: int = Field(10, description="Results at most.", ge=1, le=MOST_RESULTS)
    tag: list[str] = Field([], description="Only clips with this tag, `kind:label`. Repeat it for more.")


class AskedFiles(Asked):
    """Files to ask with: pictures, or one clip."""

    model_config = ConfigDict(extra="forbid")

    picture: list[FileStorage] = Field(
        [],
        max_length=8,
        description="A picture: JPEG, PNG, WebP, BMP, TIFF. Alone it is the question; `like:NAME` in `q` names it "
        "by its file name. At most 32 MiB and 67 million pixels.",
    )
    clip: list[FileStorage] = Field(
        [],
        max_length=1,
        description="A film, of which the first minute is looked at. At most 64 MiB.",
    )


class QueryFacts(Described):
    """The question as it was understood."""

    text: str = Field(description="As it was asked.")
    tags: list[TagName] = Field(description="As the library writes them.")
    any: bool = Field(description="Whether one of the tags is enough.")
    min_seconds: float = Field(description="Seconds that a tag must last to count.", ge=0)
    unknown_words: list[str] = Field(description="Words of the text that the encoder does not know.")
    did_you_mean: str | None = Field(description="The question without slips of the keyboard; null without any.")
    understood: str = Field(description="The whole question in the query language, as it was understood.")
    minus: list[str] = Field(description="Texts to be far from: `-snow`.")


class EncoderFacts(Described):
    """What made the vectors."""

    name: str = Field(description="As after `--encoder`.")
    fingerprint: str = Field(description="Hexadecimal; scores of equal fingerprints can be compared.")


class TagFacts(TagName):
    """A tag of a moment."""

    score: float = Field(description="How sure the classifier is.", ge=0, le=1)


class Extent(Described):
    """A span of film."""

    start: Seconds
    end: Annotated[float, Field(description="Seconds from the first shown frame, exclusive.", ge=0)]


class CueFacts(Extent):
    """Words said."""

    text: str = Field(description="Plain text.")
    source: str = Field(description="The subtitle file beside the video, or `track N` inside it.")


class FoundCueFacts(CueFacts):
    """Words said that were asked for."""

    marks: list[tuple[int, int]] = Field(
        description="Where the words asked for stand in `text`: character offsets, the second exclusive."
    )


class LaterFacts(Extent):
    """A moment that follows, of `A then B`."""

    clip_id: int = Field(description="Its peak.")
    score: Score
    thumbnail: Thumbnail


class ExplainFacts(Described):
    """How a result came by its rank; null where that played no part."""

    similarity: float | None = Field(None, description="Dot product of question and clip.")
    minus: float | None = Field(None, description="What was taken from it for the words after a minus.")
    standing: float | None = Field(
        None, description="Share of unrelated sentences whose best clip scores lower.", ge=0, le=1
    )
    sight_rank: int | None = Field(None, description="Rank among the moments by what is seen, from 1.")
    words_rank: int | None = Field(None, description="Rank among the moments by what is said, from 1.")
    clip_ids: list[int] = Field([], description="The clips that were merged into the moment.")


class ResultFacts(Extent):
    """A moment: neighbouring clips of one video."""

    rank: int = Field(description="From 1; goes on over the pages.", ge=1)
    score: Score
    band: Literal["strong", "possible", "weak"] = Field(description="What the score means (docs/bands.md).")
    clip_id: int = Field(description="The clip that matches best.")
    video_id: int = Field(description="The video it is in.")
    title: str = Field(description="File name.")
    path: Path
    peak: Extent = Field(description="The clip that matches best.")
    tags: list[TagFacts] = Field(description="What is tagged in the clip, strongest first.")
    thumbnail: Thumbnail
    media: str = Field(description="Path of the film on this server; it serves byte ranges.")
    cues: list[FoundCueFacts] = Field(description="Words said that were asked for.")
    then: list[LaterFacts] = Field(description="The later moments of `A then B`, in order.")
    duplicates: int = Field(description="Moments that look the same and are left out.", ge=0)
    others: int = Field(description="With `group=video`: how many more moments of the video match.", ge=0)
    explain: ExplainFacts | None = Field(None, description="Only with `explain`.")


class SearchDocument(Described):
    """The document of `vsearch search --json`, and where the next page begins."""

    version: Schema1 = Field(alias="schema")
    query: QueryFacts = Field(description="The question as it was understood.")
    encoder: EncoderFacts = Field(description="What made the vectors.")
    nothing: bool = Field(description="Nothing like that is in the library; the results are the nearest there is.")
    group: Literal["clip", "video"] = Field(description="As it was asked for.")
    sort: Literal["best", "film", "newest"] = Field(description="As it was asked for.")
    skip: int = Field(description="Results of the pages before.", ge=0)
    generation: int = Field(description="Grows whenever clips come or go; pages of one generation fit together.")
    count: int = Field(description="Results on this page.", ge=0)
    total: int | None = Field(description="Clips that match, or null where every clip does to some degree.")
    took_ms: float = Field(description="Milliseconds that answering took.", ge=0)
    results: list[ResultFacts] = Field(description="Best first; in film order where only tags were asked for.")
    facets: list[FacetFacts] = Field(description="Tags to narrow the question by.")
    next: Next
    changed: bool = Field(
        description="Videos came or went since the first page: what came is left out, what went leaves a gap.",
    )
