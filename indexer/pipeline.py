"""From files to stored videos: decoding, encoding and storing overlap, with bounded queues between.

    worker threads                  the calling thread                 one thread
    a decoder each  ─clips, frames─▶  encoder, classifiers  ─films─▶  the catalog

The first queue holds clips and a few frames, never whole films, so memory does not grow with a film's length; of a
film only vectors, scores and thumbnails are kept until it is stored, in one transaction. An error in any thread ends
them all and is raised to the caller; what was stored before stays.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import numpy as np

from classifiers.contracts import FramesNeeded
from indexer.cues.sidecars import WORDS
from indexer.decoding.channel import Channel, Stopped
from indexer.decoding.clips import ClipPlan
from indexer.decoding.decode import DecodedClip, Decoder
from indexer.decoding.outcome import DecodeOutcome, as_known
from indexer.decoding.takers import NeededFrames
from indexer.film import Film
from indexer.finding.changes import Work
from indexer.recipe import CLIPS, SHOTS
from indexer.scoring import Scorer
from search.catalog.records import NewClip, VideoState
from search.contracts import Encoder, Float32
from search.errors import ModelUnavailable, VsearchError, first_line

BATCH_CLIPS = 8
BATCH_PIXELS = 1 << 22
"""Most pixels (frames x height x width) encoded at once: activations grow with them, speed hardly does."""
WAITING_FILMS = 4

Notice = Callable[[Work, float, float | None], None]
"""Told how many seconds of a film are decoded, and of how many, if known."""


@dataclass(frozen=True, slots=True)
class _Clip:
    film: Film
    clip: DecodedClip


@dataclass(frozen=True, slots=True)
class _Look:
    film: Film
    frames: NeededFrames


@dataclass(frozen=True, slots=True)
class _End:
    film: Film
    outcome: DecodeOutcome | None


_Item = _Clip | _Look | _End
_Batches = Iterator[list[_Item]]


def index_films(
    work: Sequence[Work],
    encoder: Encoder,
    scorer: Scorer,
    plan: ClipPlan,
    store: Callable[[Film], None],
    *,
    workers: int = 1,
    interrupted: Callable[[], bool],
    notice: Notice,
) -> None:
    """Takes every file through to `store`, which is called from one other thread, a finished film at a time.

    When `interrupted` turns true the films in work are dropped, those encoded already are stored, and it returns.
    Raises what `store` or a decoder raises, and ModelUnavailable when the encoder or a classifier fails.
    """
    decode = partial(_decode_all, deque(work), plan, scorer.needs, notice)
    most = min(BATCH_CLIPS, max(1, BATCH_PIXELS // (plan.frames * plan.size * plan.size)))
    with decoding(decode, most, workers, interrupted) as batches, writing(store) as write:
        for film in finished(batches, encoder, scorer):
            write(film)


@contextmanager
def decoding(
    decode_all: Callable[[Channel[_Item]], None], most: int, workers: int, interrupted: Callable[[], bool]
) -> Iterator[_Batches]:
    """Runs `decode_all` in `workers` threads; gives what they put into the channel, at most so much at once."""
    ended = threading.Event()
    errors: list[Exception] = []
    items: Channel[_Item] = Channel(2 * most, writers=workers, stopped=lambda: ended.is_set() or interrupted())

    def decode() -> None:
        try:
            decode_all(items)
        except Stopped:
            pass
        except Exception as error:
            errors.append(error)
            ended.set()
        finally:
            items.done()

    threads = [threading.Thread(target=decode, name=f"decode-{n}") for n in range(workers)]
    for thread in threads:
        thread.start()
    try:
        yield iter(lambda: items.take(most), [])
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    if errors:
        raise errors[0]


def _decode_all(
    waiting: deque[Work],
    plan: ClipPlan,
    needs: Callable[[Work], list[FramesNeeded]],
    notice: Notice,
    items: Channel[_Item],
) -> None:
    def look_up(work: Work, seconds: float, total: float | None) -> None:
        items.check()
        notice(work, seconds, total)

    with Decoder() as decoder:
        while waiting:
            try:
                film = Film(waiting.popleft())
            except IndexError:  # another worker was quicker
                return
            work = film.work
            clips, frames, cuts = plan if work.makes(CLIPS) else None, needs(work), work.makes(SHOTS)
            if work.known and not clips and not frames and not cuts:
                outcome = as_known(work.known)
            else:
                told = partial(look_up, work)
                for taken in decoder.decode_all(work.path, clips, frames, cuts=cuts, on_progress=told):
                    items.put(_Clip(film, taken) if isinstance(taken, DecodedClip) else _Look(film, taken))
                outcome, film.cuts = decoder.outcome, decoder.cuts
            if work.makes(WORDS) and outcome.state is not VideoState.FAILED:
                film.words = decoder.read_words(work.path, work.sidecars, outcome.facts.duration)
            items.put(_End(film, outcome if _is_as_planned(work) else None))


def _is_as_planned(work: Work) -> bool:
    """Whether the file is still the one that was fingerprinted."""
    try:
        now = work.path.stat()
    except OSError:
        return False
    return (now.st_size, now.st_mtime_ns) == (work.file.size, work.file.mtime_ns)


def finished(batches: _Batches, encoder: Encoder, scorer: Scorer) -> Iterator[Film]:
    """Gives each clip its vector and has each frame scored; a film comes out when its last ones are done.

    Batches may cross films.
    """
    for batch in batches:
        fresh = [it for it in batch if isinstance(it, _Clip) and not it.clip.repeats_previous]
        vectors = iter(_encode(encoder, fresh))
        scorer.score([(it.film, it.frames) for it in batch if isinstance(it, _Look)])
        for it in batch:
            clips = it.film.clips
            if isinstance(it, _Clip):
                vector = clips[-1].vector if it.clip.repeats_previous else next(vectors)
                clips.append(NewClip(it.clip.start, it.clip.end, vector, it.clip.thumbnail))
            elif isinstance(it, _End):
                it.film.outcome = it.outcome
                if it.outcome and it.outcome.state is not VideoState.FAILED and not it.film.spoiled:
                    it.film.tracks = scorer.finish(it.film)
                yield it.film


def _encode(encoder: Encoder, clips: list[_Clip]) -> Float32:
    if not clips:
        return np.zeros((0, encoder.spec.dim), np.float32)
    try:
        vectors = encoder.encode_clips(np.stack([it.clip.frames for it in clips]))
    except VsearchError:
        raise
    except Exception as error:  # whatever a model's runtime raises, the person is told which model and where
        raise _unusable(encoder, clips[0].film.work, str(error)) from error
    if not np.isfinite(vectors).all():
        raise _unusable(encoder, clips[0].film.work, "not a number")
    return vectors


def _unusable(encoder: Encoder, work: Work, words: str) -> ModelUnavailable:
    return ModelUnavailable(
        f"The encoder {encoder.spec.name} failed on a clip of {work.path}: {first_line(words)}",
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
