"""`vsearch mcp`."""

from __future__ import annotations

import click

from search.errors import CannotGoOn
from search.library import open_library
from search.service import SearchService


@click.command("mcp")
def mcp_command() -> None:
    """Serve the library to an assistant, over the Model Context Protocol on standard input and output.

    Name `vsearch mcp` as the command of a server in the assistant's settings. Needs `pip install 'vsearch[mcp]'`.
    """
    try:
        from web.assistant import assistant_server
    except ImportError as error:
        raise CannotGoOn(
            "The Model Context Protocol is not installed here.", "Run `pip install 'vsearch[mcp]'`."
        ) from error
    with open_library() as library:
        assistant_server(SearchService(library)).run("stdio")
