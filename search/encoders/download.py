"""One file over HTTP: quick to give up on a host that is away, patient with one that stumbles."""

from __future__ import annotations

import contextlib
import http.client
import shutil
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from search.errors import DiskFull, ModelUnavailable

Progress = Callable[[int, int | None], None]
"""Called with the bytes here so far and, where the server says it, the bytes in all."""

READ_AT_ONCE = 1 << 16
OFFLINE = "Connect this machine, set VSEARCH_HUB to a mirror, or use `--encoder mini`, which needs no network."
ELSEWHERE = "Try again later, set VSEARCH_HUB to a mirror, or name a model folder with `--encoder PATH`."


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a server, in seconds, and how often to begin again."""

    connect: float = 5.0
    stall: float = 30.0
    """Between two pieces of the answer."""
    retries: int = 2
    pause: float = 1.0
    """Before each retry."""


class Broken(Exception):
    """The connection ended early; what came so far is kept, and asking for the rest may help."""


def download(address: str, part: Path, patience: Patience, progress: Progress) -> None:
    """Completes the file `part` from `address`, going on where an earlier try ended.

    Raises ModelUnavailable when the host is away, refuses, or breaks off too often; DiskFull.
    """
    connect(address, patience.connect)
    for tries_left in reversed(range(patience.retries + 1)):
        try:
            _receive(address, part, patience.stall, progress)
            return
        except Broken as broken:
            if not tries_left:
                raise ModelUnavailable(
                    f"The download from {host(address)} broke off: {broken}.",
                    "Run the same command again; it goes on where it ended.",
                ) from broken
            time.sleep(patience.pause)


def connect(address: str, seconds: float) -> None:
    """Raises ModelUnavailable unless the host (or the proxy to it) accepts a connection in time.

    In a thread of its own, because looking a name up obeys no timeout.
    """
    url = urlsplit(address)
    if url.scheme not in ("http", "https") or not url.hostname:
        raise ModelUnavailable(f"{address} is no web address.", "VSEARCH_HUB is written like https://mirror.example.")
    proxy = None
    if not urllib.request.proxy_bypass(url.netloc):
        proxy = urllib.request.getproxies().get(url.scheme)
    target = urlsplit(proxy if proxy and "//" in proxy else f"http://{proxy}") if proxy else url
    port = target.port or {"https": 443}.get(target.scheme, 80)
    reached = threading.Event()

    def reach() -> None:
        with contextlib.suppress(OSError), socket.create_connection((target.hostname, port), seconds):
            reached.set()

    attempt = threading.Thread(target=reach, daemon=True)
    attempt.start()
    attempt.join(seconds)
    if not reached.is_set():
        raise ModelUnavailable(f"Could not reach {host(address)} within {seconds:g} s.", OFFLINE)


def host(address: str) -> str:
    return urlsplit(address).netloc


def _receive(address: str, part: Path, stall: float, progress: Progress) -> None:
    have = part.stat().st_size if part.exists() else 0
    headers = {"User-Agent": "vsearch", "Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    try:
        answer = urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=stall)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 416 and error.headers.get("Content-Range") == f"bytes */{have}":
            return  # all of it was here already
        if error.code == 416:
            part.unlink()
            raise Broken("the file there has changed") from error
        if error.code >= 500:
            raise Broken(f"it answered {error.code} {error.reason}") from error
        raise ModelUnavailable(
            f"{host(address)} answered {error.code} {error.reason} for {address}.", ELSEWHERE
        ) from error
    except (OSError, http.client.HTTPException) as error:
        raise Broken(_describe(error, stall)) from error
    with answer:
        _copy(answer, part, have if answer.status == 206 else 0, stall, progress)


def _copy(answer: http.client.HTTPResponse, part: Path, have: int, stall: float, progress: Progress) -> None:
    """Appends the body to the `have` bytes of `part`; with 0, begins it anew."""
    length = answer.headers.get("Content-Length")
    total = have + int(length) if length else None
    _require_space(part, (total or 0) - have)
    with part.open("ab" if have else "wb") as file:
        progress(have, total)
        while block := _read(answer, stall):
            file.write(block)
            have += len(block)
            progress(have, total)
    if total is not None and have != total:
        raise Broken(f"{have} of {total} bytes came")


def _read(answer: http.client.HTTPResponse, stall: float) -> bytes:
    try:
        return answer.read1(READ_AT_ONCE)
    except (OSError, http.client.HTTPException) as error:
        raise Broken(_describe(error, stall)) from error


def _require_space(part: Path, needed: int) -> None:
    """Room for the archive and, some times as large, for what is in it."""
    free = shutil.disk_usage(part.parent).free
    if free < 3 * needed:
        raise DiskFull(
            f"{part.parent} has {free >> 20} MiB free; a model of {needed >> 20} MiB needs three times its size.",
            "Free some space, or set VSEARCH_MODELS to a folder on another disk.",
        )


def _describe(error: Exception, stall: float) -> str:
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    return f"nothing came for {stall:g} s" if isinstance(reason, TimeoutError) else str(reason).rstrip(".")
