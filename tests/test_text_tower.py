"""The text tower in NumPy."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.encoders.text_tower import TextTower, TowerPlan, ascii_words, save_tower
from search.errors import ModelUnavailable
from tests.models import WORDS, Weights

TOWER = Weights().tower()


def test_words_are_cut_at_everything_but_ascii_letters_digits_underscores_and_quotes() -> None:
    assert ascii_words("It's a DOG, no. 2 — on_the-beach! Café 犬") == [
        "it's", "a", "dog", "no", "2", "on_the", "beach", "caf",
    ]  # fmt: skip


def test_letters_that_lower_to_ascii_only_in_unicode_stay_unknown() -> None:
    assert ascii_words("\u212aing") == ["ing"]  # the Kelvin sign is no k


def test_a_sentence_is_its_known_words_whatever_stands_between() -> None:
    plain, dressed = TOWER.encode(["a dog runs", "A  zzqxv DOG... (runs)!"])
    np.testing.assert_array_equal(plain, dressed)


def test_a_sentence_without_known_words_is_the_padding_row() -> None:
    table, kernel1, bias1, kernel2, bias2 = Weights().text()
    expected = np.maximum(table[0] @ kernel1 + bias1, 0) @ kernel2 + bias2
    for vector in TOWER.encode(["", "zzqxv", "😀 犬"]):
        np.testing.assert_allclose(vector, expected, rtol=1e-5)


def test_only_the_first_sixteen_known_words_count() -> None:
    full = " ".join(["dog"] * 16)
    np.testing.assert_array_equal(*TOWER.encode([full, f"zzqxv {full} beach"]))
    assert TOWER.unknown_words(f"zzqxv {full} beach") == ["zzqxv", "beach"]


def test_padding_takes_part_only_where_the_plan_says_so() -> None:
    counting = Weights(plan=TowerPlan(pad_counts=True)).tower()
    table, kernel1, bias1, kernel2, bias2 = Weights().text()
    both = np.maximum(table[[WORDS.index("dog") + 1, 0]] @ kernel1 + bias1, 0).max(axis=0) @ kernel2 + bias2
    np.testing.assert_allclose(counting.encode(["dog"])[0], both, rtol=1e-5)
    assert not np.allclose(counting.encode(["dog"]), TOWER.encode(["dog"]))


def test_words_in_other_scripts_are_named_as_unknown() -> None:
    assert TOWER.unknown_words("Dog собака on the Café") == ["собака", "café"]


@given(st.text())
def test_no_text_raises_and_vectors_are_finite(text: str) -> None:
    assert np.isfinite(TOWER.encode([text])).all()
    assert TOWER.unknown_words(text) == [word.lower() for word in TOWER.unknown_words(text)]


@given(st.lists(st.lists(st.sampled_from([*WORDS, "zzqxv"])).map(" ".join), min_size=1, max_size=5))
def test_a_vector_does_not_depend_on_its_batch(texts: list[str]) -> None:
    alone = np.concatenate([TOWER.encode([text]) for text in texts])
    np.testing.assert_allclose(TOWER.encode(texts), alone, atol=1e-5)


def test_a_saved_tower_opens_as_it_was(tmp_path: Path) -> None:
    tower = Weights(plan=TowerPlan(3, pad_counts=True)).tower()
    save_tower(tower, tmp_path)
    loaded = TextTower.load(tmp_path)
    assert loaded.plan == tower.plan
    np.testing.assert_array_equal(loaded.encode(["a red dog on the beach"]), tower.encode(["a red dog on the beach"]))


def test_half_precision_matrices_are_read_too(tmp_path: Path) -> None:
    halves = [matrix.astype(np.float16) for matrix in Weights().text()]
    vectors = TextTower(WORDS, halves).encode(["a red dog"])
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors, TOWER.encode(["a red dog"]), atol=0.02)


def test_a_tower_that_does_not_fit_together_is_refused_with_a_cure(tmp_path: Path) -> None:
    save_tower(TOWER, tmp_path)
    (tmp_path / "words.txt").write_text("dog\n")
    with pytest.raises(ModelUnavailable, match="do not fit together") as refused:
        TextTower.load(tmp_path)
    assert refused.value.cure
    (tmp_path / "dense1_bias.npy").write_bytes(b"nonsense")
    with pytest.raises(ModelUnavailable, match="cannot be read"):
        TextTower.load(tmp_path)


def test_a_table_as_large_as_that_of_s3d_opens_in_a_moment(tmp_path: Path) -> None:
    words = [f"word{n}" for n in range(66_249)]
    shapes = [(len(words) + 1, 300), (300, 2048), (2048,), (2048, 512), (512,)]
    save_tower(TextTower(words, [np.zeros(shape, np.float16) for shape in shapes]), tmp_path)
    begun = time.perf_counter()
    TextTower.load(tmp_path).encode(["word1 word66248"])
    assert time.perf_counter() - begun < 0.5
