from __future__ import annotations

from search.encoders.mini.vocabulary import Vocabulary, frequent_words


def test_words_have_numbers_from_one_and_unknown_ones_leave_no_gap() -> None:
    vocabulary = Vocabulary(["cat", "dog", "it's"], max_words=4)

    assert vocabulary.tokens(["A DOG, unknown, it's a cat!", ""]).tolist() == [[2, 3, 1, 0], [0, 0, 0, 0]]


def test_a_long_sentence_keeps_its_first_known_words() -> None:
    vocabulary = Vocabulary(["a", "b"], max_words=2)

    assert vocabulary.tokens(["x x x b a a a"]).tolist() == [[2, 1]]


def test_rare_words_stay_unknown() -> None:
    assert frequent_words(["A dog", "a DOG", "a cat"], at_least=2) == ["a", "dog"]
