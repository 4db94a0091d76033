"""What a click makes of a question: labels, folders and lengths put into a line and taken out of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.language.parser import parse_question
from search.language.tree import TagTest
from web.results.chips import chips_of, marked
from web.results.narrowing import Line

KINDS = {"emotion", "character"}


def line(text: str) -> Line:
    return Line(text, KINDS)


@pytest.mark.parametrize(
    ("text", "label", "made"),
    [
        ("", "happy", "emotion:happy"),
        ("a dog", "happy", "a dog emotion:happy"),
        ("a dog emotion:happy", "Happy", "a dog"),
        ("emotion:happy a dog", "sad", "emotion:happy|sad a dog"),
        ("emotion:happy|sad", "happy", "emotion:sad"),
        ("emotion:only(happy)", "sad", "emotion:only(happy+sad)"),
        ("a dog then a man", "happy", "a dog emotion:happy then a man"),
        ("emotion:happy OR character:tom", "happy", "emotion:happy OR character:tom emotion:happy"),
        ("", "very happy", 'emotion:"very happy"'),
    ],
)
def test_a_label_is_chosen_and_let_go(text: str, label: str, made: str) -> None:
    assert line(text).with_label("emotion", label) == made


LABELS = st.text(min_size=1, max_size=8).filter(lambda label: label.isprintable() and label == label.strip())


@given(st.lists(LABELS, min_size=1, max_size=4, unique_by=str.casefold))
def test_any_labels_that_were_chosen_one_by_one_are_those_that_are_asked_for(labels: list[str]) -> None:
    made = "a dog"
    for label in labels:
        made = line(made).with_label("emotion", label)
    [condition] = parse_question(made, KINDS).look.tags
    assert condition.tests[0] == TagTest("emotion", tuple(labels), "any" if len(labels) > 1 else "all")
    for label in labels:
        made = line(made).with_label("emotion", label)
    assert made == "a dog"


def test_a_tag_of_a_moment_narrows_even_where_any_label_was_enough() -> None:
    assert line("emotion:happy").only_with("emotion", "happy") == "emotion:happy"
    assert line("emotion:happy|sad").only_with("emotion", "sad") == "emotion:happy|sad emotion:sad"


def test_labels_are_joined_in_another_way() -> None:
    assert line("a emotion:happy|sad b").with_mode("emotion", "only") == "a emotion:only(happy+sad) b"
    assert line("a dog").with_mode("emotion", "only") == "a dog"


def test_what_is_unwanted_is_left_out_and_let_in_again() -> None:
    made = line("a dog").with_unwanted("emotion", "sad")
    assert made == "a dog -emotion:sad"
    assert line(made).unwanted("emotion") == ("sad",)
    assert line(made).with_unwanted("emotion", "sad") == "a dog"


def test_folders_and_lengths_are_put_in_and_taken_out() -> None:
    made = line("a dog").with_folder("my holiday/")
    assert made == 'a dog in:"my holiday/"'
    assert line(made).with_folder("my holiday") == "a dog"
    made = line("a dog longer:5s").with_length(60.0, 600.0)
    assert made == "a dog longer:1:00 shorter:10:00"
    assert line(made).with_length(None, None) == "a dog"


def test_plain_text_needs_no_chips() -> None:
    assert chips_of("a dog in the snow", KINDS) == []


def test_every_part_of_a_question_is_a_chip_that_can_be_removed() -> None:
    chips = chips_of("dog -snow character:tom|jerry then like:7 within 30s", KINDS)
    assert [(chip.name, chip.words) for chip in chips] == [
        ("", "dog"), ("not", "snow"), ("character", "tom or jerry"), ("", "then"), ("like", "clip 7"),
        ("within", "30s"),
    ]  # fmt: skip
    assert chips[1].without == "dog character:tom|jerry then like:7 within 30s"
    assert chips[3].without is None
    assert chips[4].without == "dog -snow character:tom|jerry"
    assert chips[4].clip_id == 7


@given(st.text(max_size=40))
def test_the_place_of_an_error_is_in_the_line_as_it_was_written(text: str) -> None:
    for at in range(len(text)):
        before, wrong, after = marked(text, at, KINDS)
        assert before + wrong + after == text
        assert len(before) == at
    assert marked(text, len(text), KINDS) == (text, " ", "")
