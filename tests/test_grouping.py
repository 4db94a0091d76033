"""Similar frames come into groups: the pure parts, and whole runs over tiny films."""

from __future__ import annotations

import csv
import signal
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.characters.mapping import read_mapping
from indexer.choosing import Wishes
from indexer.grouping.clustering import Clusters, agglomerate, singles
from indexer.grouping.export import export_named
from indexer.grouping.joining import join_groups
from indexer.grouping.looking import small_picture
from indexer.grouping.run import group_appearances
from indexer.grouping.spans import find_stretches
from indexer.jobs.asking import ask_for
from indexer.jobs.performing import perform
from indexer.pictures.picture_files import decoded, read_picture
from indexer.reporting.progress import Silence
from indexer.retag import tag_again
from indexer.run import Options, index
from search.catalog.appearances import Features, NewAppearance
from search.catalog.jobs import JobKind
from search.contracts import Float32, UInt8
from search.errors import NotFound, UsageError
from search.library import Library, open_library
from search.naming import Naming
from search.settings import read_settings
from tests.fakes import FakeEncoder
from tests.films import draw_film

NO_CLASSIFIERS = Options(FakeEncoder())

pytestmark = pytest.mark.usefixtures("decoding_here")


class ColourLooks:
    """Frames of one colour look alike."""

    fingerprint = "colours"

    def vectors(self, frames: UInt8) -> Float32:
        return unit(frames.mean(axis=(1, 2), dtype=np.float32) + 1.0)


@pytest.fixture
def films(tmp_path: Path) -> Path:
    draw_film(tmp_path / "films" / "one.mp4", "red", "blue", "red", seconds=3.0)
    draw_film(tmp_path / "films" / "two.mp4", "blue", "green", seconds=3.0)
    return tmp_path / "films"


@pytest.fixture
def library(films: Path) -> Iterator[Library]:
    index([films], read_settings().library, NO_CLASSIFIERS)
    with open_library(encoder=FakeEncoder()) as library:
        yield library


@pytest.fixture
def naming(library: Library) -> Naming:
    group_appearances(library, looks=ColourLooks())
    return Naming(library)


def test_similar_frames_of_all_films_come_into_one_group(library: Library) -> None:
    done = group_appearances(library, looks=ColourLooks())
    assert (done.videos, done.appearances, done.groups, done.failures) == (2, 5, 3, ())
    groups = Naming(library).groups()
    assert sorted((group.appearances, round(group.seconds)) for group in groups) == [(1, 3), (2, 6), (2, 6)]


def test_an_appearance_lasts_as_long_as_its_shot(naming: Naming) -> None:
    spans = sorted((one.video_id, one.start, one.end) for group in naming.groups() for one in group.shown)
    assert [(round(start, 1), round(end, 1)) for _, start, end in spans] == [(0, 3), (3, 6), (6, 9), (0, 3), (3, 6)]


def test_every_appearance_has_a_small_picture_of_itself(naming: Naming) -> None:
    for group in naming.groups():
        colours = set()
        for one in group.shown:
            path = naming.picture(one.id)
            assert path is not None
            picture = read_picture(path)
            assert picture is not None
            colours.add(int(picture.mean(axis=(0, 1)).argmax()))
        assert len(colours) == 1


def test_a_second_run_looks_only_at_what_is_new_and_keeps_what_a_person_made(
    library: Library, naming: Naming, films: Path
) -> None:
    red, blue, *_ = (group.id for group in naming.groups())
    naming.merge(red, [blue])
    naming.name(red, ["tom"])
    before = naming.groups()
    assert group_appearances(library, looks=ColourLooks()).videos == 0
    assert naming.groups() == before
    draw_film(films / "three.mp4", "blue", "white", seconds=3.0)
    index([films], library.path, NO_CLASSIFIERS)
    assert group_appearances(library, looks=ColourLooks()).videos == 1
    tom = naming.groups()[0]
    assert (tom.names, tom.appearances) == (("tom",), before[0].appearances + 1)
    assert dict(naming.screen_times())["tom"] == pytest.approx(15.0, abs=0.2)
    assert naming.undo() == "naming a group tom"
    assert naming.undo() == "merging 2 groups"


def test_films_that_are_gone_take_their_pictures_with_them(library: Library, naming: Naming) -> None:
    assert len(list((library.path / "appearances").glob("*/*.jpg"))) == 5
    library.catalog.forget_videos([1])
    group_appearances(library, looks=ColourLooks())
    assert len(list((library.path / "appearances").glob("*/*.jpg"))) == 2
    assert len(naming.groups()) == 2


