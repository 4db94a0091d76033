"""Frames between two frames by optical flow against blending, where the true middle frame exists.

    python -m benchmarks.tweening [FILM…] [--step 1] [--frames 200]

Of three frames, `step` apart, the outer two give the middle one. Films that are named, else drawn ones (seed 4242).
Triples in which nothing moves (PSNR of the outer two above 45 dB) and those whose middle frame is not in the middle
(one half of the way is less than half as different as the other: a repeated frame, a stumbling camera) are left out.
PSNR in dB and SSIM (Wang et al., IEEE Trans. Image Processing 13, 2004; Gaussian window of 11, sigma 1.5, on grey)
are means over triples. Prints a table and the share of triples in which flow is better.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import cv2
import numpy as np

from indexer.excerpts.reading import read_span
from indexer.samples.film import film_frames
from indexer.samples.folder import sample_films
from indexer.tweening.flow import between, blend
from search.contracts import UInt8

STILL = 45.0
SIDE = 640
Triple = tuple[UInt8, UInt8, UInt8]


def psnr(one: UInt8, other: UInt8) -> float:
    error = float(np.mean((one.astype(np.float64) - other) ** 2))
    return float(10 * np.log10(255**2 / max(error, 1e-9)))


def ssim(one: UInt8, other: UInt8) -> float:
    a, b = (cv2.cvtColor(each, cv2.COLOR_RGB2GRAY).astype(np.float64) for each in (one, other))

    def mean(values: object) -> object:
        return cv2.GaussianBlur(values, (11, 11), 1.5)

    mean_a, mean_b = mean(a), mean(b)
    var_a, var_b, both = mean(a * a) - mean_a**2, mean(b * b) - mean_b**2, mean(a * b) - mean_a * mean_b
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    return float(
        np.mean((2 * mean_a * mean_b + c1) * (2 * both + c2) / ((mean_a**2 + mean_b**2 + c1) * (var_a + var_b + c2)))
    )


def triples(frames: list[UInt8], step: int, most: int) -> Iterator[Triple]:
    for at in np.linspace(0, len(frames) - 1 - 2 * step, most).astype(int):
        if at < 0 or at + 2 * step >= len(frames):
            continue
        first, middle, last = frames[at], frames[at + step], frames[at + 2 * step]
        halves = sorted(float(cv2.absdiff(end, middle).mean()) for end in (first, last))
        if psnr(first, last) <= STILL and 2 * halves[0] >= halves[1]:
            yield first, middle, last


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("films", nargs="*", type=Path)
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--frames", type=int, default=200, help="Of each film, from its beginning.")
    parser.add_argument("--triples", type=int, default=6, help="Of each film, at most.")
    asked = parser.parse_args()
    figures, seconds = [], 0.0
    for frames in read_films(asked.films, asked.frames):
        for first, middle, last in triples(frames, asked.step, asked.triples):
            began = time.perf_counter()
            made = next(between(first, last, [0.5]))
            seconds += time.perf_counter() - began
            mixed = blend(first, last, 0.5)
            figures.append((psnr(made, middle), psnr(mixed, middle), ssim(made, middle), ssim(mixed, middle)))
    table = np.array(figures)
    flow_psnr, blend_psnr, flow_ssim, blend_ssim = table.mean(axis=0)
    print(f"{len(table)} triples, {asked.step} apart, {1000 * seconds / len(table):.0f} ms a frame of flow")
    print("| | PSNR | SSIM |\n| --- | --- | --- |")
    print(f"| flow | {flow_psnr:.2f} | {flow_ssim:.4f} |\n| blended | {blend_psnr:.2f} | {blend_ssim:.4f} |")
    better = (table[:, 0] > table[:, 1]).mean(), (table[:, 2] > table[:, 3]).mean()
    print(f"| flow is better in | {better[0]:.0%} | {better[1]:.0%} |")


def read_films(films: list[Path], most: int) -> Iterator[list[UInt8]]:
    for film in films:
        yield [frame.picture for frame in islice(read_span(film, longest_side=SIDE), most)]
    if not films:
        for film in sample_films(24, 4242).films:
            yield list(islice(film_frames(film, 320, 180), most))


if __name__ == "__main__":
    main()
