"""`vsearch index`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click


def only_none(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    if value != "none":
        raise click.BadParameter("no classifiers are known yet; leave it out, or say `none`.")
    return value


@click.command(context_settings={"show_default": True})
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--encoder",
    default="auto",
    metavar="auto|s3d|mini|open_clip:MODEL[/TAG]|onnx:DIR|PATH",
    help="What turns clips into vectors.",
)
@click.option(
    "--classifiers",
    default="none",
    callback=only_none,
    expose_value=False,
    metavar="none",
    help="What else to look for in the films: nothing yet.",
)
@click.option("--workers", type=click.IntRange(1, 64), default=1, help="How many files to decode at once.")
@click.option("--overlap", type=click.FloatRange(0, 0.9), default=0.0, help="Share of a clip that the next repeats.")
@click.option("--fit", type=click.Choice(["crop", "pad"]), default="crop", help="Cut pictures square, or pad them.")
@click.option("--include", multiple=True, metavar="PATTERN", help="Take only these: '*.mp4', 'holiday/*'.")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="Leave these out of this run.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.option("--wait", is_flag=True, help="Wait while another process indexes this library.")
@click.option("--retry", is_flag=True, help="Try files again that failed, wholly or in part.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def index(paths: tuple[Path, ...], as_json: bool, **options: Any) -> int:
    """Index folders of video; run it again to take up what changed.

    Files that have not changed are skipped, moved ones keep what is known of them, and a disk that is not there
    loses nothing. Ctrl-C ends after what is encoded is stored; the same command goes on.
    """
    from indexer.progress import choose_progress
    from indexer.report import document
    from indexer.run import Options
    from indexer.run import index as run
    from indexer.summary import sentences
    from search.commands import print_document

    report = run(paths, options=Options(**options), progress=choose_progress(sys.stderr))
    if as_json:
        print_document(document(report))
    else:
        click.echo("\n".join(sentences(report)))
    return report.exit_code
