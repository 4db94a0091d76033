from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine

from search.catalog.filters import ClipFilter
from search.catalog.hand import Said, hand_segments, remains
from search.catalog.records import Segment, Track
from search.catalog.schema import migrate
from search.errors import NotFound, UsageError
from search.language.tree import AnyOf, TagTest
from search.library import Library
from search.naming import Naming, picture_path
from tests.appearances import add_appearances
from tests.library_fixtures import add_film, make_library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with make_library(tmp_path) as library:
        yield library


@pytest.fixture
def naming(library: Library) -> Naming:
    """Two films of 8 s: the groups 0 1 0 2 and 0 0 1 1, two seconds each."""
    for name, groups in (("one.mp4", (0, 1, 0, 2)), ("two.mp4", (0, 0, 1, 1))):
        add_appearances(library, add_film(library, name, ["red"] * 5, fingerprint=name), groups)
    naming = Naming(library)
    merge_alike(naming)
    return naming


def merge_alike(naming: Naming) -> None:
    """The groups of the first film with those of the second, and no step to be taken back."""
    first, second = groups_of(naming, 1), groups_of(naming, 2)
    naming.merge(first[0], [second[0]])
    naming.merge(first[1], [second[1]])
    with naming._catalog.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM naming_step")


def groups_of(naming: Naming, video_id: int) -> list[int]:
    """In the order in which they appear."""
    found = [group for group, one in naming._catalog.appearances() if one.video_id == video_id]
    return list(dict.fromkeys(found))


def characters(library: Library, video_id: int) -> list[tuple[str, float, float]]:
    segments = library.catalog.segments(video_id, "character")
    return sorted(((one.label, one.start, one.end) for one in segments), key=lambda span: (span[1], span[0]))


def test_groups_come_by_size_and_the_named_first(naming: Naming) -> None:
    assert [(group.appearances, group.seconds) for group in naming.groups()] == [(4, 8.0), (3, 6.0), (1, 2.0)]
    smallest = naming.groups()[-1].id
    naming.name(smallest, ["tom"])
    assert [group.names for group in naming.groups()] == [("tom",), (), ()]


def test_a_name_becomes_screen_time_tags_and_filters_at_once(library: Library, naming: Naming) -> None:
    naming.name(naming.groups()[0].id, ["tom"])
    assert characters(library, 1) == [("tom", 0.0, 2.0), ("tom", 4.0, 6.0)]
    assert characters(library, 2) == [("tom", 0.0, 4.0)]
    assert naming.screen_times() == [("tom", 8.0)]
    assert ("character", "tom") in library.catalog.tags()
    wanted = ClipFilter((AnyOf((TagTest("character", ("tom",)),)),))
    spans = library.catalog.clips(library.catalog.clip_ids_with(wanted).tolist())
    assert {clip.video_id for clip in spans.values()} == {1, 2}


def test_a_group_may_show_several_and_nobody(library: Library, naming: Naming) -> None:
    first, second, _ = [group.id for group in naming.groups()]
    naming.name(first, ["tom", "jerry"])
    naming.name(second, ["Nobody"])
    assert naming.groups()[0].names == ("tom", "jerry")
    assert naming.group(second)[0].names == ("nobody",)
    assert dict(naming.screen_times()) == {"tom": 8.0, "jerry": 8.0}


def test_gaps_are_bridged_unless_somebody_said_what_is_there(library: Library, naming: Naming) -> None:
    library.catalog.bridge_characters(2.0)
    first, second, _ = [group.id for group in naming.groups()]
    naming.name(first, ["tom"])
    assert characters(library, 1) == [("tom", 0.0, 6.0)]
    naming.name(second, ["nobody"])
    assert characters(library, 1) == [("tom", 0.0, 2.0), ("tom", 4.0, 6.0)]


