"""How many frames a second `vsearch annotate` draws expressions on, on one core, at 640 x 480.

    python -m benchmarks.annotating FILM [--seconds 10]

The film's frames are scaled to 640 x 480 and gone through in one process that may use one core: looking for faces,
reading expressions, drawing, and encoding the MP4. Decoding is timed apart. 25 frames a second is real time.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

os.environ["TF_NUM_INTRAOP_THREADS"] = os.environ["TF_NUM_INTEROP_THREADS"] = "1"

import cv2

from classifiers.scaling import scaled
from indexer.annotating.making import Wanted, annotated, open_watch
from indexer.excerpts.reading import TimedFrame, read_span
from indexer.excerpts.writing import write_moving

FPS = 25.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("film", type=Path)
    parser.add_argument("--seconds", type=float, default=10.0)
    asked = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    cv2.setNumThreads(1)
    began = time.process_time()
    pictures = [scaled(frame.picture, 640, 480) for frame in read_span(asked.film, 0, asked.seconds)]
    decoding = time.process_time() - began
    frames = [TimedFrame(i / FPS, (i + 1) / FPS, picture) for i, picture in enumerate(pictures)]
    watch = open_watch(Wanted(activity=None, encoder="mini"), FPS)
    faces = sum(watch.watch(frame.time, frame.picture).face is not None for frame in frames[:25])  # loads the network
    watch = open_watch(Wanted(activity=None, encoder="mini"), FPS)
    list(annotated(iter(frames[:2]), watch))
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        written = write_moving(Path(folder) / "out.mp4", annotated(iter(frames), watch))
        spent = time.process_time() - began
    each = 1000 / written.frames
    print(f"{written.frames} frames, a face on {faces} of the first 25")
    print(f"decoding and scaling {decoding * each:.1f} ms a frame, all else {spent * each:.1f} ms of processor")
    print(f"{written.frames / (spent + decoding):.1f} frames a second on one core ({FPS:g} is real time)")


if __name__ == "__main__":
    main()