def test_a_run_that_is_interrupted_is_gone_on_with(library: Library) -> None:
    def interrupt(_share: float, words: str) -> None:
        if "film 2 of 2" in words and not told:
            told.append(words)
            signal.raise_signal(signal.SIGINT)

    told: list[str] = []
    stopped = group_appearances(library, looks=ColourLooks(), told=interrupt)
    assert (stopped.interrupted, stopped.videos) == (True, 1)
    assert Naming(library).groups() == []
    done = group_appearances(library, looks=ColourLooks())
    assert (done.videos, done.groups) == (1, 3)


def test_a_film_that_is_gone_from_the_disk_is_said_and_costs_only_itself(library: Library, films: Path) -> None:
    (films / "one.mp4").unlink()
    done = group_appearances(library, looks=ColourLooks())
    assert [path.name for path, _ in done.failures] == ["one.mp4"]
    assert done.videos == 1


def test_progress_goes_from_nothing_to_all(library: Library) -> None:
    told: list[tuple[float, str]] = []
    group_appearances(library, looks=ColourLooks(), told=lambda share, words: told.append((share, words)))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert told[0][1].startswith("Looking at one.mp4, film 1 of 2")


def test_a_job_makes_the_groups_and_says_how_far_it_is(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    class Heard(Silence):
        shares: ClassVar[list[float | None]] = []

        def say(self, words: str, share: float | None = None) -> None:
            self.shares.append(share)

    monkeypatch.setattr("indexer.grouping.run._open_looks", ColourLooks)
    job = ask_for(library.catalog, JobKind.GROUP)
    assert perform(library, job, Heard()) == {"looked at": 2, "appearances": 5, "groups": 3}
    assert Heard.shares[-1] == 1.0
    assert any(0 < share < 1 for share in Heard.shares if share is not None)


def test_the_rule_of_characters_bridges_gaps_between_named_appearances(library: Library, naming: Naming) -> None:
    red = next(group for group in naming.groups() if len({one.video_id for one in group.shown}) == 1)
    naming.name(red.id, ["tom"])
    video = red.shown[0].video_id
    assert len(library.catalog.segments(video, "character")) == len(red.shown)
    tag_again(library.catalog, ["character.max_gap=4"], reset=False, interrupted=lambda: False)
    assert len(library.catalog.segments(video, "character")) == 1


def test_indexing_again_keeps_the_names(library: Library, naming: Naming, films: Path) -> None:
    naming.name(naming.groups()[0].id, ["tom"])
    before = naming.screen_times()
    index([films], library.path, Options(FakeEncoder(), wishes=Wishes(overlap=0.5)))
    assert naming.screen_times() == before


@pytest.mark.slow
def test_named_frames_are_exported_as_training_reads_them(naming: Naming, library: Library, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="Nobody has been named"):
        export_named(library, tmp_path / "out")
    first, second, _ = naming.groups()
    naming.name(first.id, ["tom", "jerry"])
    naming.name(second.id, ["nobody"])
    done = export_named(library, tmp_path / "out")
    assert done.characters == ("jerry", "tom")
    frames = read_mapping(done.csv)
    assert len(frames.images) == done.frames == 12
    assert frames.there.all(axis=1).sum() == 6
    assert not frames.there[~frames.there.all(axis=1)].any()
    assert all((done.folder / name).is_file() for name in frames.images)
    assert len(list(done.folder.rglob("*.jpg"))) == done.frames
    with done.csv.open() as file:
        assert next(csv.reader(file)) == ["Image_ID", "jerry", "tom"]
    with pytest.raises(UsageError, match="is there already"):
        export_named(library, tmp_path / "out")


def test_a_frame_is_exported_as_what_it_shows_where_the_picture_changes_between_two_that_were_grouped(
    tmp_path: Path,
) -> None:
    film = draw_film(tmp_path / "films" / "one.mp4", "red", "green", seconds=1.15)
    index([film], read_settings().library, NO_CLASSIFIERS)
    with open_library(encoder=FakeEncoder()) as library:
        duration = library.catalog.video(1).facts.duration
        tom, jerry = np.eye(2, dtype=np.float32)
        found = [NewAppearance(0.0, 1.0, tom), NewAppearance(1.0, duration, jerry)]
        library.catalog.put_into_groups((None, [one]) for one in library.catalog.add_appearances(1, "by-hand", found))
        library.catalog.name_group(1, ["tom"], "naming")
        library.catalog.name_group(2, ["jerry"], "naming")
        done = export_named(library, tmp_path / "out")
    frames = read_mapping(done.csv)
    assert [Path(name).name for name in frames.images] == [
        "one_000000.500.jpg",
        "one_000001.500.jpg",
        "one_000002.500.jpg",
    ]
    for name, (jerry, tom) in zip(frames.images, frames.there, strict=True):
        picture = read_picture(done.folder / name)
        assert picture is not None
        assert (jerry, tom) == ((False, True) if picture.mean(axis=(0, 1)).argmax() == 0 else (True, False))


@pytest.mark.parametrize(
    ("height", "width", "expected"), [(180, 320, (90, 160)), (180, 101, (160, 90)), (8, 8, (8, 8))]
)
def test_a_picture_fits_a_box_and_is_never_made_larger(height: int, width: int, expected: tuple[int, int]) -> None:
    data = small_picture(np.zeros((height, width, 3), np.uint8))
    picture = decoded(np.frombuffer(data, np.uint8))
    assert picture is not None
    assert picture.shape[:2] == expected


def unit(vectors: Float32) -> Float32:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)


