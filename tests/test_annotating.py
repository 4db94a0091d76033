"""What is seen, drawn on the film itself."""

from __future__ import annotations

import io
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from classifiers.contracts import ClassifierSpec, ClipVectorsNeeded, FramesNeeded
from classifiers.emotion.classifier import Expression
from classifiers.emotion.faces import Box
from classifiers.emotion.labels import LABELS
from classifiers.segments import Rule
from indexer.annotating import making, watching
from indexer.annotating.drawing import COLOURS, annotate
from indexer.annotating.live import Newest, open_stream
from indexer.annotating.making import annotated
from indexer.annotating.seen import Activity, Appearance, Face, Seen
from indexer.annotating.watching import ActivityWatcher, CharacterWatcher, FaceWatcher, Pace, Watch
from indexer.commands import annotate as command
from indexer.excerpts.reading import TimedFrame, read_span
from search.contracts import Float32, UInt8
from search.errors import CannotGoOn
from tests.command_line import CommandLine
from tests.fakes import COLOURS as PLAIN
from tests.fakes import FakeEncoder
from tests.films import draw_film
from tests.indexing_service import wait_until
from tests.moving import add_tone, draw_moving, loudness


def probabilities(label: str) -> Float32:
    return np.array([0.75 if each == label else 0.05 for each in LABELS], np.float32)


def plain(colour: str, width: int = 640, height: int = 480) -> UInt8:
    return np.full((height, width, 3), PLAIN[colour], np.uint8)


def near(page: UInt8, colour: tuple[int, int, int]) -> np.ndarray:
    """Where a page has about that colour."""
    return np.abs(page.astype(int) - colour).max(axis=-1) < 12


def test_the_box_has_the_colour_of_the_expression_and_the_bars_are_as_long_as_it_is_likely() -> None:
    face = Face(0.5, 0.25, 0.75, 0.5, probabilities("happy"))

    page = annotate(plain("black"), Seen(face=face), LABELS)

    box = near(page[:300], COLOURS["happy"])
    rows, columns = np.nonzero(box)
    assert (rows.min(), rows.max()) == pytest.approx((120, 240), abs=3)
    assert (columns.min(), columns.max()) == pytest.approx((320, 480), abs=3)
    happy = near(page[300:], COLOURS["happy"]).any(axis=0).sum()
    angry = near(page[300:], COLOURS["angry"]).any(axis=0).sum()
    assert happy / angry == pytest.approx(15, rel=0.35)


def test_nothing_is_drawn_where_nothing_is_seen_and_the_picture_itself_is_left_alone() -> None:
    picture = plain("orange")

    page = annotate(picture, Seen(), LABELS)
    marked = annotate(picture, Seen(activity=Activity("dancing", 0.5)), LABELS)

    np.testing.assert_array_equal(page, picture)
    np.testing.assert_array_equal(picture, plain("orange"))
    assert (marked[:60, :200] != picture[:60, :200]).any()
    np.testing.assert_array_equal(marked[80:], picture[80:])


@pytest.mark.parametrize("size", [(16, 16), (64, 48), (1080, 1920), (7, 301)])
def test_any_size_of_picture_can_be_drawn_on(size: tuple[int, int]) -> None:
    seen = Seen(
        Face(0.1, 0.1, 0.9, 0.9, probabilities("sad")),
        Activity("Gymnastik mit Bällen", 0.987),
        tuple(Appearance(f"nobody {i}", i % 2 == 0, i * 100.0) for i in range(12)),
    )

    page = annotate(np.zeros((*size, 3), np.uint8), seen, LABELS)

    assert page.shape == (*size, 3)
    assert page.any()


def test_looks_keep_their_pace_and_missed_ones_are_not_made_up_for() -> None:
    pace = Pace(2.0)

    times = [0.0, 0.2, 0.4, 0.5, 0.9, 1.0, 5.0, 5.1, 5.4, 5.6]
    assert [time for time in times if pace.due(time)] == [0.0, 0.5, 1.0, 5.0, 5.4]


class OneFace:
    """Sees a face in everything that is not black."""

    spec = ClassifierSpec("emotion", LABELS, "f00d", FramesNeeded(1.0, 320, 320, "inside"))

    def __init__(self) -> None:
        self.looks = 0

    def expressions(self, frames: UInt8) -> list[list[Expression]]:
        self.looks += 1
        return [[Expression(Box(80, 60, 120), probabilities("happy"))] if frame.any() else [] for frame in frames]


