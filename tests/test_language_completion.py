"""What may stand at the cursor."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.language.completion import complete
from search.language.keys import KEYS, Key, near_key
from search.language.parser import parse_question

TAGS = [("emotion", "happy"), ("emotion", "sad"), ("activity", "playing drums"), ("activity", "drumming")]
TAGS += [("character", "Tom"), ("character", "Jerry"), ("character", "a+b")]
FOLDERS = ["films/holiday/", "holiday/", "my films/", "work/"]


def offered(typed: str) -> list[str]:
    """The lines that the completions at the end of a line make of it."""
    return [completion.applied(typed) for completion in complete(typed, len(typed), TAGS, FOLDERS)]


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("dog emo", ["dog emotion:"]),
        ("dog -em", ["dog -emotion:"]),
        ("dog -in", []),
        ("s", ["said:", "shorter:", "since:"]),
        ("zzz", []),
        ("emotion:", ["emotion:happy", "emotion:sad"]),
        ("EMOTION=s", ["EMOTION=sad"]),
        ("emotion:zzz", []),
        ("activity:drum", ["activity:drumming", 'activity:"playing drums"']),
        ('activity:"playing d', ['activity:"playing drums"']),
        ("character:t", ["character:Tom"]),
        ("character:tom+", ["character:tom+Jerry", 'character:tom+"a+b"']),
        ("character:only(tom|j", ["character:only(tom|Jerry"]),
        ("dog in:", ["dog in:films/holiday/", "dog in:holiday/", 'dog in:"my films/"', "dog in:work/"]),
        ("in:hol", ["in:holiday/", "in:films/holiday/"]),
        ('in:"my f', ['in:"my films/"']),
        ("before:1", []),
    ],
)
def test_a_word_goes_on_as_the_library_knows_it(typed: str, lines: list[str]) -> None:
    assert offered(typed) == lines


def test_at_an_empty_place_all_kinds_and_keys_are_offered_the_kinds_first() -> None:
    assert offered("dog ") == [f"dog {name}:" for name in ("emotion", "activity", "character", *KEYS)]


def test_only_what_stands_before_the_cursor_is_replaced() -> None:
    completion = complete("dog emo in:x", 7, TAGS, FOLDERS)[0]
    assert completion.applied("dog emo in:x") == "dog emotion: in:x"


@given(st.text(), st.integers(0, 20))
def test_any_line_can_be_completed_at_any_place(line: str, cursor: int) -> None:
    for completion in complete(line, cursor, TAGS, FOLDERS):
        assert 0 <= completion.start <= completion.end <= max(cursor, len(line))


@pytest.mark.parametrize("kind", ["emotion", "activity", "character"])
def test_a_label_that_was_completed_is_that_label(kind: str) -> None:
    labels = [label for of, label in TAGS if of == kind]
    read = [parse_question(line, [kind]).look.tags[0].tests[0].labels for line in offered(f"{kind}:")]
    assert read == [(label,) for label in labels]


@pytest.mark.parametrize(
    ("word", "key"),
    [
        *(("befor", "before"), ("aftre", "after"), ("lnoger", "longer"), ("smad", None), ("siad", "said")),
        *(("bike", None), ("note", None), ("onn", None), ("http", None), ("sincee", "since")),
    ],
)
def test_a_slip_is_told_from_another_word(word: str, key: str | None) -> None:
    assert near_key(word, KEYS) == key


@pytest.mark.parametrize("key", KEYS.values(), ids=list(KEYS))
def test_the_example_of_a_key_is_understood(key: Key) -> None:
    assert parse_question(f"dog {key.name}:{key.example}", [])
