"""Text, tags and switches of a request become one question, or a sentence that says what is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.asking.understanding import understand
from search.errors import BadQuery, TooLarge, UnknownTag, VsearchError
from search.language.tree import AnyOf, Look, Scope, TagTest
from search.language.writer import write_question
from search.query import SearchRequest, Tag

KNOWN = [("emotion", "happy"), ("emotion", "sad"), ("character", "Tom")]
HAPPY = Tag("emotion", "happy")


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_an_empty_question_is_refused_unless_it_has_a_tag(text: str) -> None:
    with pytest.raises(BadQuery, match="empty"):
        understand(SearchRequest(text), KNOWN)
    assert understand(SearchRequest(text, tags=(HAPPY,)), KNOWN).look == Look(
        tags=(AnyOf((TagTest("emotion", ("happy",)),)),)
    )


def test_tags_beside_the_text_join_those_in_it_and_hold_for_every_look() -> None:
    request = SearchRequest("a dog character:tom then a cat", tags=(HAPPY, Tag("emotion", "SAD")), any_of=True)
    question = understand(request, KNOWN)
    either = "emotion:happy OR emotion:sad"
    assert write_question(question) == f"a dog character:Tom {either} then a cat {either}"


def test_filters_of_the_text_are_understood() -> None:
    assert understand(SearchRequest("dog in:holiday longer:30s"), KNOWN).scope == Scope(
        folders=("holiday",), longer=30.0
    )


@pytest.mark.parametrize(
    "text", ["emotion:hapy", "-emotion:hapy", "emotion:happy OR emotion:hapy", "a then emotion:hapy"]
)
def test_a_tag_that_is_not_in_use_is_corrected_wherever_it_stands(text: str) -> None:
    with pytest.raises(UnknownTag) as caught:
        understand(SearchRequest(text), KNOWN)
    assert caught.value.cure == "Did you mean happy?"


def test_a_kind_that_is_switched_off_is_no_text() -> None:
    known = [tag for tag in KNOWN if tag[0] != "emotion"]
    with pytest.raises(UnknownTag, match="switched off"):
        understand(SearchRequest("emotion:happy"), known, {"emotion"})


def test_a_length_needs_a_tag_to_last() -> None:
    with pytest.raises(BadQuery, match="no tag"):
        understand(SearchRequest("dog", min_seconds=2.0), KNOWN)
    understand(SearchRequest("dog emotion:happy", min_seconds=2.0), KNOWN)


def test_too_many_tags_are_refused() -> None:
    with pytest.raises(TooLarge, match="50 tags"):
        understand(SearchRequest(" ".join(["emotion:happy"] * 51)), KNOWN)


@given(st.text(), st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=3))
def test_any_request_is_understood_or_refused_with_a_cure(text: str, tags: list[tuple[str, str]]) -> None:
    try:
        understand(SearchRequest(text, tags=tuple(Tag(*tag) for tag in tags)), KNOWN)
    except VsearchError as refused:
        assert refused.cure  # noqa: PT017
        assert "\n" not in refused.message  # noqa: PT017
