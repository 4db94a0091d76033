"""`vsearch serve`."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from search.errors import CannotGoOn, LibraryMissing, VsearchError
from search.library import Library, open_library
from search.runtime import verbose
from search.service import SearchService
from search.settings import read_settings
from web.safety.security import is_loopback

if TYPE_CHECKING:
    from web.safety.access import Access

THREADS = 8
LARGEST_BODY = 256 << 20
"""Bytes; of a larger body not even the beginning is read. Up to that the site says what is too large, in words."""


@click.command()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; one that others can reach asks for a token (VSEARCH_TOKEN, or a new one).",
)
@click.option("--port", default=8765, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--open", "open_browser", is_flag=True, help="Open the page in a browser, if there is a screen.")
@click.option(
    "--watch", "watched", multiple=True, type=click.Path(path_type=Path), metavar="FOLDER",
    help="Follow this folder, and index what changes in it; repeat for more.",
)  # fmt: skip
@click.option("--name", "names", multiple=True, help="A name by which others call this machine; repeat for more.")
@click.option("--camera", "cameras", type=click.IntRange(0, 99), multiple=True, help="Show this camera on /live.")
def serve(
    *, host: str, port: int, open_browser: bool, watched: tuple[Path, ...], names: tuple[str, ...],
    cameras: tuple[int, ...],
) -> int:  # fmt: skip
    """Serve the search page and the JSON API."""
    access = None if is_loopback(host) else guarded(names)
    with listen(host, port) as listener, following(watched), open_library() as library:
        address = address_of(listener)
        click.echo(f"Serving {library.name} at {address} (Ctrl-C ends it)", err=True)
        if library.notice:
            click.echo(library.notice, err=True)
        if open_browser and has_screen():
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        if access:
            click.echo(f"Others can reach it, and need its token: {access.token}", err=True)
            click.echo("What is sent is not encrypted: put a proxy with TLS before it, or use a tunnel.", err=True)
        return run_server(library, listener, cameras, access)


def guarded(names: tuple[str, ...]) -> Access:
    """Raises UsageError for a token that is easily guessed."""
    from web.safety.access import open_access

    return open_access(read_settings().token, names)


def following(folders: Sequence[Path]) -> AbstractContextManager[object]:
    """The indexing service: it does the jobs that pages ask for, and follows these folders, if any.

    Where there is no library, one is made: a page helps to fill it. One that can only be read has no service.
    """
    if not folders:
        with suppress(LibraryMissing), open_library() as library:
            if not library.writable:
                return nullcontext()
    from indexer.jobs.service import start_service

    return start_service(None, folders, say=lambda words: click.echo(words, err=True))


def has_screen() -> bool:
    """Whether a browser would have a window: without one a text browser would take over the terminal."""
    return sys.platform in ("darwin", "win32") or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on an address of this machine. Raises CannotGoOn when it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        what = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be opened ({error.strerror})"
        raise CannotGoOn(f"Port {port} of {host} {what}.", "Choose another: --port 0 takes a free one.") from error


def address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def run_server(
    library: Library, listener: socket.socket, cameras: Sequence[int] = (), access: Access | None = None
) -> int:
    """Serves until SIGTERM (returns 0) or SIGINT (returns 130). Questions wait for the encoder, pages do not."""
    import waitress

    from web.app import create_app
    from web.library.events import ENDING
    from web.safety.refused_requests import Channel

    service = SearchService(library)
    app = create_app(service, cameras, access)
    ended_by: list[int] = []

    def end(signum: int, _frame: FrameType | None) -> None:
        ended_by.append(signum)
        app.config[ENDING] = True
        raise SystemExit

    logging.getLogger("waitress").setLevel(logging.WARNING if verbose() else logging.CRITICAL)
    server = waitress.create_server(
        app,
        sockets=[listener],
        threads=THREADS,
        ident=None,
        max_request_body_size=LARGEST_BODY,
        channel_request_lookahead=1,  # tells a request in work when its client has gone
    )
    server.channel_class = Channel
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, end)
    threading.Thread(target=warm, args=(service,), daemon=True).start()
    try:
        server.run()
    finally:
        server.close()
    return 130 if signal.SIGINT in ended_by else 0


def warm(service: SearchService) -> None:
    """Loads what asking needs, and says what hinders it: each question would then be answered with the same words."""
    try:
        service.warm()
    except VsearchError as error:
        click.echo(f"vsearch: {error.message}\n  {error.cure}", err=True)
