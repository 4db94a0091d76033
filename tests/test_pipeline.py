from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

import numpy as np
import pytest

from classifiers.contracts import FramesNeeded
from indexer import pipeline
from indexer.cues.reading import Words
from indexer.cues.sidecars import Sidecar
from indexer.decoding.clips import ClipPlan
from indexer.decoding.decode import DecodedClip
from indexer.decoding.outcome import DecodeOutcome
from indexer.film import Film
from indexer.finding.changes import Why, Work
from indexer.pipeline import BATCH_CLIPS, index_films
from indexer.scoring import Scorer
from search.catalog.records import FileFacts, VideoFacts, VideoState
from search.contracts import Float32, UInt8
from search.errors import DiskFull, ModelUnavailable
from tests.fakes import FAKE_SPEC, FakeEncoder

PLAN = ClipPlan(FAKE_SPEC.frames, FAKE_SPEC.fps, FAKE_SPEC.size)
WHOLE = DecodeOutcome(VideoState.INDEXED, "", "", VideoFacts(duration=1.0), 8)


def grey(number: int) -> UInt8:
    return np.full((PLAN.frames, PLAN.size, PLAN.size, 3), number % 256, np.uint8)


class ScriptedDecoder:
    """Gives as many clips as the file's name says (`3.mp4`), each a brighter grey; `s` at its end: all repeat."""

    given = 0
    """Clips all decoders have given."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    outcome = WHOLE
    cuts: ClassVar[list[float]] = [1.5]

    def decode_all(
        self,
        path: Path,
        plan: ClipPlan,
        needs: Sequence[FramesNeeded],
        *,
        cuts: bool,
        on_progress: Callable[[float, float | None], None],
    ) -> Iterator[DecodedClip]:
        count, repeats = int(path.stem.rstrip("s")), path.stem.endswith("s")
        for number in range(count):
            ScriptedDecoder.given += 1
            on_progress(number, count)
            yield DecodedClip(number, number + 1, grey(number), b"jpeg", repeats and number > 0)

    def read_words(self, path: Path, sidecars: Sequence[Sidecar], duration: float) -> Words:
        return Words()


@pytest.fixture(autouse=True)
def _scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "Decoder", ScriptedDecoder)
    monkeypatch.setattr(ScriptedDecoder, "given", 0)


class CountingEncoder(FakeEncoder):
    def __init__(self) -> None:
        super().__init__()
        self.batches: list[int] = []

    def encode_clips(self, clips: UInt8) -> Float32:
        self.batches.append(len(clips))
        return super().encode_clips(clips)


def films(folder: Path, *names: str) -> list[Work]:
    work = []
    for place, name in enumerate(names):
        path = folder / str(place) / f"{name}.mp4"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"film")
        facts = path.stat()
        work.append(Work(folder, f"{place}/{path.name}", FileFacts(facts.st_size, facts.st_mtime_ns, "f"), Why.NEW))
    return work


def run(
    work: list[Work],
    store: Callable[[Film], None],
    *,
    encoder: FakeEncoder | None = None,
    workers: int = 1,
    interrupted: Callable[[], bool] = lambda: False,
) -> None:
    before = set(threading.enumerate())
    try:
        index_films(
            work,
            encoder or FakeEncoder(),
            Scorer([], PLAN, lambda video_id: np.zeros((0, FAKE_SPEC.dim), np.float32)),
            PLAN,
            store,
            workers=workers,
            interrupted=interrupted,
            notice=lambda *_: None,
        )
    finally:
        assert set(threading.enumerate()) <= before, "a thread was left running"


@pytest.mark.parametrize("workers", [1, 3])
def test_every_film_comes_out_once_with_its_clips_in_order_and_their_own_vectors(
    tmp_path: Path, workers: int
) -> None:
    stored: list[Film] = []
    work = films(tmp_path, "3", "0", "20", "1", "9", "5")
    run(work, stored.append, workers=workers)
    assert {film.work for film in stored} == set(work)
    for film in stored:
        count = int(film.work.path.stem)
        assert film.cuts == [1.5]
        assert [clip.start for clip in film.clips] == list(range(count))
        for number, clip in enumerate(film.clips):
            np.testing.assert_array_equal(clip.vector, FakeEncoder().encode_clips(grey(number)[None])[0])


def test_batches_are_bounded_and_cross_films(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    run(films(tmp_path, *["1"] * 40), lambda film: None, encoder=encoder)
    assert sum(encoder.batches) == 40
    assert 1 < max(encoder.batches) <= BATCH_CLIPS


def test_a_clip_that_repeats_the_one_before_is_not_encoded_again(tmp_path: Path) -> None:
    encoder, stored = CountingEncoder(), list[Film]()
    run(films(tmp_path, "30s"), stored.append, encoder=encoder)
    assert sum(encoder.batches) == 1
    assert len(stored[0].clips) == 30
    assert all((clip.vector == stored[0].clips[0].vector).all() for clip in stored[0].clips)


def test_a_slow_encoder_holds_the_decoder_back(tmp_path: Path) -> None:
    ahead = []

    class Slow(FakeEncoder):
        encoded = 0

        def encode_clips(self, clips: UInt8) -> Float32:
            time.sleep(0.02)
            ahead.append(ScriptedDecoder.given - self.encoded)
            self.encoded += len(clips)
            return super().encode_clips(clips)

    run(films(tmp_path, "200"), lambda film: None, encoder=Slow())
    assert max(ahead) <= 4 * BATCH_CLIPS


def test_a_film_that_changes_while_it_is_decoded_is_left_for_later(tmp_path: Path) -> None:
    work = films(tmp_path, "2", "2")
    work[0].path.write_bytes(b"longer now")
    work[1].path.unlink()
    stored: list[Film] = []
    run(work, stored.append)
    assert [film.outcome for film in stored] == [None, None]


def test_an_error_while_storing_reaches_the_caller_and_what_was_stored_stays(tmp_path: Path) -> None:
    stored: list[Film] = []

    def store(film: Film) -> None:
        if len(stored) == 2:
            raise DiskFull("The disk is full.", "Free some space.")
        stored.append(film)

    with pytest.raises(DiskFull):
        run(films(tmp_path, *["3"] * 30), store)
    assert len(stored) == 2
    assert ScriptedDecoder.given < 90


def test_an_error_while_decoding_reaches_the_caller(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nonsense"):
        run(films(tmp_path, "2", "nonsense", "2"), lambda film: None, workers=2)


@pytest.mark.parametrize("fault", ["raises", "nan"])
def test_an_encoder_that_fails_stops_the_run_and_names_itself_and_the_film(tmp_path: Path, fault: str) -> None:
    class Broken(FakeEncoder):
        def encode_clips(self, clips: UInt8) -> Float32:
            if fault == "raises":
                raise RuntimeError("OOM when allocating tensor\nand much more")
            return np.full((len(clips), FAKE_SPEC.dim), np.nan, np.float32)

    with pytest.raises(ModelUnavailable, match=r"fake failed on a clip of .*2\.mp4: .*[^\n]$"):
        run(films(tmp_path, "2"), lambda film: None, encoder=Broken())


def test_when_interrupted_encoded_films_are_stored_and_the_rest_is_dropped(tmp_path: Path) -> None:
    stored: list[Film] = []
    run(films(tmp_path, *["4"] * 50), stored.append, interrupted=lambda: len(stored) >= 3)
    assert 3 <= len(stored) < 50
    assert all(len(film.clips) == 4 for film in stored)
