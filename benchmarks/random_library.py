"""A large library of random vectors: asking costs the same whatever clips show. And no index misses more than there,
where all clips lie equally far from a question.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from search.catalog.records import FileFacts, NewClip, NewVideo, Segment, VideoFacts, VideoState
from search.contracts import EncoderSpec, Float32, UInt8
from search.library import Library

CLIPS_A_FILM, CLIP_SECONDS = 100, 3.2
DIM = 512


class RandomEncoder:
    """Sentences and clips to random vectors, each its own."""

    spec = EncoderSpec("random", "0" * 64, DIM, 16, 5.0, 112)

    def encode_clips(self, clips: UInt8) -> Float32:
        return self.encode_texts([str(zlib.crc32(clip.tobytes())) for clip in clips])

    def encode_texts(self, texts: Sequence[str]) -> Float32:
        rows = [np.random.default_rng(zlib.crc32(text.encode())).normal(size=DIM) for text in texts]
        return np.array(rows, np.float32).reshape(-1, DIM)

    def unknown_words(self, text: str) -> list[str]:
        return []


def fill(library: Library, clips: int) -> None:
    """Films of random clips; `share=all` is a tag of every clip, `share=few` of one in a thousand."""
    rng, root = np.random.default_rng(1), library.catalog.add_root(Path("/films"))
    for film in range(clips // CLIPS_A_FILM):
        vectors = rng.normal(size=(CLIPS_A_FILM, library.spec.dim)).astype(np.float32)
        rows = [NewClip(CLIP_SECONDS * n, CLIP_SECONDS * (n + 1), vector) for n, vector in enumerate(vectors)]
        seconds, name = CLIP_SECONDS * CLIPS_A_FILM, f"film_{film:05}.mp4"
        few = [Segment("share", "few", 3.3, 6.3, 1.0)] if film % 10 == 0 else []
        library.catalog.save_video(
            NewVideo(
                root.id,
                name,
                FileFacts(1, 1, name),
                VideoState.INDEXED,
                "recipe",
                facts=VideoFacts(seconds, 640, 360, 25.0, "h264", "mov"),
                clips=rows,
                segments=[Segment("share", "all", 0.0, seconds, 1.0), *few],
            )
        )
    library.vectors.fold(force=True)
