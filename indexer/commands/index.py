"""`vsearch index`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

WISHES = ("names", "activity", "activity_labels", "characters", "no_emotion", "clips", "overlap", "fit")
"""Options that the library remembers."""


def read_names(_ctx: click.Context, _param: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    """`emotion,activity` as names, `none` as no names, nothing as None."""
    if value is None:
        return None
    return tuple(name for name in value.replace(" ", "").split(",") if name not in ("", "none"))


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
    "names",
    callback=read_names,
    metavar="emotion,activity,characters|none",
    help="What to look for in the films.  [default: as before; at first emotion and activity]",
)
@click.option("--activity", metavar="zero-shot|i3d|DIR", help="What tells activities.  [default: zero-shot]")
@click.option(
    "--activity-labels",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="The activities that zero-shot looks for, a label a line.",
)
@click.option("--characters", metavar="drawn|DIR", help="Look for the characters of this model.")
@click.option("--no-emotion", is_flag=True, help="Switch expressions off, and forget those that were seen.")
@click.option(
    "--clips",
    type=click.Choice(["shots", "fixed"]),
    help="Clips inside shots, or one after the other.  [default: as before; at first shots]",
)
@click.option("--workers", type=click.IntRange(1, 64), default=1, help="How many files to decode at once.")
@click.option(
    "--overlap",
    type=click.FloatRange(0, 0.9),
    help="Share of a clip that the next repeats.  [default: as before; at first 0]",
)
@click.option(
    "--fit",
    type=click.Choice(["crop", "pad"]),
    help="Cut pictures square, or pad them.  [default: as before; at first crop]",
)
@click.option("--include", multiple=True, metavar="PATTERN", help="Take only these: '*.mp4', 'holiday/*'.")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="Leave these out of this run.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.option("--wait", is_flag=True, help="Wait while another process indexes this library.")
@click.option("--retry", is_flag=True, help="Try files again that failed, wholly or in part.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def index(paths: tuple[Path, ...], as_json: bool, **options: Any) -> int:
    """Index folders of video; run it again to take up what changed.

    Files that have not changed are skipped, moved ones keep what is known of them, and a disk that is not there
    loses nothing. Ctrl-C ends after what is encoded is stored; the same command goes on. The library remembers which
    classifiers were chosen and how films are cut into clips; a classifier that is added later looks at the films
    without encoding them again.
    """
    from indexer.choosing import Wishes
    from indexer.reporting.progress import choose_progress
    from indexer.reporting.report import document
    from indexer.reporting.summary import sentences
    from indexer.run import Options
    from indexer.run import index as run
    from search.documents import print_document

    wishes = Wishes(**{name: options.pop(name) for name in WISHES})
    report = run(paths, options=Options(wishes=wishes, **options), progress=choose_progress(sys.stderr))
    if as_json:
        print_document(document(report))
    else:
        click.echo("\n".join(sentences(report)))
    return report.exit_code
