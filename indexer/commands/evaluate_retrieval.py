"""`vsearch evaluate retrieval`: how often the right clip is found for a caption."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from indexer.commands.encoding import encoder_option, encoding_bar, skip_missing_option, videos_option
from search.documents import json_option

if TYPE_CHECKING:
    from indexer.evaluating.retrieval import RetrievalReport


@click.command()
@click.argument("captions_csv", metavar="CSV", type=click.Path(path_type=Path))
@videos_option
@encoder_option
@click.option("--captions", type=click.Choice(["all", "first"]), default="all", show_default=True)
@skip_missing_option
@json_option
def retrieval(captions_csv: Path, videos: Path, name: str, captions: str, skip_missing: bool, as_json: bool) -> None:
    """Ask for each caption of CSV among all its videos, spans and pictures.

    CSV has the columns path,caption[,start,end], or is that of MSR-VTT (video_id,sentence) or YouCook2
    (video_id,text,start,end) as published; a video_id is a film of that name anywhere below --videos. Each caption is
    a question of its own. A span longer than a clip is the mean of its clips.
    """
    from indexer.evaluating.captions_file import read_captions
    from indexer.evaluating.retrieval import evaluate_retrieval
    from search.encoders.registry import open_encoder

    rows = read_captions(captions_csv, first_only=captions == "first")
    encoder = open_encoder(name)
    with encoding_bar() as on_progress:
        report = evaluate_retrieval(rows, videos, encoder, on_progress, skip_missing=skip_missing)
    if report.what_is_missing:
        click.echo(report.what_is_missing, err=True)
    if as_json:
        click.echo(json.dumps(retrieval_document(report, encoder.spec.name, encoder.spec.fingerprint)))
    else:
        Console().print(retrieval_table(report, encoder.spec.name))


def retrieval_document(report: RetrievalReport, name: str, fingerprint: str) -> dict[str, object]:
    """The document of DESIGN §6; the figures on top are those of text to video."""
    return {
        "schema": 1,
        "encoder": {"name": name, "fingerprint": fingerprint},
        "candidates": report.candidates,
        "missing": {"files": report.missing_files, "captions": report.missing_captions},
        **asdict(report.text_to_video),
        "direction": {
            "text_to_video": asdict(report.text_to_video),
            "video_to_text": asdict(report.video_to_text),
        },
    }


def retrieval_table(report: RetrievalReport, name: str) -> Table:
    table = Table(title=f"{name}: {report.text_to_video.n} captions, {report.candidates} candidates", box=None)
    for heading in ("", "R@1", "R@5", "R@10", "median rank", "MRR"):
        table.add_column(heading, justify="right")
    for direction, m in (("text to video", report.text_to_video), ("video to text", report.video_to_text)):
        table.add_row(direction, f"{m.r1:.3f}", f"{m.r5:.3f}", f"{m.r10:.3f}", f"{m.medr:g}", f"{m.mrr:.3f}")
    return table
