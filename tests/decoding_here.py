"""Films decoded in the test's own process, for tests of what is made of their frames.

Starting a decoding process takes far longer than decoding a tiny film. `test_decode.py` tests the process itself.
"""

from __future__ import annotations

from collections import deque

from indexer.cues.reading import WordsRequest, read_words
from indexer.decoding.child import Message, Request, decode_file
from indexer.sources.registry import find_source
from search.contracts import UInt8


class ChildHere:
    """Stands in for `indexer.decoding.process.Child`: all answers to a request are made when it is asked."""

    def __init__(self, source: str | None, patience: float) -> None:
        self._open_source = find_source(source)
        self._answers: deque[tuple[Message, UInt8 | None]] = deque()

    def ask(self, request: Request | WordsRequest) -> None:
        if isinstance(request, WordsRequest):
            self._send(read_words(request, lambda: None), None)
        else:
            self._send(decode_file(request, self._open_source, self._send), None)

    def _send(self, message: Message, picture: UInt8 | None) -> None:
        self._answers.append((message, None if picture is None else picture.copy()))

    def answer(self) -> tuple[Message, UInt8 | None]:
        return self._answers.popleft()

    def kill(self) -> None:
        self._answers.clear()