def test_every_step_can_be_taken_back_one_after_the_other(library: Library, naming: Naming) -> None:
    def state() -> object:
        return naming.groups(), naming.screen_times(), characters(library, 1), characters(library, 2)

    first, second, third = [group.id for group in naming.groups()]
    states, words = [state()], []
    steps: tuple[Callable[[], object], ...] = (
        lambda: naming.name(first, ["tom"]),
        lambda: naming.merge(first, [second]),
        lambda: naming.split(first, [one.id for one in naming.group(first)[1][:2]]),
        lambda: naming.move([one.id for one in naming.group(third)[1]], first),
        lambda: naming.name(first, []),
    )
    for step in steps:
        step()
        states.append(state())
        words.append(naming.last_step())
    assert words == [
        "naming a group tom",
        "merging 2 groups",
        "splitting 2 appearances off",
        "moving 1 appearance",
        "taking the name off a group",
    ]
    while words:
        assert state() == states.pop()
        assert naming.undo() == words.pop()
    assert state() == states.pop()
    assert naming.undo() is None
    assert naming.last_step() is None


def test_a_merged_group_without_a_name_takes_that_of_the_other(naming: Naming) -> None:
    first, second, _ = [group.id for group in naming.groups()]
    naming.name(second, ["jerry"])
    naming.merge(first, [second])
    assert naming.groups()[0].names == ("jerry",)
    assert naming.groups()[0].appearances == 7


def test_where_a_person_speaks_the_model_is_not_heard_and_elsewhere_it_is(library: Library) -> None:
    said_by_model = [Segment("character", "tom", 0.0, 8.0, 0.7), Segment("character", "spike", 0.0, 8.0, 0.7)]
    video = add_film(library, "one.mp4", ["red"] * 5, segments=said_by_model)
    add_appearances(library, video, (0, 1, 2))
    naming = Naming(library)
    tom, jerry, _ = groups_of(naming, video)
    naming.name(jerry, ["jerry"])
    naming.name(tom, ["tom"])
    assert characters(library, video) == [
        ("spike", 0.0, 8.0),  # nobody gave this name
        ("tom", 0.0, 2.0),
        ("jerry", 2.0, 4.0),
        ("tom", 4.0, 8.0),
    ]
    naming.undo()
    naming.undo()
    assert characters(library, video) == [("spike", 0.0, 8.0), ("tom", 0.0, 8.0)]


def test_names_outlast_retagging_a_new_model_and_indexing_again(library: Library) -> None:
    video = add_film(library, "one.mp4", ["red"] * 5, segments=[Segment("character", "tom", 0.0, 8.0, 0.7)])
    add_appearances(library, video, (0, 1))
    naming = Naming(library)
    naming.name(groups_of(naming, video)[1], ["jerry"])
    naming.name(groups_of(naming, video)[0], ["nobody"])
    catalog = library.catalog
    of_hand = ("jerry", 2.0, 4.0)
    catalog.replace_segments(video, {"character"}, [Segment("character", "jerry", 1.0, 6.0, 0.5)])
    assert characters(library, video) == [of_hand, ("jerry", 4.0, 6.0)]
    track = Track("character", ("spike",), "another", 1.0, 1.0, np.ones((8, 1), np.float32))
    catalog.save_tracks(video, "recipe", [track], [Segment("character", "spike", 0.0, 8.0, 0.5)])
    assert characters(library, video) == [("spike", 0.0, 8.0), of_hand]
    catalog.forget_tracks(video, "recipe", {"character"})
    assert characters(library, video) == [of_hand]
    assert add_film(library, "one.mp4", ["red"] * 5) == video
    assert characters(library, video) == [of_hand]


def test_a_film_with_other_content_or_none_takes_its_appearances_with_it(library: Library, naming: Naming) -> None:
    naming.name(naming.groups()[0].id, ["tom"])
    add_film(library, "one.mp4", ["blue"] * 5, fingerprint="other")
    assert naming.screen_times() == [("tom", 4.0)]
    assert library.catalog.videos_without_appearances("by-hand") == [1]
    library.catalog.forget_videos([2])
    assert naming.groups() == []
    assert naming.undo() == "naming a group tom"


