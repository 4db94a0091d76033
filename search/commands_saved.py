"""`vsearch saved add`, `list`, `run` and `remove`."""

from __future__ import annotations

import sys

import click

from search.documents import json_option, print_document
from search.outputs.registry import format_option, print_as
from search.terminal.completion import complete_saved

# A shell that completes a name loads this file: what takes long is imported where it is used.


@click.command()
@click.argument("name")
@click.argument("question")
@json_option
def add(name: str, question: str, as_json: bool) -> None:
    """Keep a question under a name.

    \b
    vsearch saved add beach-dogs "dog on the beach since:2026-01"
    """
    from search.library import open_library
    from search.saved import add_saved, saved_document

    with open_library() as library:
        saved = add_saved(library, name, question)
    if as_json:
        print_document({"schema": 1, **saved_document(saved)})
    else:
        click.echo(f"Saved. Ask it with: vsearch saved run {name}")


@click.command("list")
@json_option
def list_saved(as_json: bool) -> None:
    """Name the saved searches, with their questions."""
    from search.library import open_library
    from search.saved import saved_document

    with open_library() as library:
        found = library.catalog.saved_searches()
    if as_json:
        print_document({"schema": 1, "saved": [saved_document(saved) for saved in found]})
        return
    for saved in found:
        click.echo(f"{saved.name}  {saved.question}")
    if not found:
        click.echo("No saved searches. `vsearch saved add NAME QUESTION` makes one.", err=True)


@click.command()
@click.argument("name", shell_complete=complete_saved)
@click.option("-k", default=10, show_default=True, help="How many results.")
@click.option(
    "--new-since-last", is_flag=True, help="Only moments that were indexed since the last run with this option."
)
@click.option("--fail-empty", is_flag=True, help="Exit 1 when nothing is found.")
@format_option
@json_option
def run(name: str, k: int, new_since_last: bool, fail_empty: bool, format_name: str, as_json: bool) -> int:
    """Ask a saved search.

    With --new-since-last it tells the best K moments that are new, and nothing where none is like the question. They
    count as told when they have been printed.

    \b
    vsearch saved run beach-dogs --new-since-last --fail-empty --json && notify-send "New dogs"
    """
    from search.library import open_library
    from search.saved import new_moments, run_saved
    from search.service import SearchService

    format_name = "json" if as_json else format_name
    with open_library() as library:
        service = SearchService(library)
        if new_since_last:
            with new_moments(service, name, k) as answer:
                print_as(format_name, answer, library)
                sys.stdout.flush()
        else:
            answer = run_saved(service, name, k)
            print_as(format_name, answer, library)
    return 1 if fail_empty and not answer.hits else 0


@click.command()
@click.argument("name", shell_complete=complete_saved)
@json_option
def remove(name: str, as_json: bool) -> None:
    """Forget a saved search."""
    from search.library import open_library
    from search.saved import remove_saved

    with open_library() as library:
        remove_saved(library, name)
    if as_json:
        print_document({"schema": 1, "removed": name})
    else:
        click.echo(f"{name} is forgotten.")