def test_the_face_is_looked_for_every_other_frame_and_stays_until_the_next_look() -> None:
    classifier = OneFace()
    watcher = FaceWatcher(classifier)  # type: ignore[arg-type]

    seen = [watcher.watch(i / 25, plain("red" if i < 6 else "black")) for i in range(10)]

    assert [face is not None for face in seen] == [True] * 6 + [False] * 4
    assert classifier.looks == 5
    assert seen[0] is not None
    assert (seen[0].left, seen[0].top, seen[0].right, seen[0].bottom) == (0.25, 0.25, 0.625, 0.75)


class Colours:
    """Two labels: how red, how green."""

    def __init__(self, needs: FramesNeeded | ClipVectorsNeeded, kind: str = "activity") -> None:
        self.spec = ClassifierSpec(kind, ("red", "green"), "f00d", needs)

    def scores(self, batch: UInt8 | Float32) -> Float32:
        values = np.asarray(batch, np.float32).reshape(len(batch), -1, 3).mean(axis=1)
        return (values[:, :2] / 255).astype(np.float32)


def labels_of(window: int | None) -> list[str | None]:
    """Two seconds of red with one green frame in them."""
    watcher = ActivityWatcher(Colours(FramesNeeded(1.0, 8, 8, "crop")), FakeEncoder(), window, 25.0)
    seen = [watcher.watch(i / 25, plain("green" if i == 30 else "red", 32, 32)) for i in range(50)]
    return [activity and activity.label for activity in seen]


def test_averaging_takes_the_flicker_away_and_without_it_one_frame_is_enough() -> None:
    assert labels_of(None) == ["red"] * 50
    assert [at for at, label in enumerate(labels_of(1)) if label == "green"] == [30]


def test_activities_of_clips_are_told_when_a_clip_is_full() -> None:
    encoder = FakeEncoder()

    class ByVector(Colours):
        def scores(self, batch: UInt8 | Float32) -> Float32:
            assert batch.shape == (1, encoder.spec.dim)
            return np.array([[0.9, 0.1]], np.float32)

    watcher = ActivityWatcher(ByVector(ClipVectorsNeeded()), encoder, None, 25.0)

    seen = [watcher.watch(i / 25, plain("red", 64, 64)) for i in range(50)]

    first = next(at for at, activity in enumerate(seen) if activity)
    assert first / 25 == pytest.approx((encoder.spec.frames - 1) / encoder.spec.fps, abs=0.05)


def test_screen_time_runs_while_somebody_is_there() -> None:
    rule = Rule(smooth=0.0, enter=0.6, leave=0.4)
    watcher = CharacterWatcher(Colours(FramesNeeded(5.0, 8, 8, "pad"), "character"), rule)

    for i in range(100):
        seen = watcher.watch(i / 25, plain("red" if i < 50 else "black", 32, 32))

    (red,) = seen
    assert (red.label, red.here) == ("red", False)
    assert red.seconds == pytest.approx(2, abs=0.25)


def test_live_frames_are_dropped_and_never_queued() -> None:
    frames = iter([np.full((4, 4, 3), i, np.uint8) for i in range(100)])
    taken: list[int] = []

    def read() -> UInt8 | None:
        time.sleep(0.002)
        return next(frames, None)

    newest = Newest(read)
    for frame in newest.frames(lambda: False):
        taken.append(int(frame.picture[0, 0, 0]))
        time.sleep(0.02)

    assert taken == sorted(taken)
    assert len(taken) < 60
    assert newest.dropped + len(taken) == pytest.approx(100, abs=1)


def test_a_live_film_ends_when_it_is_told_to() -> None:
    stopped = threading.Event()
    newest = Newest(lambda: np.zeros((4, 4, 3), np.uint8))

    for at, _ in enumerate(newest.frames(stopped.is_set)):
        if at == 3:
            stopped.set()

    assert at >= 3


def test_a_stream_is_watched_as_it_comes(tmp_path: Path) -> None:
    film = draw_moving(tmp_path / "film.mp4", 1)
    stream = io.BytesIO()
    with av.open(str(film)) as source, av.open(stream, "w", format="matroska") as target:
        video = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = video
                target.mux(packet)
    stream.seek(0)

    seen = list(open_stream(stream).frames(lambda: False))

    assert seen
    assert seen[-1].picture.shape == (120, 160, 3)
    with pytest.raises(CannotGoOn, match="no film"):
        open_stream(io.BytesIO(b"nothing of the sort"))


