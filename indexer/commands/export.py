"""`vsearch export`: moments as files: MP4, GIF, WebP."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import click
from rich.progress import BarColumn, TextColumn, TimeRemainingColumn

from indexer.excerpts.excerpt import Span, excerpt_name, write_excerpt
from indexer.whole_file import make_folder
from search.answer import printable
from search.documents import json_option, print_document
from search.errors import NotFound, UsageError
from search.library import open_library
from search.progress_bar import counting_bar


@click.command()
@click.argument("targets", metavar="CLIP...|VIDEO", nargs=-1, required=True)
@click.option("--from", "start", type=click.FloatRange(0), metavar="S", help="Of VIDEO, from this second ...")
@click.option("--to", "end", type=click.FloatRange(0), metavar="S", help="... to this one.")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="The file to write, or the folder for several.")
@click.option("--format", "kind", default="mp4", show_default=True, type=click.Choice(["mp4", "gif", "webp"]))
@click.option("--size", type=click.IntRange(16), metavar="PIXELS", help="Longest side; 480 for GIF and WebP.")
@click.option("--margin", default=0.0, show_default=True, type=click.FloatRange(0), help="Seconds more at both ends.")
@json_option
def export(
    *, targets: tuple[str, ...], start: float | None, end: float | None, output: Path | None, kind: str,
    size: int | None, margin: float, as_json: bool,
) -> None:  # fmt: skip
    """Write moments as files of their own.

    \b
    vsearch export 41 57 -o moments/
    vsearch export film.mp4 --from 12 --to 15 -o hug.gif

    CLIP is a number of the last column of `vsearch search`: the best clip of the moment, not its rank. An MP4 keeps
    size, times and sound.
    """
    spans = find_spans(targets, start, end, margin)
    files = name_files(spans, output, f".{kind}")
    with counting_bar(TextColumn("writing"), BarColumn(), TimeRemainingColumn()) as told:
        total, done = sum(span.length for span in spans), 0.0
        for span, file in zip(spans, files, strict=True):
            write_excerpt(span, file, size, partial(_tell, told, done, total))
            done += span.length
    if as_json:
        rows = zip(spans, files, strict=True)
        print_document({"schema": 1, "files": [
            {"path": printable(str(file)), "video": printable(str(span.film)), "start": span.start, "end": span.end}
            for span, file in rows
        ]})  # fmt: skip
    else:
        for file in files:
            click.echo(f"Wrote {printable(str(file))}.", err=True)


def find_spans(targets: Sequence[str], start: float | None, end: float | None, margin: float) -> list[Span]:
    """The spans that are meant. Raises UsageError, NotFound, and LibraryMissing where clips are named."""
    if start is None and end is None and all(target.isdecimal() for target in targets):
        return _of_clips([int(target) for target in targets], margin)
    if len(targets) != 1 or start is None or end is None or end <= start:
        raise UsageError(
            "A film is exported from one second to a later one.",
            "Write `vsearch export film.mp4 --from 12 --to 15`, or name clips by their numbers.",
        )
    return [Span(Path(targets[0]), max(0.0, start - margin), end + margin)]


def name_files(spans: Sequence[Span], output: Path | None, suffix: str) -> list[Path]:
    """Where each is written to; a folder that is named is made.

    Raises UsageError for several in one file, CannotGoOn.
    """
    if output is not None and len(spans) == 1 and output.suffix and not output.is_dir():
        return [output]
    if output is not None and output.suffix and not output.is_dir():
        raise UsageError(f"{len(spans)} moments do not go into one file.", "Name a folder with --output.")
    folder = output or Path()
    make_folder(folder)
    names: list[str] = []
    for span in spans:
        name = excerpt_name(span, suffix)
        again = sum(known.startswith(name.removesuffix(suffix)) for known in names)
        names.append(name if not again else excerpt_name(span, f"_{again + 1}{suffix}"))
    return [folder / name for name in names]


def _tell(told: Callable[[float, float], None], before: float, total: float, until: float) -> None:
    told(before + until, total)


def _of_clips(clip_ids: list[int], margin: float) -> list[Span]:
    with open_library() as library:
        clips = library.catalog.clips(clip_ids)
    missing = [str(clip_id) for clip_id in clip_ids if clip_id not in clips]
    if missing:
        raise NotFound(f"There is no clip {missing[0]}.", "Take a number of the last column of `vsearch search`.")
    found = [clips[clip_id] for clip_id in clip_ids]
    return [Span(clip.path, max(0.0, clip.start - margin), clip.end + margin) for clip in found]
