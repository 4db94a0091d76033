"""The decoding process as its parent sees it: started, asked, listened to, ended."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
from contextlib import suppress
from multiprocessing.connection import Connection

import numpy as np

from indexer import own_process
from indexer.cues.reading import WordsRequest
from indexer.decoding.child import READY, Message, Request, Shown
from search.contracts import UInt8
from search.errors import CannotGoOn

STARTUP = 60.0
"""Seconds a child may take to start; on a cold disk the libraries load slowly."""


class ChildLost(Exception):
    """The child crashed or hung on the file it was decoding."""

    codes = ("crashed", "hung")

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Child:
    """The decoding process and the socket to it."""

    def __init__(self, source: str | None, patience: float) -> None:
        """Raises CannotGoOn where it does not start."""
        ours, theirs = socket.socketpair()
        whole, part = divmod(patience, 1)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", int(whole), int(part * 1e6)))
        with theirs:
            words = f"from indexer.decoding.child import main; main({theirs.fileno()}, {os.getpid()}, {source!r})"
            self._process = own_process.start(
                words, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )
        self._connection = Connection(ours.detach())
        with suppress(EOFError, OSError):
            if self._connection.poll(STARTUP) and self._connection.recv() == READY:
                return
        self.kill()
        raise CannotGoOn("The decoder does not start.", "Run the command again with -v to see why.")

    def ask(self, request: Request | WordsRequest) -> None:
        try:
            self._connection.send(request)
        except OSError as error:
            raise self._crash() from error

    def answer(self) -> tuple[Message, UInt8 | None]:
        """The next message, with its picture uint8 `[H, W, 3]` if it brings one. Raises ChildLost."""
        try:
            message: Message = self._connection.recv()
            if not isinstance(message, Shown):
                return message, None
            pixels = np.frombuffer(self._connection.recv_bytes(), np.uint8)
        except BlockingIOError as error:  # the time set on the socket is over
            raise ChildLost("hung", "the decoder stopped answering") from error
        except (EOFError, OSError) as error:
            raise self._crash() from error
        return message, pixels.reshape(message.shape)

    def kill(self) -> None:
        self._connection.close()
        self._process.kill()
        self._process.wait()

    def _crash(self) -> ChildLost:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        self._process.kill()
        code = self._process.wait()
        return ChildLost("crashed", f"the decoder crashed ({own_process.how_it_ended(code)})")
