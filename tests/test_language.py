"""Lines of the query language are read as docs/asking.md says, or refused with a place and a cure."""

from __future__ import annotations

import contextlib
import re
import time
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import BadQuery, TooLarge, VsearchError
from search.language import parser
from search.language.errors import NotUnderstood
from search.language.parser import LONGEST_LINE, parse_question
from search.language.tree import AnyOf, Like, Look, Mode, Question, Scope, TagTest, Then
from search.language.writer import write_question

KINDS = ("emotion", "character", "activity")
ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "tests" / "golden" / "questions.txt"
ASKING = ROOT / "docs" / "asking.md"


def read(line: str) -> str:
    """A line, and below it what it was understood as, for a person."""
    try:
        question = parse_question(line, KINDS)
    except VsearchError as error:
        return f"> {line}\n  ! {error.message}\n  ! {error.cure}\n"
    shown = [f"> {line}", *_shown_look("look", question.look)]
    for step in question.then:
        within = "" if step.within is None else f" within {step.within:g} s"
        shown += _shown_look(f"then{within}", step.look)
    if not question.scope.is_whole:
        shown += ["  scope", *_shown_fields(question.scope)]
    return "\n".join([*shown, f"  = {write_question(question)}"]) + "\n"


def _shown_look(title: str, look: Look) -> list[str]:
    return [f"  {title}", *_shown_fields(look)]


def _shown_fields(part: Look | Scope) -> list[str]:
    named = ((field.name, getattr(part, field.name)) for field in fields(part))
    return [f"    {name}: {_shown(value)}" for name, value in named if value is not None and value not in ((), "")]


def _shown(value: object) -> str:
    match value:
        case tuple():
            return ", ".join(_shown(one) for one in value)
        case AnyOf(tests):
            return " or ".join(f"{test.mode} {test.kind} {list(test.labels)}" for test in tests)
        case Like(clip_id, picture):
            return f"clip {clip_id}" if picture is None else f"picture {picture!r}"
        case date():
            return value.isoformat()
    return repr(value)


def golden_lines() -> list[str]:
    return [line[2:] for line in GOLDEN.read_text().splitlines() if line.startswith("> ")]


def test_every_line_of_the_golden_file_is_understood_as_before() -> None:
    """After a change on purpose: `python -m tests.test_language` writes it anew."""
    assert GOLDEN.read_text() == "\n".join(read(line) for line in golden_lines())


def test_every_example_of_the_page_about_asking_is_in_the_golden_file() -> None:
    cells = re.findall(r"^\| `(.+?)` \|", ASKING.read_text(), re.MULTILINE)
    examples = [cell.replace(r"\|", "|") for cell in cells]
    assert len(examples) > 30
    assert not set(examples) - set(golden_lines())


words = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1).map(lambda text: " ".join(text.split()))
texts = st.one_of(words, st.sampled_from(["then", "a then b", "within 30s", "OR", "in:x", "-dog", "emotion=sad"]))
said_something = texts.filter(bool)
labels = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1).map(str.strip).filter(bool)
days = st.dates(date(1900, 1, 1), date(2100, 1, 1))
seconds = st.one_of(st.integers(1, 10**6).map(float), st.floats(0.001, 10**6))


@st.composite
def tag_tests(draw: st.DrawFn) -> TagTest:
    several = tuple(draw(st.lists(labels, min_size=1, max_size=3, unique=True)))
    modes: list[Mode] = ["all", "only", "none"]
    if len(several) > 1:
        modes.append("any")
    return TagTest(draw(st.sampled_from(KINDS)), several, draw(st.sampled_from(modes)))


likes = st.one_of(
    st.integers(0, 10**18 - 1).map(lambda number: Like(clip_id=number)), labels.map(lambda p: Like(None, p))
)
looks = st.builds(
    Look,
    texts,
    st.lists(said_something, max_size=2).map(tuple),
    st.lists(st.builds(AnyOf, st.lists(tag_tests(), min_size=1, max_size=2).map(tuple)), max_size=2).map(tuple),
    st.lists(said_something, max_size=2).map(tuple),
    st.lists(likes, max_size=2).map(tuple),
).filter(lambda look: look != Look())


