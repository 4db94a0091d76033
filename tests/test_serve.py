"""`vsearch serve` as a person runs it: one process, one address, an end."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from search.errors import CannotGoOn, UsageError
from search.library import Library
from tests.site_library import site_library
from tests.site_server import get, running, wait_until_ready
from web.commands import THREADS, address_of, guarded, listen, serve
from web.safety.security import HEADERS


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with site_library(tmp_path_factory.mktemp("serve")) as library:
        yield library


@pytest.mark.slow
def test_it_becomes_ready_answers_and_ends_at_sigterm(library: Library) -> None:
    with running(library) as (process, address):
        wait_until_ready(address)
        assert json.loads(get(address + "api/search?q=red&k=1"))["results"][0]["title"] == "sunrise.mp4"
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=10)
        assert (process.returncode, out, err) == (0, "", "")


@pytest.mark.slow
def test_ctrl_c_ends_it_with_130(library: Library) -> None:
    with running(library) as (process, address):
        get(address + "api/health")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)
        assert process.returncode == 130


@pytest.mark.slow
def test_many_paused_players_do_not_stop_the_site(library: Library) -> None:
    """A browser that has enough for now stops reading; that must not hold a thread of the server."""
    film = Path(library.catalog.video(1).path)
    whole = film.read_bytes()
    film.write_bytes(whole + bytes(40_000_000))
    with running(library) as (_, address):
        wait_until_ready(address)
        host, port = re.fullmatch(r"http://(.*):(\d+)/", address).groups()  # type: ignore[union-attr]
        players = [socket.create_connection((host, int(port))) for _ in range(2 * THREADS)]
        try:
            for player in players:
                player.sendall(b"GET /media/1 HTTP/1.1\r\nHost: 127.0.0.1\r\nRange: bytes=5-\r\n\r\n")
            for player in players:
                assert player.recv(12) == b"HTTP/1.1 206"
            assert json.loads(get(address + "api/search?q=red&k=1"))["count"] == 1
        finally:
            for player in players:
                player.close()
            film.write_bytes(whole)


@pytest.mark.slow
def test_a_long_film_arrives_unharmed(library: Library) -> None:
    film = Path(library.catalog.video(2).path)
    whole = film.read_bytes()
    long = os.urandom(3_000_000)
    film.write_bytes(long)
    try:
        with running(library) as (_, address):
            assert get(address + "media/2") == long
            part = urllib.request.Request(address + "media/2", headers={"Range": "bytes=1000-2000999"})
            assert get(part) == long[1000:2_001_000]
    finally:
        film.write_bytes(whole)


@pytest.mark.slow
@pytest.mark.parametrize("sent", [b"nonsense\r\n\r\n", b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\n\r\n"])
def test_what_is_no_request_is_refused_with_the_headers_of_every_answer(library: Library, sent: bytes) -> None:
    with running(library) as (_, address):
        get(address + "api/health")
        port = int(address.rstrip("/").rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
            line.sendall(sent)
            head = received(line).partition(b"\r\n\r\n")[0].decode()
    assert head.splitlines()[0].split()[1] in ("400", "431")
    assert all(f"{name}: {value}" in head for name, value in HEADERS.items())


def received(line: socket.socket) -> bytes:
    """All that comes until the other side closes; it may do so before it has read all that was sent."""
    found = b""
    with contextlib.suppress(ConnectionResetError):
        while part := line.recv(1 << 16):
            found += part
    return found


def test_a_taken_port_is_one_line_with_a_cure() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(CannotGoOn, match=f"Port {port} .* is taken") as refused:
            listen("127.0.0.1", port)
    assert "--port 0" in refused.value.cure


def test_an_address_that_is_not_this_machines_is_one_line_with_a_cure() -> None:
    with pytest.raises(CannotGoOn, match=r"192\.0\.2\.1 cannot be opened"):
        listen("192.0.2.1", 0)


def test_where_others_can_reach_it_a_token_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VSEARCH_TOKEN", "only-for-the-archive")
    assert guarded(()).token == "only-for-the-archive"
    monkeypatch.setenv("VSEARCH_TOKEN", "short")
    with pytest.raises(UsageError, match="16 letters"):
        guarded(())


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_an_address_of_this_machine_is_printed_as_it_is_opened(host: str) -> None:
    try:
        listener = listen(host, 0)
    except CannotGoOn:
        pytest.skip(f"this machine has no {host}")
    with listener:
        address = address_of(listener)
        assert re.fullmatch(r"http://(127\.0\.0\.1|\[::1\]):[1-9]\d*/", address)


@pytest.mark.slow
def test_without_a_library_one_is_made_to_be_filled_by_clicks() -> None:
    command = [sys.executable, "-m", "vsearch", "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        line = next(line for line in process.stderr if line.startswith("Serving"))
        page = get(line.split()[3]).decode()
        process.terminate()
        assert process.wait(60) == 0
    assert "Nothing is indexed yet" in page


def test_a_port_that_is_none_is_wrong_usage() -> None:
    assert CliRunner().invoke(serve, ["--port", "70000"]).exit_code == 2
