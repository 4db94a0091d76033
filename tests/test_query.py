"""Questions are checked at the door, with a cure."""

from __future__ import annotations

import pytest

from search.errors import BadQuery, TooLarge, UnknownTag
from search.query import SearchRequest, Tag, check_request, check_words, parse_tag, resolve_tags
from tests.fakes import FakeEncoder

KNOWN = [("emotion", "happy"), ("emotion", "sad"), ("character", "dog")]


@pytest.mark.parametrize(
    ("words", "tag"),
    [
        ("emotion=happy", Tag("emotion", "happy")),
        ("emotion:happy", Tag("emotion", "happy")),
        (" Emotion = Happy ", Tag("emotion", "happy")),
        ("activity:playing drums", Tag("activity", "playing drums")),
        ("kind=a:b=c", Tag("kind", "a:b=c")),
    ],
)
def test_a_tag_is_a_kind_and_a_label(words: str, tag: Tag) -> None:
    assert parse_tag(words) == tag


@pytest.mark.parametrize("words", ["", "happy", "=happy", "emotion=", ":", "  =  "])
def test_what_is_no_tag_is_refused(words: str) -> None:
    with pytest.raises(BadQuery, match="no tag"):
        parse_tag(words)


@pytest.mark.parametrize("numbers", [{"k": 0}, {"k": -1}, {"k": 1_000_000}, {"skip": -1}, {"skip": 1_000_000}])
def test_an_impossible_number_of_results_is_refused(numbers: dict[str, int]) -> None:
    with pytest.raises(BadQuery, match=r"results"):
        check_request(SearchRequest("dog", **numbers))


def test_a_question_of_ten_thousand_characters_is_too_large() -> None:
    with pytest.raises(TooLarge, match="10,000"):
        check_request(SearchRequest("x" * 10_000))


@pytest.mark.parametrize(
    ("tag", "cure"),
    [
        (Tag("emotion", "hapy"), "Did you mean happy?"),
        (Tag("emotoin", "happy"), "Did you mean emotion?"),
        (Tag("emotion", "zzz"), "happy, sad"),
        (Tag("zzz", "happy"), "character, emotion"),
    ],
)
def test_an_unknown_tag_names_the_nearest(tag: Tag, cure: str) -> None:
    with pytest.raises(UnknownTag) as caught:
        resolve_tags([tag], KNOWN)
    assert cure in caught.value.cure


def test_tags_are_known_whatever_their_case() -> None:
    known = [("character", "Tom"), ("emotion", "happy")]
    asked = [Tag("character", "tom"), Tag("Emotion", "HAPPY"), Tag("character", "TOM")]
    assert resolve_tags(asked, known) == (Tag("character", "Tom"), Tag("emotion", "happy"))


class Blind(FakeEncoder):
    """Cannot tell what it knows."""

    def unknown_words(self, text: str) -> list[str]:
        return []


@pytest.mark.parametrize("text", ["zorgblat", "a zorgblat on the flurb", "in the", "zorgblat-flurb", "собака"])
def test_a_question_of_which_nothing_is_known_is_refused(text: str) -> None:
    with pytest.raises(BadQuery, match="knows none of these words"):
        check_words(text, FakeEncoder())


@pytest.mark.parametrize(("text", "unknown"), [("red", []), ("a Red zorgblat", ["a", "zorgblat"]), ("x-red", ["x"])])
def test_one_known_word_is_enough_and_the_others_are_named(text: str, unknown: list[str]) -> None:
    assert check_words(text, FakeEncoder()) == unknown


def test_an_encoder_that_cannot_tell_is_refused_nothing() -> None:
    assert check_words("zorgblat собака", Blind()) == []


@pytest.mark.parametrize("text", ["...", "🐈"])
def test_a_question_without_a_word_is_refused(text: str) -> None:
    with pytest.raises(BadQuery, match="no words"):
        check_words(text, Blind())
