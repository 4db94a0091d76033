from __future__ import annotations

from pathlib import Path

import pytest

from indexer import choosing
from indexer.choosing import Chosen, Wishes, choose, read_chosen, remember
from search.errors import UsageError
from tests.library_fixtures import add_film, make_library


@pytest.fixture(autouse=True)
def _usual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "DEFAULT", ("emotion", "activity"))


def wanted(chosen: Chosen, *, emotion_allowed: bool = True) -> tuple[str, ...]:
    return chosen.wanted(emotion_allowed=emotion_allowed)


def test_a_library_of_which_nothing_was_said_looks_for_emotion_and_activity() -> None:
    assert wanted(Chosen()) == ("emotion", "activity")


def test_a_model_of_characters_joins_the_usual_ones() -> None:
    assert wanted(choose(Chosen(), Wishes(characters="drawn"))) == ("emotion", "activity", "characters")


def test_names_replace_what_was_before_and_are_remembered(tmp_path: Path) -> None:
    chosen = choose(Chosen(), Wishes(names=["activity"], activity="i3d", no_emotion=True))
    with make_library(tmp_path) as library:
        assert read_chosen(library.catalog) == Chosen()
        remember(library.catalog, chosen)
        assert read_chosen(library.catalog) == chosen
    assert wanted(chosen) == ("activity",)
    assert wanted(choose(chosen, Wishes())) == ("activity",)
    assert wanted(choose(chosen, Wishes(names=[]))) == ()


def test_choosing_a_model_adds_its_classifier_unless_the_same_run_names_them() -> None:
    none = Chosen(names=())
    assert wanted(choose(none, Wishes(characters="drawn"))) == ("characters",)
    assert wanted(choose(none, Wishes(activity="i3d"))) == ("activity",)
    assert wanted(choose(none, Wishes(names=["emotion"], characters="drawn"))) == ("emotion",)


def test_emotion_stays_off_until_it_is_named() -> None:
    off = choose(Chosen(), Wishes(no_emotion=True))
    assert wanted(off) == wanted(choose(off, Wishes())) == ("activity",)
    assert wanted(choose(off, Wishes(names=["activity"]))) == ("activity",)
    assert wanted(choose(off, Wishes(names=["emotion"]))) == ("emotion",)


def test_the_setting_switches_emotion_off_whatever_was_chosen() -> None:
    assert wanted(Chosen(names=("emotion", "activity")), emotion_allowed=False) == ("activity",)


def test_folders_and_files_are_remembered_in_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model").mkdir()
    labels = tmp_path / "labels.txt"
    labels.write_text("running")
    chosen = choose(Chosen(), Wishes(activity="model", activity_labels=Path("labels.txt")))
    assert (chosen.activity, chosen.activity_labels) == (str(tmp_path / "model"), str(labels))
    assert choose(chosen, Wishes(activity="zero-shot")).activity_labels is None


def test_characters_without_a_model_are_refused() -> None:
    with pytest.raises(UsageError, match="No model of characters"):
        choose(Chosen(), Wishes(names=["characters"]))


def test_how_clips_lie_is_remembered_until_it_is_said_otherwise(tmp_path: Path) -> None:
    assert Chosen().clips == "shots"
    chosen = choose(Chosen(), Wishes(clips="fixed"))
    with make_library(tmp_path) as library:
        remember(library.catalog, chosen)
        assert read_chosen(library.catalog).clips == "fixed"
    assert choose(chosen, Wishes(names=["activity"])).clips == "fixed"
    assert choose(chosen, Wishes(clips="shots")).clips == "shots"


def test_a_library_from_before_there_were_shots_keeps_its_clips(tmp_path: Path) -> None:
    with make_library(tmp_path / "new") as library:
        remember(library.catalog, read_chosen(library.catalog))
        add_film(library, "film.mp4", ["red"])
        assert read_chosen(library.catalog).clips == "shots"
    with make_library(tmp_path / "old") as library:
        add_film(library, "film.mp4", ["red"])
        assert read_chosen(library.catalog).clips == "fixed"
