"""`vsearch models compare`: several encoders on one set of captions."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

from indexer.commands.encoding import encoding_bar, skip_missing_option, videos_option
from search.documents import json_option
from search.errors import UsageError

if TYPE_CHECKING:
    from indexer.evaluating.comparison import EncoderFigures

MEASURES = {"r1": "R@1", "r5": "R@5", "r10": "R@10", "medr": "median rank", "mrr": "MRR"}


@click.command()
@click.argument("names", metavar="ENCODERS…", nargs=-1, required=True)
@videos_option
@click.option("--captions", "captions_csv", required=True, metavar="CSV", type=click.Path(path_type=Path))
@skip_missing_option
@json_option
def compare(names: tuple[str, ...], videos: Path, captions_csv: Path, skip_missing: bool, as_json: bool) -> None:
    """Measure encoders side by side: quality, speed and size.

    Each takes its turn at every video, so that all meet the same machine. CSV is one that `vsearch evaluate
    retrieval` reads.

    \b
    vsearch models compare mini s3d --videos clips --captions clips/captions.csv
    """
    if len(set(names)) < 2:
        raise UsageError("One encoder cannot be compared.", "Name two or more: `vsearch models list`.")
    from indexer.evaluating.captions_file import read_captions
    from indexer.evaluating.comparison import compare_encoders
    from search.encoders.cards import describe
    from search.encoders.registry import open_encoder
    from search.settings import read_settings

    names = tuple(dict.fromkeys(names))
    rows = read_captions(captions_csv)
    encoders = [open_encoder(name) for name in names]
    with encoding_bar() as on_progress:
        figures = compare_encoders(rows, videos, encoders, on_progress, skip_missing=skip_missing)
    if figures[0].retrieval.what_is_missing:
        click.echo(figures[0].retrieval.what_is_missing, err=True)
    settings = read_settings()
    sizes = [describe(encoder.spec.name, settings).bytes for encoder in encoders]
    if as_json:
        click.echo(json.dumps(comparison_document(figures, sizes)))
    else:
        Console().print(comparison_table(figures, sizes))


def comparison_document(figures: list[EncoderFigures], sizes: list[int | None]) -> dict[str, Any]:
    """Quality as in `vsearch evaluate retrieval`; `bytes` on disk is null where nothing tells it."""
    first = figures[0].retrieval
    return {
        "schema": 1,
        "candidates": first.candidates,
        "captions": first.text_to_video.n,
        "missing": {"files": first.missing_files, "captions": first.missing_captions},
        "encoders": [
            {
                "name": each.spec.name,
                "fingerprint": each.spec.fingerprint,
                "direction": {
                    "text_to_video": asdict(each.retrieval.text_to_video),
                    "video_to_text": asdict(each.retrieval.video_to_text),
                },
                "clips": each.clips,
                "clip_ms": round(each.clip_ms, 3),
                "texts_per_second": round(each.texts_per_second, 1),
                "bytes": size,
                "dim": each.spec.dim,
                "bytes_per_clip": each.bytes_per_clip,
            }
            for each, size in zip(figures, sizes, strict=True)
        ],
    }


def comparison_table(figures: list[EncoderFigures], sizes: list[int | None]) -> Table:
    """A column for each encoder."""
    first = figures[0].retrieval
    table = Table(title=f"{first.text_to_video.n} captions, {first.candidates} candidates", box=None)
    table.add_column("")
    for each in figures:
        table.add_column(each.spec.name, justify="right", overflow="fold")
    for direction in ("text_to_video", "video_to_text"):
        metrics = [getattr(each.retrieval, direction) for each in figures]
        for key, label in MEASURES.items():
            values = (getattr(m, key) for m in metrics)
            shown = (f"{value:g}" if key == "medr" else f"{value:.3f}" for value in values)
            table.add_row(f"{direction.replace('_', ' ')}, {label}", *shown)
    table.add_row("ms to encode a clip", *(f"{each.clip_ms:.1f}" for each in figures))
    table.add_row("texts encoded a second", *(f"{each.texts_per_second:,.0f}" for each in figures))
    table.add_row("MB on disk", *("" if size is None else f"{size / 1e6:.1f}" for size in sizes))
    table.add_row("numbers in a vector", *(str(each.spec.dim) for each in figures))
    table.add_row("bytes a clip in a library", *(f"{each.bytes_per_clip:,}" for each in figures))
    return table
