"""Lists of activities, and how sentences find them among clip vectors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from classifiers.activity.classifier import open_activity
from classifiers.activity.labels import EVERYDAY, KINETICS, parse_list, read_list, shipped_list
from classifiers.activity.zero_shot import ZeroShot, probabilities, understood
from classifiers.contracts import Choices, ClipVectorsNeeded
from search.encoders.registry import open_encoder
from search.errors import PathNotFound, UsageError
from tests.fakes import FakeEncoder


def test_the_list_of_kinetics_has_its_400_names_in_their_order() -> None:
    labels = [activity.label for activity in shipped_list(KINETICS)]

    assert len(set(labels)) == 400
    assert (labels[0], labels[246], labels[399]) == ("abseiling", "playing tennis", "zumba")


def test_mini_knows_every_activity_of_its_own_list() -> None:
    listed = shipped_list(EVERYDAY)

    assert len(understood(listed, open_encoder("mini"))) == len(listed) >= 60


def test_a_line_names_a_label_and_its_phrases() -> None:
    red, dog = parse_list(["# colours", "", "red : red | crimson ", "running"])

    assert (red.label, red.sentences) == ("red", ("red", "crimson"))
    assert (dog.label, dog.sentences) == ("running", ("running",))


@pytest.mark.parametrize("text", ["", "only one\n", "red: red\nRED: crimson\n"])
def test_a_list_without_two_labels_or_with_one_twice_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "list.txt").write_text(text)

    with pytest.raises(UsageError):
        read_list(tmp_path / "list.txt")


def test_a_list_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_bytes(b"\xff\xfe\x00a")

    with pytest.raises(PathNotFound):
        read_list(tmp_path / "none.txt")
    with pytest.raises(UsageError, match="cannot be read"):
        read_list(tmp_path / "list.txt")


def test_a_clip_is_what_its_vector_says_and_nothing_when_it_resembles_none() -> None:
    rng = np.random.default_rng(0)
    background = rng.normal(size=(500, 64)).astype(np.float32)
    labels = rng.normal(size=(20, 64)).astype(np.float32)
    others = rng.normal(size=(200, 64)).astype(np.float32)

    of_label = probabilities(labels[3:4], labels, background)[0]
    of_others = probabilities(others, labels, background)

    assert of_label.argmax() == 3
    assert of_label[3] > 0.9
    assert np.median(of_others.max(axis=1)) < 0.25


def test_the_length_of_a_vector_says_nothing() -> None:
    rng = np.random.default_rng(1)
    clips, labels, background = (rng.normal(size=(n, 16)).astype(np.float32) for n in (4, 5, 50))

    np.testing.assert_allclose(
        probabilities(clips * 7, labels, background), probabilities(clips, labels, background), atol=1e-5
    )


def test_zero_shot_reads_the_list_it_is_given(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("stop: red\ngo: green\n")
    encoder = FakeEncoder()

    classifier = open_activity(Choices(encoder, labels=tmp_path / "list.txt"))
    scores = classifier.scores(encoder.encode_texts(["red", "green"]))

    assert classifier.spec.labels == ("stop", "go")
    assert isinstance(classifier.spec.needs, ClipVectorsNeeded)
    assert scores.argmax(axis=1).tolist() == [0, 1]


def test_other_sentences_are_another_classifier() -> None:
    encoder = FakeEncoder()
    specs = [ZeroShot(encoder, parse_list(["stop: red", line])).spec for line in ("go: green", "go: blue")]

    assert specs[0].labels == specs[1].labels
    assert specs[0].fingerprint != specs[1].fingerprint


def test_a_label_of_a_persons_own_that_the_encoder_has_no_words_for_is_named(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("stop: red\ngo: vert\nwait: green\n")

    with pytest.raises(UsageError, match="go"):
        open_activity(Choices(FakeEncoder(), labels=tmp_path / "list.txt"))


def test_an_encoder_without_words_for_the_shipped_list_says_nothing_instead_of_failing() -> None:
    class Speechless(FakeEncoder):
        def unknown_words(self, text: str) -> list[str]:
            return text.split()

    classifier = open_activity(Choices(Speechless()))

    assert classifier.spec.labels == ()
    assert classifier.scores(np.ones((3, 16), np.float32)).shape == (3, 0)


@pytest.mark.parametrize("name", ["frames", "cnn-rnn"])
def test_the_name_of_an_architecture_is_no_model_and_the_cure_says_how_to_make_one(name: str) -> None:
    with pytest.raises(UsageError) as raised:
        open_activity(Choices(FakeEncoder(), activity=name))

    assert f"vsearch train activity DIR --arch {name}" in raised.value.cure
