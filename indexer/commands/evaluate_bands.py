"""`vsearch evaluate bands`: whether the bands tell what is in a library from what is not."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from indexer.commands.encoding import encoder_option, encoding_bar, videos_option
from search.documents import json_option

if TYPE_CHECKING:
    from indexer.evaluating.calibration import BandsReport


@click.command()
@click.argument("captions_csv", metavar="CSV", type=click.Path(path_type=Path))
@videos_option
@encoder_option
@click.option(
    "--absent",
    "absent_csv",
    type=click.Path(path_type=Path),
    help="A second CSV, whose captions are about nothing in the first.",
)
@click.option("--clips", type=click.IntRange(min=2), help="Ask each question in a library of so many spans.")
@json_option
def bands(
    captions_csv: Path,
    videos: Path,
    name: str,
    absent_csv: Path | None,
    clips: int | None,
    as_json: bool,
) -> None:
    """Ask for each caption of CSV where it is present and where it is absent.

    Present: among all videos, spans and pictures of CSV. Absent: among those whose captions share no two words of
    weight with it. Figures are shares of first hits by band.
    """
    from indexer.evaluating.calibration import evaluate_bands
    from indexer.evaluating.captions_file import read_captions
    from search.encoders.registry import open_encoder

    rows = read_captions(captions_csv)
    absent = [row.caption for row in read_captions(absent_csv)] if absent_csv else []
    encoder = open_encoder(name)
    with encoding_bar() as on_progress:
        report = evaluate_bands(rows, videos, encoder, absent=absent, clips=clips, on_progress=on_progress)
    if as_json:
        click.echo(json.dumps(bands_document(report, encoder.spec.name, encoder.spec.fingerprint)))
    else:
        for table in bands_tables(report, encoder.spec.name):
            Console().print(table)


def bands_document(report: BandsReport, name: str, fingerprint: str) -> dict[str, object]:
    return {"schema": 1, "encoder": {"name": name, "fingerprint": fingerprint}, **asdict(report)}


def bands_tables(report: BandsReport, name: str) -> tuple[Table, Table]:
    """First hits by band, and the trade-off that any other bound would make."""
    shares = _table(f"{name}: first hits", "", "questions", "strong", "possible", "weak")
    for kind, s in (("present", report.present), ("absent", report.absent)):
        shares.add_row(kind, str(s.n), f"{s.strong:.3f}", f"{s.possible:.3f}", f"{s.weak:.3f}")
    curve = _table("\nfirst hits that stand at least so high", "standing", "present", "absent")
    for point in report.curve:
        curve.add_row(f"{point.standing:.2f}", f"{point.present:.3f}", f"{point.absent:.3f}")
    return shares, curve


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title, box=None)
    for heading in headings:
        table.add_column(heading, justify="right")
    return table
