"""Answers for somebody who is still typing: only the newest question counts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class NewestFirst(Generic[Answer]):
    """Answers the newest of the questions it is given, in a thread of its own.

    A question waits until nothing was asked for `quiet` seconds; one that a newer one follows is never told.
    """

    def __init__(
        self, answer: Callable[[str], Answer], tell: Callable[[str, Answer], None], quiet: float = 0.12
    ) -> None:
        """`answer` and `tell` are called in the thread; `answer` must not raise."""
        self._answer = answer
        self._tell = tell
        self._quiet = quiet
        self._asked = threading.Condition()
        self._question: str | None = None
        self._over = False
        # A daemon: a person who leaves does not wait for an answer, nor for the model that it needs.
        self._thread = threading.Thread(target=self._work, name="newest-first", daemon=True)
        self._thread.start()

    def ask(self, question: str) -> None:
        with self._asked:
            self._question = question
            self._asked.notify()

    def close(self) -> None:
        """No answer is told from now on."""
        with self._asked:
            self._over = True
            self._asked.notify()

    def _work(self) -> None:
        while (question := self._settled()) is not None:
            answer = self._answer(question)
            with self._asked:
                outdated = self._over or self._question is not None
            if not outdated:
                self._tell(question, answer)

    def _settled(self) -> str | None:
        """Waits for a question, and until it is the last; None when all is over."""
        with self._asked:
            self._asked.wait_for(lambda: self._over or self._question is not None)
            while not self._over and self._asked.wait(self._quiet):
                pass
            question, self._question = self._question, None
            return None if self._over else question
