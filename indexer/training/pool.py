"""Training clips drawn by other processes while the network learns."""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Self

import numpy as np

from indexer.training.drawn import DrawnFilms
from indexer.training.mixture import Mixture
from indexer.training.sources import Example
from search.encoders.s3d import S3DConfig
from search.errors import CannotGoOn

# Kinds of random stream; evaluation and `vsearch samples` never draw from these.
TRAINING, HELD_OUT, BATCHES = 0x7472, 0x6865, 0x6261
WAITING = 64
PATIENCE = 0.03
"""Seconds; a clip does not fit into a pipe at once, so the next one is never there immediately."""


def held_out_examples(config: S3DConfig, seed: int, count: int) -> Iterator[Example]:
    """Clips of drawn films that training never sees, for following its progress."""
    source = DrawnFilms(config)
    return (source.example(np.random.default_rng([HELD_OUT, seed, i + 1])) for i in range(count))


class ExamplePool:
    """A bounded number of drawn clips in memory, the oldest replaced by new ones while training goes on.

    Drawing a clip costs about as much as learning from it, so each is used several times, varied anew each time.
    """

    def __init__(self, mixture: Mixture, seed: int, *, size: int, workers: int, first: int = 0) -> None:
        context = multiprocessing.get_context("spawn")
        # One for each worker, taken from in turn: so the clips come in the order of their numbers.
        self._queues: list[Any] = [context.Queue(max(1, WAITING // workers)) for _ in range(workers)]
        self._size = size
        self._examples: list[Example] = []
        self._first = self.drawn = first
        self._workers: list[BaseProcess] = [
            context.Process(target=_draw, args=(mixture, seed, first + i + 1, workers, target), daemon=True)
            for i, target in enumerate(self._queues)
        ]

    def __enter__(self) -> Self:
        for worker in self._workers:
            worker.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.terminate()
        for worker in self._workers:
            worker.join()
        for source in self._queues:
            source.cancel_join_thread()

    def __len__(self) -> int:
        return len(self._examples)

    def fill(self, count: int) -> None:
        """Waits until the pool holds `count` clips. Raises CannotGoOn when nobody draws any more."""
        while len(self) < min(count, self._size):
            try:
                self._take(timeout=5.0)
            except queue.Empty:
                self._require_workers()

    def refresh(self, at_most: int) -> None:
        """Takes what has been drawn meanwhile: all while the pool is not full, then `at_most` clips.

        Raises CannotGoOn when nobody draws any more.
        """
        self._require_workers()
        for _ in range(at_most if len(self) == self._size else WAITING):
            try:
                self._take(timeout=PATIENCE)
            except queue.Empty:
                return

    def sample(self, rng: np.random.Generator, count: int) -> list[Example]:
        """Different clips, evenly from all that are held."""
        return [self._examples[i] for i in rng.choice(len(self), size=count, replace=False)]

    def _require_workers(self) -> None:
        if not all(worker.is_alive() for worker in self._workers):
            raise CannotGoOn(
                "A process that draws training films has ended.",
                "Run the training again with --resume; free some memory if it recurs.",
            )

    def _take(self, timeout: float) -> None:
        source = self._queues[(self.drawn - self._first) % len(self._queues)]
        example = source.get(timeout=timeout)
        if len(self) < self._size:
            self._examples.append(example)
        else:
            self._examples[self.drawn % self._size] = example
        self.drawn += 1


def _draw(mixture: Mixture, seed: int, first: int, step: int, target: Any) -> None:
    """The life of one drawing process; it ends with the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent, number, source = os.getppid(), first, mixture.open()
    while os.getppid() == parent:
        example = source.example(np.random.default_rng([TRAINING, seed, number]))
        while os.getppid() == parent:
            try:
                target.put(example, timeout=5.0)
            except queue.Full:
                continue
            break
        number += step