VECTORS = st.integers(0, 2**32 - 1).flatmap(
    lambda seed: st.integers(1, 12).map(
        lambda count: unit(np.random.default_rng(seed).normal(1.0, 1.0, size=(count, 3)).astype(np.float32))
    )
)


def slowly(vectors: Float32, threshold: float) -> set[frozenset[int]]:
    """The textbook's way: of all pairs the most similar, again and again."""
    lots = [frozenset([row]) for row in range(len(vectors))]
    similar = vectors.astype(np.float64) @ vectors.astype(np.float64).T
    while len(lots) > 1:
        best, one, other = max(
            (similar[np.ix_(sorted(lots[i]), sorted(lots[j]))].mean(), i, j)
            for i in range(len(lots))
            for j in range(i)
        )
        if best < threshold:
            break
        lots[other] |= lots.pop(one)
    return set(lots)


@given(VECTORS, st.floats(-0.9, 0.999))
def test_the_chain_of_neighbours_finds_the_clusters_of_the_textbook(vectors: Float32, threshold: float) -> None:
    labels = agglomerate(singles(vectors), threshold)
    found = {frozenset(np.flatnonzero(labels == label).tolist()) for label in set(labels.tolist())}
    assert found == slowly(vectors, threshold)
    assert list(dict.fromkeys(labels.tolist())) == list(range(len(found)))


def test_clusters_of_clusters_weigh_their_members() -> None:
    many = Clusters(np.array([[9.0, 0.0], [0.6, 0.8]], np.float32), np.array([9.0, 1.0], np.float32))
    assert many.similarities(many)[0, 1] == pytest.approx(0.6)
    assert many.joined(np.array([0, 0])).sums.tolist() == [[pytest.approx(9.6), pytest.approx(0.8)]]


def test_no_vectors_make_no_clusters() -> None:
    assert agglomerate(singles(np.zeros((0, 4), np.float32)), 0.5).tolist() == []


def features(vectors: Float32, videos: list[int], groups: list[int]) -> Features:
    return Features(np.arange(1, len(videos) + 1), np.array(videos), np.array(groups), vectors)


def test_a_new_appearance_joins_the_group_with_a_look_like_it_even_if_its_mean_is_far() -> None:
    tom_in_two_looks_and_new = unit(np.array([[1, 0, 0], [0, 1, 0], [0.05, 1, 0], [0, 0, 1]], np.float32))
    lots = join_groups(features(tom_in_two_looks_and_new, [1, 1, 2, 2], [7, 7, 0, 0]), 0.96)
    assert sorted(lots, key=str) == [(7, [3]), (None, [4])]


def test_what_is_alike_in_two_new_films_makes_one_new_group() -> None:
    vectors = unit(np.array([[1, 0], [0, 1], [1, 0.01], [0, 1]], np.float32))
    assert join_groups(features(vectors, [1, 1, 2, 2], [0, 0, 0, 0]), 0.96) == [(None, [2, 4]), (None, [1, 3])]


def test_nothing_new_changes_nothing() -> None:
    assert join_groups(features(unit(np.ones((2, 2), np.float32)), [1, 1], [3, 3]), 0.96) == []
    assert join_groups(features(np.zeros((0, 0), np.float32), [], []), 0.96) == []


@given(
    st.lists(st.integers(0, 2), min_size=1, max_size=40),
    st.lists(st.floats(0.05, 39.0), max_size=6, unique=True),
    st.floats(0.0, 1.0),
)
def test_stretches_lie_in_order_inside_shots_and_cover_every_frame(
    looks: list[int], cuts: list[float], rest: float
) -> None:
    duration = len(looks) - 1 + max(rest, 0.01)
    inside = sorted(cut for cut in cuts if cut < duration)
    vectors = np.eye(3, dtype=np.float32)[looks]
    found = find_stretches(vectors, inside, 1.0, duration, 0.9)
    assert [frame for one in found for frame in one.frames] == list(range(len(looks)))
    spans = [(one.appearance.start, one.appearance.end) for one in found]
    assert all(0 <= start < end <= duration for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    for one, (start, end) in zip(found, spans, strict=True):
        assert len({looks[frame] for frame in one.frames}) == 1
        assert not any(start < cut < end for cut in inside)