def test_a_name_that_goes_with_its_last_film_is_heard_of_the_model_again(library: Library) -> None:
    first = add_film(library, "one.mp4", ["red"] * 5)
    said_by_model = [Segment("character", "tom", 0.0, 8.0, 0.7)]
    second = add_film(library, "two.mp4", ["red"] * 5, fingerprint="two", segments=said_by_model)
    for video in (first, second):
        add_appearances(library, video, (0,))
    naming = Naming(library)
    naming.name(groups_of(naming, first)[0], ["tom"])
    naming.name(groups_of(naming, second)[0], ["jerry"])
    assert characters(library, second) == [("jerry", 0.0, 2.0), ("tom", 2.0, 8.0)]
    library.catalog.forget_videos([first])
    assert characters(library, second) == [("jerry", 0.0, 2.0), ("tom", 0.0, 8.0)]


@pytest.mark.parametrize("way", ["forgotten", "changed", "overwritten"])
def test_a_group_goes_with_its_last_film(library: Library, way: str) -> None:
    first, second = (add_film(library, f"{name}.mp4", ["red"] * 5, fingerprint=name) for name in ("one", "two"))
    for video in (first, second):
        add_appearances(library, video, (0, 1))
    naming = Naming(library)
    named, other = groups_of(naming, first)
    naming.name(named, ["tom"])
    if way == "forgotten":
        library.catalog.forget_videos([first])
    elif way == "changed":
        add_film(library, "one.mp4", ["blue"] * 5, fingerprint="new")
    else:
        moved = library.catalog.video(second)
        library.catalog.move_video(second, moved.root_id, "one.mp4", moved.file)
    with pytest.raises(NotFound, match=f"no group {named}"):
        naming.merge(named, [other])
    assert library.catalog.appearance_groups().keys() == set(groups_of(naming, second))
    assert naming.last_step() == "naming a group tom"


def test_a_step_that_others_have_made_empty_is_none(library: Library, naming: Naming) -> None:
    first, second, _ = [group.id for group in naming.groups()]
    assert naming.merge(first, [second])
    assert not library.catalog.merge_groups(first, [second], "merging 2 groups")
    assert naming.undo() == "merging 2 groups"
    assert naming.undo() is None


def test_new_appearances_come_into_a_named_group_with_its_name(library: Library, naming: Naming) -> None:
    tom = naming.groups()[0].id
    naming.name(tom, ["tom"])
    video = add_film(library, "three.mp4", ["red"] * 5, fingerprint="three")
    ids = add_appearances(library, video, (7,))
    assert characters(library, video) == []
    naming.move(ids, tom)
    assert characters(library, video) == [("tom", 0.0, 2.0)]


@pytest.mark.parametrize("name", ["", " ", "a,b", "a\nb", "\x1b[31m", "x" * 101])
def test_what_is_no_name_is_refused_with_a_sentence(naming: Naming, name: str) -> None:
    with pytest.raises(UsageError, match="no name for a character"):
        naming.name(naming.groups()[0].id, ["tom", name])


def test_nobody_and_somebody_is_refused(naming: Naming) -> None:
    with pytest.raises(UsageError, match="nobody and somebody"):
        naming.name(naming.groups()[0].id, ["tom", "nobody"])


def test_a_name_is_written_as_it_is_known(naming: Naming) -> None:
    first, second, _ = [group.id for group in naming.groups()]
    naming.name(first, ["Tom"])
    naming.name(second, ["tom", "TOM "])
    assert naming.screen_times() == [("Tom", 14.0)]


