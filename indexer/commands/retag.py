"""`vsearch retag`."""

from __future__ import annotations

from dataclasses import asdict

import click


@click.command()
@click.option(
    "--rule", "said", multiple=True, metavar="KIND.PART=VALUE", help="Change a part of a rule; repeat for more."
)
@click.option("--reset", is_flag=True, help="Begin with the usual rules.")
@click.option("--wait", is_flag=True, help="Wait while another process indexes this library.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def retag(said: tuple[str, ...], reset: bool, wait: bool, as_json: bool) -> int:
    """Make the tags of all videos anew from the scores that are stored: nothing is decoded.

    A rule says how scores become tags. Its parts: smooth (seconds averaged over), enter (the score that begins a
    tag), leave (the score that ends it), min_seconds, max_gap (seconds bridged), exclusive (only the strongest label
    at a time). The library remembers them.

    \b
    vsearch retag --rule emotion.enter=0.6 --rule character.max_gap=4
    """
    from indexer.interrupt import interruptible
    from indexer.retag import tag_again
    from search.documents import print_document
    from search.library import open_library

    with open_library() as library, library.indexing(wait=wait), interruptible() as interrupted:
        done, rules = tag_again(library.catalog, said, reset=reset, interrupted=interrupted)
    if as_json:
        written = {kind: asdict(rule) for kind, rule in rules.items()}
        print_document({"schema": 1, **asdict(done), "rules": written})
    else:
        click.echo(f"{done.segments:,} tags in {done.videos:,} videos, made anew.")
        for kind, rule in rules.items():
            click.echo(f"{kind:10} " + "  ".join(f"{part} {value}" for part, value in asdict(rule).items()))
        if done.interrupted:
            click.echo("interrupted: run the same command to go on", err=True)
    return 130 if done.interrupted else 0
