"""From files to stored videos: decoding, encoding and storing overlap, with bounded queues between.

    worker threads          the calling thread         one thread
    a decoder each  ─clips─▶  the encoder    ─films─▶  the catalog

The first queue holds clips, never whole films, so memory does not grow with a film's length; of a film only vectors
and thumbnails are kept until it is stored, in one transaction. An error in any thread ends them all and is raised
to the caller; what was stored before stays.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from indexer.changes import Work
from indexer.channel import Channel, Stopped
from indexer.clips import ClipPlan
from indexer.decode import DecodedClip, Decoder
from indexer.outcome import DecodeOutcome
from search.catalog.records import NewClip
from search.contracts import Encoder, Float32
from search.errors import ModelUnavailable, VsearchError

BATCH_CLIPS = 8
BATCH_PIXELS = 1 << 22
"""Most pixels (frames x height x width) encoded at once: activations grow with them, speed hardly does."""
WAITING_FILMS = 4

Notice = Callable[[Work, float, float | None], None]
"""Told how many seconds of a film are decoded, and of how many, if known."""


@dataclass(slots=True)
class Film:
    """One file on its way through."""

    work: Work
    clips: list[NewClip] = field(default_factory=list)
    outcome: DecodeOutcome | None = None
    """None at the end when the file changed while it was decoded: it is left for a later run."""


@dataclass(frozen=True, slots=True)
class _Cut:
    film: Film
    clip: DecodedClip


@dataclass(frozen=True, slots=True)
class _End:
    film: Film
    outcome: DecodeOutcome | None


_Batches = Iterator[list[_Cut | _End]]


def index_films(
    work: Sequence[Work],
    encoder: Encoder,
    plan: ClipPlan,
    store: Callable[[Film], None],
    *,
    workers: int = 1,
    interrupted: Callable[[], bool],
    notice: Notice,
) -> None:
    """Takes every file through to `store`, which is called from one other thread, a finished film at a time.

    When `interrupted` turns true the films in work are dropped, those encoded already are stored, and it returns.
    Raises what `store` or a decoder raises, and ModelUnavailable when the encoder fails.
    """
    with decoding(work, plan, workers, interrupted, notice) as batches, writing(store) as write:
        for film in encoded(batches, encoder):
            write(film)


@contextmanager
def decoding(
    work: Sequence[Work], plan: ClipPlan, workers: int, interrupted: Callable[[], bool], notice: Notice
) -> Iterator[_Batches]:
    """Decodes in `workers` threads, each with its own decoder; gives what they cut in batches."""
    ended = threading.Event()
    errors: list[Exception] = []
    most = min(BATCH_CLIPS, max(1, BATCH_PIXELS // (plan.frames * plan.size * plan.size)))
    clips: Channel[_Cut | _End] = Channel(2 * most, writers=workers, stopped=lambda: ended.is_set() or interrupted())
    waiting = deque(work)

    def decode() -> None:
        try:
            _decode_all(waiting, plan, clips, notice)
        except Stopped:
            pass
        except Exception as error:
            errors.append(error)
            ended.set()
        finally:
            clips.done()

    threads = [threading.Thread(target=decode, name=f"decode-{n}") for n in range(workers)]
    for thread in threads:
        thread.start()
    try:
        yield iter(lambda: clips.take(most), [])
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    if errors:
        raise errors[0]


def _decode_all(waiting: deque[Work], plan: ClipPlan, clips: Channel[_Cut | _End], notice: Notice) -> None:
    def look_up(work: Work, seconds: float, total: float | None) -> None:
        clips.check()
        notice(work, seconds, total)

    with Decoder() as decoder:
        while waiting:
            try:
                film = Film(waiting.popleft())
            except IndexError:  # another worker was quicker
                return
            for clip in decoder.decode(film.work.path, plan, on_progress=partial(look_up, film.work)):
                clips.put(_Cut(film, clip))
            clips.put(_End(film, decoder.outcome if _is_as_planned(film.work) else None))


def _is_as_planned(work: Work) -> bool:
    """Whether the file is still the one that was fingerprinted."""
    try:
        now = work.path.stat()
    except OSError:
        return False
    return (now.st_size, now.st_mtime_ns) == (work.file.size, work.file.mtime_ns)


def encoded(batches: _Batches, encoder: Encoder) -> Iterator[Film]:
    """Gives each clip its vector; a film comes out when its last clip has one. Batches may cross films."""
    for batch in batches:
        fresh = [it for it in batch if isinstance(it, _Cut) and not it.clip.repeats_previous]
        vectors = iter(_encode(encoder, fresh))
        for it in batch:
            clips = it.film.clips
            if isinstance(it, _Cut):
                vector = clips[-1].vector if it.clip.repeats_previous else next(vectors)
                clips.append(NewClip(it.clip.start, it.clip.end, vector, it.clip.thumbnail))
            else:
                it.film.outcome = it.outcome
                yield it.film


def _encode(encoder: Encoder, cuts: list[_Cut]) -> Float32:
    if not cuts:
        return np.zeros((0, encoder.spec.dim), np.float32)
    try:
        vectors = encoder.encode_clips(np.stack([cut.clip.frames for cut in cuts]))
    except VsearchError:
        raise
    except Exception as error:  # whatever a model's runtime raises, the person is told which model and where
        raise _unusable(encoder, cuts[0].film.work, str(error)) from error
    if not np.isfinite(vectors).all():
        raise _unusable(encoder, cuts[0].film.work, "not a number")
    return vectors


def _unusable(encoder: Encoder, work: Work, words: str) -> ModelUnavailable:
    first_line = next(iter(words.splitlines()), "no reason given")[:200]
    return ModelUnavailable(
        f"The encoder {encoder.spec.name} failed on a clip of {work.path}: {first_line}",
        f"`vsearch models check {encoder.spec.name}` tests it; what was indexed before is kept.",
    )


@contextmanager
def writing(store: Callable[[Film], None]) -> Iterator[Callable[[Film], None]]:
    """Stores films in a thread of its own; on leaving, those handed over are stored."""
    broken = threading.Event()
    errors: list[Exception] = []
    films: Channel[Film] = Channel(WAITING_FILMS, writers=1, stopped=broken.is_set)

    def write() -> None:
        try:
            while taken := films.take(1):
                store(taken[0])
        except Exception as error:
            errors.append(error)
            broken.set()

    thread = threading.Thread(target=write, name="write")
    thread.start()
    try:
        yield films.put
    except Stopped:
        pass  # the reason is in `errors`
    finally:
        films.done()
        thread.join()
    if errors:
        raise errors[0]
