"""The library as an assistant meets it: through the protocol's own client."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from mcp.server.mcpserver import MCPServer

from search.catalog.records import Segment
from search.service import SearchService
from tests.library_fixtures import add_film, make_library
from web.assistant import assistant_server

Talk = Callable[[Client], Awaitable[Any]]


@pytest.fixture
def server(tmp_path: Path) -> MCPServer:
    library = make_library(tmp_path / "library")
    segments = [Segment("character", "tom", 0.0, 2.0, 0.9)]
    add_film(library, "one.mp4", ["red", "green"], segments=segments)
    add_film(library, "two.mp4", ["blue", "orange"])
    return assistant_server(SearchService(library))


def talk(server: Any, words: Talk) -> Any:
    async def conversation() -> Any:
        async with Client(server) as client:
            return await words(client)

    return asyncio.run(conversation())


def call(server: Any, tool: str, **arguments: Any) -> Any:
    return talk(server, lambda client: client.call_tool(tool, arguments))


def test_the_tools_say_what_they_are_for(server: MCPServer) -> None:
    listed = talk(server, lambda client: client.list_tools()).tools

    assert {tool.name for tool in listed} == {"search", "similar", "video", "screen_time"}
    assert all(tool.description for tool in listed)
    (search,) = (tool for tool in listed if tool.name == "search")
    assert search.input_schema["properties"]["question"]["description"]
    assert search.input_schema["required"] == ["question"]


def test_a_question_is_answered_with_the_document_of_search(server: MCPServer) -> None:
    answer = call(server, "search", question="green", k=1).structured_content

    (hit,) = answer["results"]
    assert (hit["title"], hit["start"]) == ("one.mp4", 1.6)
    assert answer["query"]["text"] == "green"


def test_one_result_leads_to_others_like_it_and_to_its_film(server: MCPServer) -> None:
    hit = call(server, "search", question="blue", k=1).structured_content["results"][0]

    like_it = call(server, "similar", clip_id=hit["clip_id"], k=3).structured_content
    film = call(server, "video", video_id=hit["video_id"]).structured_content

    assert hit["clip_id"] not in [other["clip_id"] for other in like_it["results"]]
    assert (film["title"], film["duration"]) == ("two.mp4", 3.2)


def test_screen_time_of_one_film_and_of_all(server: MCPServer) -> None:
    every = call(server, "screen_time").structured_content["videos"]
    one = call(server, "screen_time", video_id=every[0]["video_id"]).structured_content["videos"]

    assert [len(video["characters"]) for video in every] == [1, 0]
    assert (one[0]["characters"][0]["label"], one[0]["characters"][0]["seconds"]) == ("tom", 2.0)


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("search", {"question": ""}, "question is empty"),
        ("search", {"question": "emotion:angry red"}, "emotion"),
        ("video", {"video_id": 999}, "There is no video 999"),
        ("similar", {"clip_id": 999}, "999"),
    ],
)
def test_what_cannot_be_answered_is_an_error_with_a_cure(
    server: MCPServer, tool: str, arguments: dict[str, Any], said: str
) -> None:
    answer = call(server, tool, **arguments)

    assert answer.is_error
    assert said in answer.content[0].text
    assert "Traceback" not in answer.content[0].text


@pytest.mark.slow
def test_an_assistant_starts_the_command_and_talks_to_it(tmp_path: Path) -> None:
    with make_library(tmp_path / "library") as library:
        add_film(library, "one.mp4", ["red"])
    words = ["-m", "vsearch", "--library", str(tmp_path / "library"), "mcp"]

    answer = call(StdioServerParameters(command=sys.executable, args=words), "video", video_id=1)

    assert answer.structured_content["title"] == "one.mp4"
