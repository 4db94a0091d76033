"""How long asking takes: a cold `vsearch search`, and a service that is kept, beside a bare FAISS call.

    python -m benchmarks.asking [--clips 100000] [--cold-clips 10000]

The cold figure stands beside that of Python importing the same libraries and doing nothing. The service is asked in a
library of random vectors of 512 numbers. Text encoding is cached.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlsplit

import numpy as np

from benchmarks.random_library import DIM, RandomEncoder, fill
from search.asking.result_search import POOL
from search.contracts import Int64, VectorIndex
from search.library import Library, open_library
from search.query import SearchRequest
from search.service import SearchService
from search.vectors.registry import EXACT, QUICK, index_class

IMPORTS = "import click, numpy, sqlalchemy.orm, faiss, rich.table"
QUESTION = "a dog runs on the beach"
QUESTIONS = [f"{QUESTION} {number}" for number in range(50)]
VECTORS = RandomEncoder().encode_texts(QUESTIONS)
THREADS, OFFERED = 4, 200
"""Threads that ask, and questions a second that are offered to them."""
SERVER = """
import sys
from pathlib import Path
from benchmarks.random_library import RandomEncoder
from search.library import open_library
from web.commands import address_of, listen, run_server

with open_library(Path(sys.argv[1]), encoder=RandomEncoder()) as library, listen("127.0.0.1", 0) as listener:
    print(address_of(listener), flush=True)
    sys.exit(run_server(library, listener))
"""


def milliseconds(work: Callable[[int], object], runs: int = 300) -> tuple[float, float, float]:
    """The median and the 95th percentile of the time, and the mean of the processor's, of one call."""
    took, began_cpu = [], time.process_time()
    for run in range(runs):
        began = time.perf_counter()
        work(run)
        took.append((time.perf_counter() - began) * 1000)
    processor = (time.process_time() - began_cpu) * 1000 / runs
    return statistics.median(took), float(np.percentile(took, 95)), processor


def print_row(name: str, figures: tuple[float, float, float]) -> None:
    print(f"{name:44}" + "".join(f"{value:8.2f}" for value in figures), flush=True)


def report_service(clips: int) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        open_library(Path(folder), encoder=RandomEncoder(), create=True) as library,
    ):
        fill(library, clips)
        print(f"{clips:,} clips of {DIM} numbers, index {library.vectors.kind}")
        print("milliseconds: median, 95th percentile, processor")
        report_indexes(library)
        service = SearchService(library)
        service.warm()

        def ask(number: int, tag: str = "", *, facets: bool = False) -> None:
            service.search(SearchRequest(f"{QUESTIONS[number % len(QUESTIONS)]}{tag}", facets=facets))

        for number, tag in itertools.product(range(len(QUESTIONS)), ["", " share:all", " share:few"]):
            ask(number, tag)
        print_row("a search", milliseconds(ask))
        print_row("with a tag of every clip", milliseconds(lambda number: ask(number, " share:all")))
        print_row("with a tag of 0.1 %", milliseconds(lambda number: ask(number, " share:few")))
        print_row("with facets, as over HTTP", milliseconds(partial(ask, facets=True)))
        report_http(library)
        report_load(ask)


def report_indexes(library: Library) -> None:
    """The exact index and the quick one over the same vectors: bare calls, and what the quick one misses."""
    ids = library.catalog.clip_ids()
    vectors = library.vectors.vectors(ids)[1]
    found = {}
    for kind in (EXACT, QUICK):
        index: VectorIndex = index_class(kind)(DIM)
        began = time.process_time()
        index.add(ids, vectors)
        built = time.process_time() - began
        nearest = partial(nearest_to, index)
        print_row(f"the {POOL} nearest by FAISS alone, {kind}", milliseconds(nearest))
        print(f"  built in {built:.1f} s of processor")
        found[kind] = [nearest(number) for number in range(len(VECTORS))]
    shared = [len(np.intersect1d(*both)) for both in zip(*found.values(), strict=True)]
    print(f"recall@{POOL} of {QUICK} against {EXACT}: {sum(shared) / (POOL * len(shared)):.4f}")


def nearest_to(index: VectorIndex, number: int) -> Int64:
    return index.search(VECTORS[number % len(VECTORS)], POOL)[0]


def report_load(ask: Callable[[int], None], seconds: float = 20.0) -> None:
    """As many as can be asked, and the time from the moment on which each of 200 a second is due."""
    with ThreadPoolExecutor(THREADS) as threads:
        count, began = 2000, time.perf_counter()
        list(threads.map(ask, range(count)))
        print(f"{THREADS} threads: {count / (time.perf_counter() - began):.0f} searches a second")
        waited: list[float] = []
        begin, lock = time.perf_counter() + 0.1, threading.Lock()

        def ask_when_due(number: int) -> None:
            due = begin + number / OFFERED
            time.sleep(max(0.0, due - time.perf_counter()))
            ask(number)
            with lock:
                waited.append((time.perf_counter() - due) * 1000)

        list(threads.map(ask_when_due, range(int(seconds * OFFERED))))
    median, most = np.percentile(waited, [50, 95])
    print(f"offered {OFFERED} a second: {median:.1f} ms median, {most:.1f} ms 95th percentile")


def report_http(library: Library) -> None:
    """The same searches as requests, one after another, to a server in a process of its own."""
    with served(library) as connection:

        def request(number: int) -> None:
            connection.request("GET", f"/api/search?q={quote(QUESTIONS[number % len(QUESTIONS)])}")
            response = connection.getresponse()
            if (body := response.read()) and response.status != http.HTTPStatus.OK:
                raise RuntimeError(body.decode())

        for number in range(len(QUESTIONS)):
            request(number)
        median, most, _ = milliseconds(request)
    print(f"{'GET /api/search':44}{median:8.2f}{most:8.2f}", flush=True)


@contextmanager
def served(library: Library) -> Iterator[http.client.HTTPConnection]:
    """A connection to a server of this library."""
    command = [sys.executable, "-c", SERVER, str(library.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            yield http.client.HTTPConnection(urlsplit(process.stdout.readline().strip()).netloc, timeout=60)
        finally:
            process.terminate()


def seconds_of(command: list[str], environment: dict[str, str], runs: int = 9) -> float:
    """The median of several runs."""
    took = []
    for _ in range(runs):
        began = time.perf_counter()
        subprocess.run(command, env=environment, check=True, capture_output=True)
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def report_cold(clips: int, encoder: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"VSEARCH_LIBRARY": folder, "VSEARCH_MODELS": f"{folder}/models"}
        os.environ.update(environment)
        with open_library(Path(folder), encoder=encoder, create=True) as library:
            fill(library, clips)
            SearchService(library).warm()
        cold = seconds_of([sys.executable, "-m", "vsearch", "search", QUESTION], environment)
        bare = seconds_of([sys.executable, "-c", IMPORTS], environment)
    print(f"{clips:,} clips of {encoder}")
    print(f"cold `vsearch search`  {cold:.3f} s  ({cold / bare:.2f} times the imports alone, {bare:.3f} s)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=100_000)
    parser.add_argument("--cold-clips", type=int, default=10_000)
    parser.add_argument("--encoder", default="mini")
    wanted = parser.parse_args()
    report_cold(wanted.cold_clips, wanted.encoder)
    report_service(wanted.clips)


if __name__ == "__main__":
    main()
