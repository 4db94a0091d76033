"""From a file of published weights to a model folder, compared with them before it appears."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from search.contracts import Float32, UInt8
from search.encoders.mini.export import export
from search.encoders.published import NetworkWeights, convert, read_words
from search.encoders.s3d import S3DConfig, video_network
from search.encoders.saved_model import SavedModelEncoder
from search.encoders.tensor_file import read_tensors
from search.encoders.text_tower import TextTower, TowerPlan
from search.encoders.tower_search import compose_sentences, relative_difference
from search.errors import CannotGoOn, ModelUnavailable, UsageError

Precision = Literal["float16", "float32"]


@dataclass(frozen=True, slots=True)
class Imported:
    """A model folder made of published weights."""

    path: str
    config: str
    stem: str
    precision: Precision
    words: int
    bytes: int
    weights_sha256: str
    """Of the file that was read."""
    video_difference: float
    """Largest difference of a clip's vector from that of the float32 network, relative to its largest number."""
    text_difference: float


def import_published(
    weights: Path, words: Path, config: S3DConfig, out: Path, precision: Precision = "float32"
) -> Imported:
    """Writes the model folder `out`, which must not exist, of published S3D weights and their list of words.

    Takes half a minute at full size. Raises PathNotFound and UsageError for files that are not what they should be,
    ModelUnavailable where `precision` cannot hold these weights.
    """
    if out.exists():
        raise UsageError(f"{out} exists already.", "Name with --out a folder that does not.")
    vocabulary = read_words(words)
    published = convert(read_tensors(weights), config, vocabulary)
    require_range(published, precision)
    with _beside(out) as folder:
        export(config, vocabulary, published.video, published.text, folder, precision=precision, pad_counts=True)
        video, text = differences(folder, config, vocabulary, published)
        imported = Imported(
            path=str(out),
            config=config.name,
            stem=config.stem,
            precision=precision,
            words=len(vocabulary),
            bytes=sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
            weights_sha256=hashlib.sha256(weights.read_bytes()).hexdigest(),
            video_difference=video,
            text_difference=text,
        )
        (folder / "card.md").write_text(card(imported, weights.name), "utf-8")
    return imported


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """A folder to write to, which becomes `out` once all is well and vanishes otherwise. Raises CannotGoOn."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as place:
            yield Path(place) / "model"
            shutil.move(Path(place) / "model", out)
    except OSError as error:
        raise CannotGoOn(f"{out} cannot be written: {error}.", "Name with --out another place.") from error


def require_range(published: NetworkWeights, precision: Precision) -> None:
    """Raises ModelUnavailable when a number is too large for this precision, or is none at all."""
    largest = float(np.max([np.abs(weight).max() for weight in (*published.video, *published.text)]))
    if not largest <= float(np.finfo(precision).max):
        raise ModelUnavailable(
            f"The weights reach {largest:g}, which {precision} does not hold.",
            "Import them as float32." if np.isfinite(largest) else "Download or convert the weights again.",
        )


def differences(
    folder: Path, config: S3DConfig, words: Sequence[str], published: NetworkWeights
) -> tuple[float, float]:
    """How far the vectors of a written model lie from those of the float32 weights: of a clip, of sentences."""
    clip = np.random.default_rng(0).integers(0, 256, (1, config.frames, config.size, config.size, 3), np.uint8)
    sentences = compose_sentences(words)
    tower = TextTower(words, published.text, TowerPlan(config.max_words, pad_counts=True))
    with tempfile.TemporaryDirectory() as notes:
        written = SavedModelEncoder(folder, models=Path(notes))
        got = written.signatures["text"]([sentence.encode() for sentence in sentences])
        video = relative_difference(written.encode_clips(clip), float32_vectors(config, published, clip))
    return video, relative_difference(got, tower.encode(sentences))


def float32_vectors(config: S3DConfig, published: NetworkWeights, clips: UInt8) -> Float32:
    """uint8 `[N, T, S, S, 3]` to float32 `[N, dim]` by the network itself."""
    network = video_network(config)
    network.set_weights(published.video)
    vectors: Float32 = network.predict_on_batch(clips / np.float32(255))["video_embedding"]
    return vectors


def card(imported: Imported, source: str) -> str:
    """Markdown: what was imported, from what, and how exactly."""
    return f"""# {imported.config}, imported

S3D with self-gating (arXiv 1712.04851) and the text tower of MIL-NCE (arXiv 1912.06430), weights as published.

- **Weights**: {source}, SHA-256 `{imported.weights_sha256}`; {imported.stem.replace("_", " ")} stem; kept as \
{imported.precision}.
- **Words**: {imported.words:,}; case and marks are passed over, and only ASCII words are found.
- **Exactness**: vectors of clips differ by {imported.video_difference:.1e} of the largest number from those of \
the float32 network, vectors of sentences by {imported.text_difference:.1e}.
- **Licence**: that of the weights.
"""
