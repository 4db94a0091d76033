"""What an encoder is trained on: drawn films, and pictures where there are any."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from indexer.training.drawn import DrawnFilms
from indexer.training.pictures import MovingPictures
from indexer.training.sources import MixedSources, TrainingSource
from search.encoders.s3d import S3DConfig


@dataclass(frozen=True, slots=True)
class Mixture:
    """The sources by name, so that another process can open them."""

    config: S3DConfig
    pictures: Path | None = None
    picture_share: float = 0.0

    def open(self) -> TrainingSource:
        """Raises UsageError when the pictures cannot be read."""
        films = DrawnFilms(self.config)
        if self.pictures is None:
            return films
        pictures = MovingPictures(self.config, self.pictures)
        return MixedSources([(films, 1 - self.picture_share), (pictures, self.picture_share)])