@pytest.fixture
def red_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    def open_red(wanted: making.Wanted, fps: float) -> Watch:
        rule = Rule(smooth=0.0, enter=0.6, leave=0.4)
        return Watch(characters=CharacterWatcher(Colours(FramesNeeded(5.0, 8, 8, "pad"), "character"), rule))

    monkeypatch.setattr(making, "open_watch", open_red)


@pytest.mark.usefixtures("red_watch")
def test_the_film_keeps_its_size_times_and_sound(line: CommandLine, tmp_path: Path) -> None:
    film = add_tone(draw_moving(tmp_path / "film.mp4", 2), 2)

    done = line("annotate", film, "-o", tmp_path / "seen.mp4", "--json")

    assert (done.code, done.document["frames"], done.document["seconds"]) == (0, 50, 2.0)
    before, after = list(read_span(film)), list(read_span(tmp_path / "seen.mp4"))
    assert after[0].picture.shape == before[0].picture.shape
    assert [frame.time for frame in after] == pytest.approx([frame.time for frame in before], abs=1e-3)
    seconds, loud = loudness(tmp_path / "seen.mp4")
    assert seconds == pytest.approx(2, abs=0.1)
    assert max(loud[:9]) < 0.01
    assert min(loud[12:18]) > 0.2


@pytest.mark.usefixtures("red_watch")
def test_what_is_seen_is_on_the_frames(line: CommandLine, tmp_path: Path) -> None:
    film = draw_film(tmp_path / "film.mp4", "red", "blue", seconds=2)

    line("annotate", film, "-o", tmp_path / "seen.mp4")

    frames = [frame.picture.astype(int) for frame in read_span(tmp_path / "seen.mp4")]
    assert np.abs(frames[10] - PLAIN["red"]).max() > 60  # a name is written there


@pytest.mark.usefixtures("red_watch")
def test_an_interrupted_file_leaves_nothing_and_an_interrupted_camera_its_film(
    line: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = draw_moving(tmp_path / "film.mp4", 1)

    def stop_after_three(frames: Iterator[TimedFrame], watch: Watch) -> Iterator[TimedFrame]:
        for at, frame in enumerate(annotated(frames, watch)):
            yield frame
            if at == 2:
                raise KeyboardInterrupt

    monkeypatch.setattr(making, "annotated", stop_after_three)
    done = line("annotate", film, "-o", tmp_path / "seen.mp4")
    assert done.code == 130
    assert sorted(path.name for path in tmp_path.iterdir()) == ["film.mp4"]

    monkeypatch.setattr(making, "annotated", annotated)

    def camera(source: str, stopped: object) -> Iterator[TimedFrame]:
        for i in range(5):  # and then it was stopped
            yield TimedFrame(i / 25, (i + 1) / 25, plain("red", 64, 64))

    monkeypatch.setattr(command, "open_frames", camera)
    done = line("annotate", "0", "-o", tmp_path / "seen.mp4", "--json")
    assert (done.code, done.document["frames"]) == (0, 5)
    assert len(list(read_span(tmp_path / "seen.mp4"))) == 5


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["film.mp4"], 2, "Nobody would see it"),
        (["film.mp4", "-o", "seen.gif"], 2, "no film that can be written"),
        (["absent.mp4", "-o", "seen.mp4"], 2, "no file"),
        (["film.mp4", "--show"], 3, "no screen"),
        (["film.mp4", "-o", "seen.mp4", "--characters", "nobody"], 3, "nobody"),
    ],
)
def test_what_cannot_be_done_is_said(
    line: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int, said: str
) -> None:
    draw_film(tmp_path / "film.mp4", "red")
    monkeypatch.chdir(tmp_path)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)

    done = line("annotate", *words, "--encoder", "fake", "--activity", "none")

    assert done.code == code
    assert said in done.err
    assert not (tmp_path / "seen.mp4").exists()


def test_expressions_that_are_switched_off_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    FakeEncoder()
    monkeypatch.setenv("VSEARCH_NO_EMOTION", "1")
    monkeypatch.setattr(watching, "FaceWatcher", None)

    watch = making.open_watch(making.Wanted(activity=None, encoder="mini"), 25.0)

    assert watch.watch(0.0, plain("red")).face is None


def test_a_camera_that_nobody_watches_any_more_is_left_to_others() -> None:
    class Camera:
        def read(self) -> UInt8:
            time.sleep(0.001)
            return np.zeros((4, 4, 3), np.uint8)

    camera = Camera()
    held = weakref.ref(camera)
    frames = Newest(camera.read).frames(lambda: False)
    del camera
    next(frames)
    del frames
    wait_until(lambda: held() is None, 10)
