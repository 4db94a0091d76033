"""What was said is found by its words, whatever is asked."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.catalog.cues import Cues, FoundCue
from search.catalog.full_text import as_indexed, as_shown, find_terms, terms_of
from search.catalog.records import Cue, FileFacts, NewVideo, VideoState
from search.catalog.store import Catalog, open_catalog
from tests.stores import store_in

SPEECH = [
    "Grüße, Käpt’n!",
    "I don't know the way.",
    "the way, the truth",
    "我今天很高兴认识你",
    "こんにちは世界",
    "안녕하세요 세계",
    "สวัสดีครับ",
    "Việt Nam",
    "AND so NOT far OR near",
    "C++ and 3.14",
]


def catalog_of(folder: Path, *speeches: list[str]) -> Catalog:
    """A video for each list, with a cue each second."""
    catalog = open_catalog(store_in(folder))
    root = catalog.add_root(Path("/films")).id
    for number, speech in enumerate(speeches):
        cues = [Cue(at, at + 1, words, "film.srt") for at, words in enumerate(speech)]
        facts = FileFacts(1, 1, str(number))
        catalog.save_video(NewVideo(root, f"{number}.mp4", facts, VideoState.INDEXED, "recipe", cues=cues))
    return catalog


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    with closing(catalog_of(tmp_path_factory.mktemp("said"), SPEECH, ["the way home"])) as made:
        yield made


def found(catalog: Cues, question: str) -> set[str]:
    return {hit.cue.words for hit in catalog.find_cues(question, 100)}


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("grusse käptn", set()),
        ("GRUßE", {SPEECH[0]}),
        ("kapt n", {SPEECH[0]}),
        ("don't", {SPEECH[1]}),
        ("don’t", {SPEECH[1]}),
        ("know way", {SPEECH[1]}),
        ("way know", {SPEECH[1]}),
        ('"way know"', set()),
        ('"know the way"', {SPEECH[1]}),
        ('"know the way', {SPEECH[1]}),
        ('"the truth" way', {SPEECH[2]}),
        ("truthful", set()),
        ("tru", set()),
        ("高兴", {SPEECH[3]}),
        ("高认", set()),
        ("世界", {SPEECH[4]}),
        ("안녕", {SPEECH[5]}),
        ("ครับ", {SPEECH[6]}),
        ("viet nam", {SPEECH[7]}),
        ("Viê\u0323t", {SPEECH[7]}),
        ("AND", {SPEECH[8], SPEECH[9]}),
        ("3.14", {SPEECH[9]}),
    ],
)
def test_words_and_phrases_find_what_was_said(catalog: Catalog, question: str, words: set[str]) -> None:
    assert found(catalog, question) == words


@pytest.mark.parametrize(
    "question", ["", " ", "?!", "😀", '"', '""', "\x00", "\ud800", "*", "^", "(", "-", "{}:", "\u200b"]
)
def test_a_question_without_words_finds_nothing(catalog: Catalog, question: str) -> None:
    assert catalog.find_cues(question, 5) == []


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from(['"', "the", "way", "OR", "NEAR(", "*", "-", "cue:", "\0"])).map(" ".join)
)
def test_any_text_is_a_question(catalog: Catalog, question: str) -> None:
    for hit in catalog.find_cues(question, 5):
        assert all(hit.cue.words[begin:end] for begin, end in hit.marks)


def test_a_question_of_64_kb_is_answered(catalog: Catalog) -> None:
    assert found(catalog, "the way " * 8000) == {"I don't know the way.", "the way, the truth", "the way home"}


def test_the_matched_words_are_marked(catalog: Catalog) -> None:
    def marks(question: str) -> list[str]:
        hit: FoundCue = catalog.find_cues(question, 1)[0]
        return [hit.cue.words[begin:end] for begin, end in hit.marks]

    assert marks("know don't") == ["don't", "know"]
    assert marks("高兴") == ["高兴"]
    assert marks('"know the way"') == ["know the way"]


def test_the_best_come_first_and_only_of_the_videos_asked_for(catalog: Catalog) -> None:
    hits = catalog.find_cues("the way", 100)
    assert [hit.rank for hit in hits] == sorted((hit.rank for hit in hits), reverse=True)
    assert {hit.video_id for hit in hits} == {1, 2}
    assert [hit.video_id for hit in catalog.find_cues("the way", 100, [2])] == [2]
    assert catalog.find_cues("the way", 100, []) == []
    assert len(catalog.find_cues("the way", 1)) == 1


def test_words_leave_with_their_video(tmp_path: Path) -> None:
    catalog = catalog_of(tmp_path, ["hello"], ["hello"])
    catalog.forget_videos([1])
    assert [hit.video_id for hit in catalog.find_cues("hello", 5)] == [2]
    before = catalog.generation()
    catalog.save_cues(2, "other recipe", [Cue(0, 1, "goodbye", "film.srt")])
    assert found(catalog, "hello") == set()
    assert found(catalog, "goodbye") == {"goodbye"}
    assert catalog.generation() > before
    assert catalog.video(2).recipe == "other recipe"
    assert catalog.complaints() == []
    catalog.close()


def test_cues_come_back_as_they_were_said(catalog: Catalog) -> None:
    assert [cue.words for cue in catalog.cues(1)] == SPEECH


def test_a_sentence_that_goes_on_in_the_next_cue_is_found(tmp_path: Path) -> None:
    cues = [
        Cue(0, 2, "To be, or not", "a.srt"),
        Cue(0, 2, "Sein oder nicht", "b.srt"),
        Cue(2, 4, "to be, that is", "a.srt"),
        Cue(2, 4, "Sein, das ist", "b.srt"),
        Cue(9, 11, "the question", "a.srt"),
    ]
    catalog = open_catalog(store_in(tmp_path))
    root = catalog.add_root(Path("/films")).id
    catalog.save_video(NewVideo(root, "h.mp4", FileFacts(1, 1, "f"), VideoState.INDEXED, "recipe", cues=cues))
    (hit,) = catalog.find_cues('"or not to be"', 5)
    assert hit.cue == Cue(0, 4, "To be, or not\nto be, that is", "a.srt")
    assert [hit.cue.words[begin:end] for begin, end in hit.marks] == ["or not\nto be"]
    assert found(catalog, '"nicht sein"') == {"Sein oder nicht\nSein, das ist"}
    assert found(catalog, '"not sein"') == set()
    assert found(catalog, '"that is the question"') == set()
    assert found(catalog, "that") == {"to be, that is"}
    assert found(catalog, "be") == {"To be, or not", "to be, that is"}
    assert [cue.words for cue in catalog.cues(1)] == [cue.words for cue in cues]
    catalog.close()


said = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u200b"))


@given(said, said)
def test_nothing_is_lost_by_indexing(words: str, following: str) -> None:
    normal = unicodedata.normalize("NFC", words), unicodedata.normalize("NFC", following)
    assert as_shown(as_indexed(words, following)) == normal


@given(said)
def test_every_word_is_found_in_itself(words: str) -> None:
    words = unicodedata.normalize("NFC", words)
    terms = terms_of(words)
    if len(terms) < 64:
        assert find_terms(terms, words) is not None


def test_marks_that_overlap_are_one() -> None:
    assert find_terms(terms_of('"a b" "b c" E'), "A b c d é") == ((0, 5), (8, 9))
    assert find_terms(terms_of("高兴"), "我高兴x") == ((1, 3),)
    assert find_terms(terms_of("a z"), "a b") is None
