"""Slips of the keyboard are told from words, names and other languages."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.spelling import respelled, respelled_line


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("dogg on teh beech", "dog on the beach"),
        ("two girls jumpping", "two girls jumping"),
        ("a red bicylce, fast", "a red bicycle, fast"),
        ("Freind of mine", "friend of mine"),
    ],
)
def test_a_slip_becomes_the_common_word_next_to_it(written: str, meant: str) -> None:
    assert respelled(written, ()) == meant


@pytest.mark.parametrize(
    "text", ["a dog on the beach", "Tom and Jerry", "a stag", "a moat", "it's 10:30 in R2D2", "", "🐈"]
)
def test_a_word_that_is_only_rare_stays(text: str) -> None:
    assert respelled(text, ()) is None


def test_a_question_without_spaces_costs_no_time() -> None:
    began = time.perf_counter()
    assert respelled("q" * 5_000, ()) is None
    assert time.perf_counter() - began < 1


def test_where_a_word_stays_unknown_nothing_is_offered() -> None:
    assert respelled("ein hund läuft runing am strand", ["hund", "läuft", "runing"]) is None
    assert respelled("a dog runing", ["runing"]) == "a dog running"


def test_of_a_line_only_the_plain_words_are_touched() -> None:
    line = 'dogg  name:dogg "teh cat" -dogg mood:runing then snoww within 30s'
    assert respelled_line(line, ["mood"], ()) == 'dog  name:dogg "the cat" -dogg mood:runing then snow within 30s'


@given(st.text(max_size=60))
def test_what_was_meant_has_no_slip_in_it(line: str) -> None:
    meant = respelled_line(line, ["mood"], ())
    assert meant is None or (meant != line and respelled_line(meant, ["mood"], ()) is None)
