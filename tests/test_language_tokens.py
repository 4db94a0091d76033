"""Every part of a line has a place and a meaning, and can be taken out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import BadQuery
from search.language.editing import without
from search.language.parser import parse_question
from search.language.tokens import Token, read_tokens
from search.language.writer import write_question
from tests.test_language import KINDS, SYNTAX, questions


def meanings(line: str) -> list[tuple[str, str]]:
    return [(token.kind, line[token.start : token.end]) for token in read_tokens(line, KINDS)]


def test_a_line_falls_into_parts_with_a_meaning() -> None:
    line = 'happy  dog character:tom OR -emotion:sad -"red car" in:x/ then said:hi like:3 he falls within 30 s'
    assert meanings(line) == [
        ("text", "happy  dog"),
        ("tag", "character:tom"),
        ("or", "OR"),
        ("tag", "-emotion:sad"),
        ("minus", '-"red car"'),
        ("filter", "in:x/"),
        ("then", "then"),
        ("said", "said:hi"),
        ("like", "like:3"),
        ("text", "he falls"),
        ("within", "within 30 s"),
    ]


def test_a_line_that_is_still_being_typed_has_tokens_too() -> None:
    assert meanings('dog emotoin:sad then said:"hel') == [
        ("text", "dog"),
        ("wrong", "emotoin:sad"),
        ("then", "then"),
        ("wrong", 'said:"hel'),
    ]


def test_a_token_knows_its_key_and_its_value() -> None:
    token = read_tokens('a -EMOTION="very sad"', KINDS)[1]
    assert (token.key, token.value, token.minus, token.value_start) == ("emotion", "very sad", True, 11)


@given(st.one_of(st.text(), st.lists(st.sampled_from(SYNTAX)).map(" ".join)))
def test_tokens_hold_all_of_a_line_but_its_spaces(line: str) -> None:
    tokens = read_tokens(line, KINDS)
    assert all(token.start < token.end for token in tokens)
    ends = [0, *(token.end for token in tokens)]
    starts = [*(token.start for token in tokens), len(line)]
    assert all(not line[end:start].strip() for end, start in zip(ends, starts, strict=True))


@pytest.mark.parametrize(
    ("line", "part", "left"),
    [
        ("dog character:tom -snow", "character:tom", "dog -snow"),
        ("a  big   dog -snow", "-snow", "a  big   dog"),
        ("emotion:happy OR emotion:sad dog", "emotion:sad", "emotion:happy dog"),
        ("emotion:happy OR emotion:sad dog", "emotion:happy", "emotion:sad dog"),
        ("a:b emotion:happy OR emotion:sad OR character:tom", "emotion:sad", "a:b emotion:happy OR character:tom"),
        ("emotion:happy OR emotion:sad", "OR", "emotion:happy emotion:sad"),
        ("dog then cat within 30s", "dog", "cat"),
        ("dog then cat within 30s", "cat", "dog"),
        ("dog then cat within 30s", "within 30s", "dog then cat"),
        ("dog then cat within 30s", "then", "dog cat"),
        ("dog then emotion:sad in:x within 30s then bird", "emotion:sad", "dog in:x then bird"),
        ("dog", "dog", ""),
        ("dog emotoin:sad", "emotoin:sad", "dog"),
    ],
)
def test_a_part_is_taken_out_with_what_joined_it(line: str, part: str, left: str) -> None:
    token = next(token for token in read_tokens(line, KINDS) if line[token.start : token.end] == part)
    assert without(line, token, KINDS) == left


def is_understood(line: str) -> bool:
    try:
        parse_question(line, KINDS)
    except BadQuery:
        return False
    return True


@given(questions.map(write_question).filter(is_understood), st.data())
def test_a_line_without_one_of_its_parts_is_still_understood(line: str, data: st.DataObject) -> None:
    token: Token = data.draw(st.sampled_from(read_tokens(line, KINDS)))
    left = without(line, token, KINDS)
    assert left == "" or is_understood(left)
    assert len(read_tokens(left, KINDS)) < len(read_tokens(line, KINDS))