@st.composite
def scopes(draw: st.DrawFn) -> Scope:
    after, before = sorted(draw(st.lists(seconds, min_size=2, max_size=2, unique=True)))
    longer, shorter = sorted(draw(st.tuples(seconds, seconds)))
    since, until = sorted(draw(st.lists(days, min_size=2, max_size=2, unique=True)))
    whole = Scope(
        tuple(draw(st.lists(labels, max_size=2))),
        tuple(draw(st.lists(labels, max_size=2))),
        after,
        before,
        longer,
        shorter,
        since,
        until,
    )
    left_out = draw(st.sets(st.sampled_from([field.name for field in fields(Scope)])))
    return Scope(**{field.name: getattr(whole, field.name) for field in fields(Scope) if field.name not in left_out})


questions = st.builds(
    Question,
    looks,
    st.lists(st.builds(Then, looks, st.none() | seconds), max_size=2).map(tuple),
    scopes(),
)


@given(questions)
def test_a_question_that_was_written_is_read_again_as_the_same(question: Question) -> None:
    line = write_question(question)
    if len(line) <= LONGEST_LINE:
        assert parse_question(line, KINDS) == question


SYNTAX = ["then", "OR", "within", "30s", "-", '"', "\\", ":", "=", "+", "|", "(", ")", "only(", " ", "dog", *KINDS]
SYNTAX += ["in:", "on:2026-02-30", "before:1:30", "after:90", "like:", "said:", "\x00", "\ud800", "“", "９", "\n"]


@given(
    st.one_of(
        st.text(), st.lists(st.sampled_from(SYNTAX)).map("".join), st.lists(st.sampled_from(SYNTAX)).map(" ".join)
    )
)
def test_any_text_is_understood_or_refused_with_a_place_and_a_cure(line: str) -> None:
    try:
        question, refused = parse_question(line, KINDS), None
    except BadQuery as error:
        question, refused = None, error
    if refused is None:
        assert question is not None
        assert parse_question(write_question(question), KINDS) == question
        return
    assert refused.cure
    assert "\n" not in refused.message
    if isinstance(refused, NotUnderstood):
        assert 0 <= refused.at < len(line)
        assert refused.message.endswith(f", at character {refused.at + 1}.")


@given(st.lists(st.from_regex(r"[a-z,.!?]{1,8}", fullmatch=True).filter(lambda word: word != "then"), min_size=1))
def test_plain_words_are_text(plain: list[str]) -> None:
    line = " ".join(plain)
    assert parse_question(line, KINDS) == Question(Look(line))


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ('dog "red', 4),
        ("a charcter:tom", 2),
        ("then dog", 0),
        ("dog then", 4),
        ("dog then then cat", 4),
        ("dog after:2:00 before:1:00", 15),
        ("dog emotion:happy OR cat", 18),
        ("dog before:soon", 11),
        ("dog\x00", 3),
        ("character:tom+", 14),
    ],
)
def test_an_error_points_at_the_character(line: str, at: int) -> None:
    with pytest.raises(NotUnderstood) as caught:
        parse_question(line, KINDS)
    assert caught.value.at == at


def test_a_kind_is_written_as_the_library_writes_it() -> None:
    expected = Look(tags=(AnyOf((TagTest("Team", ("Reds",)),)),))
    assert parse_question("TEAM:Reds", ["Team"]).look == expected
    assert parse_question("TEAM:Reds", KINDS).look == Look("TEAM:Reds")


def test_a_long_line_is_too_large() -> None:
    assert parse_question("x" * LONGEST_LINE, KINDS)
    with pytest.raises(TooLarge, match=r"65,536"):
        parse_question("x" * 65_536, KINDS)


PIECES = [
    *('"', '""', '" ', "“", '\\"', "\\", "-", "- ", "-x ", "OR", "OR ", "emotion:a OR ", "(", ")", "(a ", "only("),
    *(
        "+",
        "+a",
        "|",
        ":",
        "=",
        "character:",
        "character:a+b ",
        "9",
        "before:9",
        "after:1 ",
        "in:a ",
        "\x00",
        " ",
        "x",
    ),
    *("then ", "a then ", "within ", "dog then b within 3s "),
]
BEGINS = ("dog then ", "character:")


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("begin", ["", *(pytest.param(begin, marks=pytest.mark.slow) for begin in BEGINS)])
def test_64_kilobytes_of_anything_are_read_or_refused_at_once(
    begin: str, piece: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parser, "LONGEST_LINE", 1 << 20)
    line = begin + piece * (65_536 // len(piece))
    assert any(seconds_to_read(line) < 0.5 for _ in range(3))  # twice more where the machine is busy


def seconds_to_read(line: str) -> float:
    began = time.process_time()
    with contextlib.suppress(BadQuery):
        parse_question(line, KINDS)
    return time.process_time() - began


if __name__ == "__main__":
    GOLDEN.write_text("\n".join(read(line) for line in golden_lines()))
