"""The library as tools for assistants, over the Model Context Protocol."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from importlib.metadata import version
from typing import Annotated, Any, Literal, ParamSpec

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from classifiers.screen_time import KIND, screen_time
from search.answer import printable
from search.errors import VsearchError
from search.query import SearchRequest
from search.service import SearchService
from web.api.videos import video_document

INSTRUCTIONS = """vsearch finds moments in the films of one library. Ask `search` with a short description of what is
to be seen, in plain English: who, doing what, where. Narrow it with `character:tom`, `emotion:happy`, `in:folder/`,
`said:"words"`, `-word`; `A then B` finds A followed by B in one film. Times are seconds from a film's beginning. The
band of a result says how much it means: strong, possible or weak; where `nothing` is true, nothing like it is there
and the results are only the nearest."""

Parameters = ParamSpec("Parameters")
Document = dict[str, Any]
Count = Annotated[int, Field(description="How many results at most.", ge=1, le=100)]


def assistant_server(service: SearchService) -> MCPServer:
    """A server of the Model Context Protocol with the tools `search`, `similar`, `video` and `screen_time`."""
    server = MCPServer("vsearch", instructions=INSTRUCTIONS, version=version("vsearch"), log_level="ERROR")
    catalog = service.library.catalog

    @server.tool()
    @_with_cures
    def search(
        question: Annotated[str, Field(description="What is to be seen or heard, in the query language.")],
        k: Count = 10,
        group: Annotated[Literal["clip", "video"], Field(description="Moments, or the best of each film.")] = "clip",
    ) -> Document:
        """Find moments for a description, best first, with film, seconds and how much the match means."""
        return service.search(SearchRequest(question, k, group=group, facets=False)).to_document()

    @server.tool()
    @_with_cures
    def similar(clip_id: Annotated[int, Field(description="The `clip_id` of a result.")], k: Count = 10) -> Document:
        """Find moments that look like one that was found."""
        return service.search(SearchRequest(f"like:{clip_id}", k, facets=False)).to_document()

    @server.tool()
    @_with_cures
    def video(video_id: Annotated[int, Field(description="The `video_id` of a result.")]) -> Document:
        """Tell all that is known of one film: length, shots, what is tagged when, words said, screen time."""
        return video_document(service.library, video_id)

    @server.tool("screen_time")
    @_with_cures
    def time_on_screen(
        video_id: Annotated[int | None, Field(description="One film; left out, every film.")] = None,
    ) -> Document:
        """Tell how long each character is on screen, when, and who appears together."""
        videos = catalog.videos() if video_id is None else [catalog.video(video_id)]
        return {
            "schema": 1,
            "videos": [
                {
                    "video_id": one.id,
                    "path": printable(str(one.path)),
                    **screen_time(catalog.segments(one.id, KIND), one.facts.duration).to_document(),
                }
                for one in videos
            ],
        }

    return server


def _with_cures(tool: Callable[Parameters, Document]) -> Callable[Parameters, Document]:
    """An assistant is told what went wrong and what to do about it, as people are."""

    @wraps(tool)
    def told(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Document:
        try:
            return tool(*args, **kwargs)
        except VsearchError as error:
            raise ToolError(f"{error.message} {error.cure}") from error

    return told
