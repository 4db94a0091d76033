"""`vsearch search`, `tags`, `status`, `verify`, `forget` and `roots`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from search.documents import json_option, print_document
from search.library import Library, open_library
from search.query import SearchRequest, parse_tag
from search.service import SearchService
from search.upkeep import find_videos, library_status, library_tags, verify_library


@click.command()
@click.argument("text", default="")
@click.option("-k", default=10, show_default=True, help="How many results.")
@click.option("--tag", "tags", multiple=True, metavar="KIND=LABEL", help="Only clips with this tag; repeat for more.")
@click.option("--any", "any_of", is_flag=True, help="Clips with any of the tags, not only those with all.")
@click.option("--min-seconds", default=0.0, metavar="S", help="Only tags that last at least so long count.")
@click.option("--fail-empty", is_flag=True, help="Exit 1 when nothing is found.")
@json_option
def search(text: str, tags: tuple[str, ...], fail_empty: bool, as_json: bool, **options: Any) -> int:
    """Find moments for a sentence.

    \b
    vsearch search "a dog catches a frisbee" -k 5
    vsearch search "on the beach" --tag emotion=happy --json
    vsearch search --tag character=tom --tag character=jerry --min-seconds 3
    """
    request = SearchRequest(text, tags=tuple(parse_tag(tag) for tag in tags), facets=as_json, **options)
    with open_library() as library:
        answer = SearchService(library).search(request)
    if as_json:
        print_document(answer.to_document())
    else:
        from search.printing import print_answer

        print_answer(answer)
    return 1 if fail_empty and not answer.hits else 0


@click.command("tags")
@json_option
def list_tags(as_json: bool) -> None:
    """Name what is seen in the films: kinds of tags and their labels, and for how long each."""
    with open_library() as library:
        document = library_tags(library)
    if as_json:
        print_document(document)
    else:
        from search.printing import print_tags

        print_tags(document)


@click.command()
@click.option("--failures", is_flag=True, help="Name every video that failed or is partial, with the reason.")
@json_option
def status(failures: bool, as_json: bool) -> None:
    """Say what the library holds."""
    with open_library() as library:
        document = library_status(library)
    if as_json:
        print_document(document)
    else:
        from search.printing import print_status

        print_status(document, failures=failures)


@click.command()
@json_option
def verify(as_json: bool) -> int:
    """Prove that catalog, vectors and files agree; mend the cache.

    Exits 1 when something is wrong that only indexing again can mend.
    """
    with open_library() as library:
        document = verify_library(library)
    if as_json:
        print_document(document)
    else:
        from search.printing import print_verification

        print_verification(document)
    return 0 if document["ok"] else 1


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@json_option
def forget(paths: tuple[Path, ...], as_json: bool) -> None:
    """Remove videos or folders from the library. The files themselves are not touched."""
    with open_library() as library, library.indexing():
        videos = find_videos(library, paths)
        library.catalog.forget_videos(video.id for video in videos)
        library.fold()
    if as_json:
        print_document({"schema": 1, "forgotten": len(videos), "clips": sum(video.clips for video in videos)})
    else:
        click.echo(f"{len(videos)} videos forgotten; their files are untouched.")


@click.group()
def roots() -> None:
    """List the indexed folders, or tell where one has moved."""


@roots.command("list")
@json_option
def list_roots(as_json: bool) -> None:
    """Name the indexed folders."""
    with open_library() as library:
        found = _roots(library)
    if as_json:
        print_document({"schema": 1, "roots": found})
        return
    for root in found:
        click.echo(f"{root['path']}  {root['videos']} videos{'  (missing)' if root['missing'] else ''}")


@roots.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path, exists=True, file_okay=False))
@json_option
def relink(old: Path, new: Path, as_json: bool) -> None:
    """Tell that the indexed folder OLD is now at NEW: nothing is decoded again."""
    with open_library() as library, library.indexing():
        root = library.catalog.relink_root(old.expanduser().absolute(), new.expanduser().absolute())
        library.catalog.mark_missing([video.id for video in library.catalog.videos(root.id)], False)
    if as_json:
        print_document({"schema": 1, "path": str(root.path)})
    else:
        click.echo(f"{old} is now {root.path}.")


def _roots(library: Library) -> list[dict[str, Any]]:
    videos = library.catalog.videos()
    return [
        {
            "path": str(root.path),
            "missing": root.missing,
            "videos": sum(video.root_id == root.id for video in videos),
        }
        for root in library.catalog.roots()
    ]
