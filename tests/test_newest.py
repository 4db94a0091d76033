"""Answers while typing: only the newest question is told, and leaving waits for nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from search.terminal.newest import NewestFirst


class Listener:
    """Notes what is answered and told."""

    def __init__(self) -> None:
        self.answered: list[str] = []
        self.told: list[tuple[str, str]] = []
        self.heard = threading.Event()
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.answers = NewestFirst(self.answer, self.tell, quiet=0.02)

    def answer(self, question: str) -> str:
        self.answered.append(question)
        self.may_answer.wait(10)
        return question.upper()

    def tell(self, question: str, answer: str) -> None:
        self.told.append((question, answer))
        self.heard.set()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.may_answer.set()
    made.answers.close()


def test_what_is_typed_in_one_go_is_asked_once(listener: Listener) -> None:
    for question in ("d", "do", "dog"):
        listener.answers.ask(question)
    assert listener.heard.wait(10)
    assert listener.answered == ["dog"]
    assert listener.told == [("dog", "DOG")]


def test_an_answer_that_a_newer_question_overtook_is_not_told(listener: Listener) -> None:
    listener.may_answer.clear()
    listener.answers.ask("dog")
    while not listener.answered:
        time.sleep(0.005)
    listener.answers.ask("cat")
    listener.may_answer.set()
    assert listener.heard.wait(10)
    assert listener.told == [("cat", "CAT")]


def test_after_leaving_nothing_is_told(listener: Listener) -> None:
    listener.may_answer.clear()
    listener.answers.ask("dog")
    while not listener.answered:
        time.sleep(0.005)
    listener.answers.close()
    listener.may_answer.set()
    assert not listener.heard.wait(0.2)
