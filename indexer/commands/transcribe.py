"""`vsearch transcribe`: what is said in films, written down by a speech model."""

from __future__ import annotations

from pathlib import Path

import click
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn

from search.documents import json_option, print_document
from search.progress_bar import progress_on_stderr


@click.command(context_settings={"show_default": True})
@click.argument("videos", metavar="VIDEO...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--model", default="small", metavar="SIZE|DIR", help="tiny, base, small, medium, large-v3, turbo ...")
@click.option("--language", metavar="CODE", help="en, de, fr ...  [default: what the first half minute sounds like]")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where to write.  [default: beside each film]",
)
@click.option("--force", is_flag=True, help="Write files anew that are there already.")
@json_option
def transcribe(
    videos: tuple[Path, ...], model: str, language: str | None, out: Path | None, force: bool, as_json: bool
) -> int:
    """Write down what is said in VIDEO: a film.vtt beside it, which `vsearch index` reads as any subtitles.

    \b
    pip install 'vsearch[transcribe]'
    vsearch transcribe ~/Videos/talk.mp4
    vsearch search 'said:"any questions"'

    Films that the library knows can be searched by their words at once. Ctrl-C keeps what is written; the same
    command goes on with the next film.
    """
    from indexer.transcribing import transcribe as run
    from search.printing import visible

    with progress_on_stderr(TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn()) as bar:
        task = bar.add_task("", total=None)
        result = run(
            videos,
            model,
            language=language,
            out=out,
            force=force,
            on_film=lambda film, done, total: bar.update(
                task, description=visible(film.name)[-40:], completed=done, total=total
            ),
            say=lambda words: bar.console.print(words, markup=False, highlight=False),
        )
    for place in result.kept:
        click.echo(f"{visible(place)} is there already (--force writes it anew).", err=True)
    for failure in result.failures:
        click.echo(f"{visible(failure.path)}: {failure.reason}", err=True)
    if as_json:
        print_document(result.document())
    for written in () if as_json else result.written:
        found = "can be searched now" if written.stored else "`vsearch index` reads it where it is beside its film"
        click.echo(f"{visible(written.sidecar)}: {written.cues} cues, language {written.language}; {found}.")
    return 1 if result.failures else 0
