"""The card of a trained encoder: what it is, what it was trained on, how well it does, where it fails."""

from __future__ import annotations

from typing import Any

from indexer.training.trainer import TrainingPlan
from search.encoders.s3d import S3DConfig


def model_card(config: S3DConfig, plan: TrainingPlan, last: dict[str, Any], words: int) -> str:
    """Markdown. `last` is the training's last measurement."""
    pictures = " and of pictures over which a camera moves" if plan.pictures else "; no real footage"
    return f"""# {config.name}

Of captions of drawn clips that training never saw, it finds the right clip among {plan.held_out} at once for \
{last["r1"]:.0%}, among the first five for {last["r5"]:.0%}.

S3D with self-gating (arXiv 1712.04851) at width {config.width:g}, trained with MIL-NCE (arXiv 1912.06430).
A clip is {config.frames} frames at {config.fps:g} frames a second, {config.size} x {config.size} pixels; \
embeddings have {config.dim} numbers.

- **Data**: {last["drawn"]:,} clips of films drawn by `vsearch samples` with generated captions{pictures}. \
Seed {plan.seed}.
- **Training**: {last["step"]:,} steps of {plan.batch} clips in {last["seconds"] / 60:.0f} minutes\
{", begun with given weights" if plan.start else ""}.
- **Figures** on the held-out clips, two captions each, text to video: \
R@1 {last["r1"]:.3f}, R@5 {last["r5"]:.3f}, R@10 {last["r10"]:.3f}, median rank {last["medr"]:g}.
- **Words**: {words:,}, English; others are passed over and reported. Neither order nor negation is understood.
- **Licence**: Apache-2.0.
"""