def test_what_is_gone_is_said_to_be_gone(naming: Naming) -> None:
    first, second, _ = [group.id for group in naming.groups()]
    other = naming.group(second)[1][0].id
    with pytest.raises(NotFound, match="no group 99"):
        naming.name(99, ["tom"])
    with pytest.raises(NotFound, match="no appearance 99"):
        naming.move([99], first)
    with pytest.raises(UsageError, match=f"in group {first}"):
        naming.split(first, [other])
    with pytest.raises(UsageError, match="whole group"):
        naming.split(first, [one.id for one in naming.group(first)[1]])
    with pytest.raises(UsageError, match="alone"):
        naming.merge(first, [first])


def test_a_picture_is_served_for_an_appearance_that_is_there(library: Library, naming: Naming) -> None:
    path = picture_path(library.path, 1)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\xff\xd8")
    assert naming.picture(1) == path
    assert naming.picture(2) is None
    library.catalog.forget_videos([1])
    assert naming.picture(1) is None


def test_a_group_is_shown_by_a_few_pictures_evenly_spread(library: Library) -> None:
    video = add_film(library, "long.mp4", ["red"] * 5)
    ids = add_appearances(library, video, (0,) * 100)
    naming = Naming(library)
    shown = [one.id for one in naming.groups()[0].shown]
    assert (len(shown), shown[0], shown[-1]) == (12, ids[0], ids[-1])
    assert [one.id for one in naming.group(1, skip=90, count=5)[1]] == ids[90:95]


@pytest.mark.slow
def test_a_step_takes_less_than_a_tenth_of_a_second_in_twenty_films(library: Library) -> None:
    for number in range(20):
        video = add_film(library, f"{number}.mp4", ["red"] * 5, fingerprint=str(number))
        add_appearances(library, video, [one % 10 for one in range(300)])
    naming = Naming(library)
    groups = [group.id for group in naming.groups()]
    naming.name(groups[0], ["tom"])
    began = time.process_time()
    naming.merge(groups[0], groups[1:20])
    assert time.process_time() - began < 0.1


def test_a_library_of_an_older_schema_keeps_its_tags() -> None:
    engine = create_engine("sqlite://")
    migrate(engine, "0004")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO segment (video_id, kind, label, start, \"end\", score) VALUES (1, 'x', 'tom', 0, 1, 1)"
        )
    migrate(engine)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT label, source FROM segment").fetchall()
    engine.dispose()
    assert [tuple(row) for row in rows] == [("tom", "model")]


TIMES = st.lists(st.integers(0, 60), min_size=2, max_size=20, unique=True).map(sorted)
NAMES = st.frozensets(st.sampled_from(["tom", "jerry"]))


@given(TIMES, st.lists(NAMES, min_size=20, max_size=20), st.integers(0, 5))
def test_bridging_adds_only_time_of_which_nothing_was_said(
    times: list[int], names: list[frozenset[str]], max_gap: int
) -> None:
    spans = list(zip(times[::2], times[1::2], strict=False))
    said = [Said(start, end, one) for (start, end), one in zip(spans, names, strict=False)]
    segments = hand_segments(said, max_gap)
    for name in ("tom", "jerry"):
        shown = [one for one in segments if one.label == name]
        assert all(earlier.end < later.start for earlier, later in pairwise(shown))
        for one in said:
            middle = (one.start + one.end) / 2
            assert any(span.start <= middle < span.end for span in shown) == (name in one.names)


@given(TIMES, st.integers(0, 60), st.integers(1, 60))
def test_what_remains_of_a_model_s_word_is_all_that_a_person_says_nothing_of(
    times: list[int], start: int, seconds: int
) -> None:
    said = [Said(one, other, frozenset()) for one, other in zip(times[::2], times[1::2], strict=False)]
    left = remains(Segment("character", "tom", start, start + seconds, 0.5), said)
    for at in range(62):
        middle = at + 0.5
        wanted = start <= middle < start + seconds and not any(one.start <= middle < one.end for one in said)
        assert any(one.start <= middle < one.end for one in left) == wanted
