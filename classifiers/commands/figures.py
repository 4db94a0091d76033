"""Figures as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.table import Table


def figures_table(figures: Mapping[str, Any], title: str) -> Table:
    """Of a document as `classifiers.metrics.classification_figures` makes it."""
    error = f", calibration error {figures['ece']:.3f}" if "ece" in figures else ""
    table = Table(
        title=f"{title}: accuracy {figures['accuracy']:.3f}, macro F1 {figures['macro_f1']:.3f}{error}", box=None
    )
    table.add_column("")
    for name in ("n", "precision", "recall", "F1"):
        table.add_column(name, justify="right")
    for label, each in figures["per_class"].items():
        shares = (f"{each[name]:.3f}" for name in ("precision", "recall", "f1"))
        table.add_row(label, f"{each['n']:,}", *shares)
    table.add_row("all", f"{figures['n']:,}")
    return table
