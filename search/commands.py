"""`vsearch similar`, `tags`, `status`, `verify`, `forget` and `roots`, and what `search` is without files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from search.documents import json_option, print_document
from search.outputs.registry import format_option, print_as
from search.terminal.completion import complete_tag, complete_text

if TYPE_CHECKING:
    from search.answer import SearchAnswer
    from search.library import Library
    from search.query import SearchRequest
    from search.service import SearchService

Look: TypeAlias = "Callable[[SearchService, SearchRequest], SearchRequest]"
Show: TypeAlias = "Callable[[Library, SearchAnswer], None]"

# A shell that completes a question loads this file: what takes long is imported where it is used.


def join_words(_ctx: click.Context, _param: click.Parameter, words: tuple[str, ...]) -> str:
    """A question that was written without quotation marks is a line all the same."""
    return " ".join(words)


@click.command()
@click.argument("text", nargs=-1, callback=join_words, shell_complete=complete_text)
@click.option("-k", default=10, show_default=True, help="How many results.")
@click.option(
    "--tag",
    "tags",
    multiple=True,
    metavar="KIND=LABEL",
    shell_complete=complete_tag,
    help="Only clips with this tag; repeat for more.",
)
@click.option("--any", "any_of", is_flag=True, help="Clips with any of the tags, not only those with all.")
@click.option("--min-seconds", default=0.0, metavar="S", help="Only tags that last at least so long count.")
@click.option(
    "--group",
    type=click.Choice(["clip", "video"]),
    default="clip",
    show_default=True,
    help="What a result is: a moment, or a video with its best moment.",
)
@click.option(
    "--sort",
    type=click.Choice(["best", "film", "newest"]),
    default="best",
    show_default=True,
    help="Best first, in film order, or the films taken last first.",
)
@click.option("--skip", default=0, metavar="N", help="Pass over the first N results.")
@click.option("--explain", is_flag=True, help="Say how each result came by its rank.")
@click.option("--fail-empty", is_flag=True, help="Exit 1 when nothing is found.")
@click.option("--open", "play", is_flag=True, help="Play the best moment, in mpv, VLC or what VSEARCH_PLAYER names.")
@click.option("--interactive", is_flag=True, help="Search while typing; Enter plays the moment that is chosen.")
@format_option
@json_option
def search(**asked: Any) -> int:
    """Find moments for a sentence, for words said, tags, pictures: docs/asking.md has the whole language.

    \b
    vsearch search "a dog catches a frisbee" -k 5
    vsearch search "on the beach emotion:happy -rain in:holiday/"
    vsearch search "a door opens then character:tom within 30s"
    vsearch search 'said:"good morning"' --group video --json
    """
    return ask_library(**in_format(asked))


@click.command()
@click.argument("clip_id", type=click.IntRange(1))
@click.option("-k", default=10, show_default=True, help="How many results.")
@format_option
@json_option
def similar(clip_id: int, k: int, format_name: str, as_json: bool) -> int:
    """Find moments that look like one that was found: CLIP_ID is a number of the last column of
    `vsearch search`, clip_id in its --json.
    """
    return ask_library(text=f"like:{clip_id}", k=k, format_name="json" if as_json else format_name)


def in_format(asked: dict[str, Any]) -> dict[str, Any]:
    """The options with `--json` as the format that it is short for."""
    as_json = asked.pop("as_json")
    return asked | ({"format_name": "json"} if as_json else {})


def ask_library(
    *,
    text: str,
    tags: tuple[str, ...] = (),
    fail_empty: bool = False,
    play: bool = False,
    interactive: bool = False,
    format_name: str = "table",
    look: Look | None = None,
    show: Show | None = None,
    **options: Any,
) -> int:
    """Asks the library and prints the answer; the exit code.

    `look` adds to the question what its files show, `show` makes something else of the answer.
    """
    from search.library import open_library
    from search.query import SearchRequest, parse_tag
    from search.service import SearchService

    request = SearchRequest(text, tags=tuple(parse_tag(tag) for tag in tags), facets=format_name == "json", **options)
    with open_library() as library:
        service = SearchService(library)
        if look:
            request = look(service, request)
        if interactive:
            from search.terminal.interactive import ask_interactively

            ask_interactively(service, request)
            return 0
        answer = service.search(request)
        print_as(format_name, answer, library)
        if show:
            show(library, answer)
    if play and answer.hits:
        from search.terminal.player import open_moment

        open_moment(answer.hits[0])
    return 1 if fail_empty and not answer.hits else 0


@click.command("tags")
@json_option
def list_tags(as_json: bool) -> None:
    """Name what is seen in the films: kinds of tags and their labels, and for how long each."""
    from search.library import open_library
    from search.upkeep import library_tags

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
    from search.library import open_library
    from search.upkeep import library_status

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
    from search.library import open_library
    from search.upkeep import verify_library

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
    from search.library import open_library
    from search.upkeep import forget_videos

    with open_library() as library, library.indexing():
        videos = forget_videos(library, paths)
    if as_json:
        print_document({"schema": 1, "forgotten": len(videos), "clips": sum(video.clips for video in videos)})
    else:
        from search.printing import counted

        click.echo(f"{counted(len(videos), 'video')} forgotten; the files themselves are untouched.")


@click.group()
def roots() -> None:
    """List the indexed folders, tell where one has moved, or remove one from the library."""


@roots.command("list")
@json_option
def list_roots(as_json: bool) -> None:
    """Name the indexed folders."""
    from search.library import open_library

    with open_library() as library:
        found = _roots(library)
    if as_json:
        print_document({"schema": 1, "roots": found})
        return
    from search.printing import MISSING, counted

    for root in found:
        click.echo(f"{root['path']}  {counted(root['videos'], 'video')}{MISSING if root['missing'] else ''}")


@roots.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path, exists=True, file_okay=False))
@json_option
def relink(old: Path, new: Path, as_json: bool) -> None:
    """Tell that the indexed folder OLD is now at NEW: nothing is decoded again."""
    from search.library import open_library

    with open_library() as library, library.indexing():
        root = library.catalog.relink_root(old.expanduser().absolute(), new.expanduser().absolute())
        library.catalog.mark_missing([video.id for video in library.catalog.videos(root.id)], False)
    if as_json:
        print_document({"schema": 1, "path": str(root.path)})
    else:
        click.echo(f"{old} is now {root.path}.")


@roots.command()
@click.argument("root", type=click.Path(path_type=Path))
@json_option
def remove(root: Path, as_json: bool) -> None:
    """Remove the indexed folder ROOT and what is known of its videos. The files themselves are not touched."""
    from search.errors import NotFound
    from search.library import open_library
    from search.upkeep import forget_videos

    with open_library() as library, library.indexing():
        folder = root.expanduser().absolute()
        if folder not in [one.path for one in library.catalog.roots()]:
            raise NotFound(f"{folder} is not an indexed folder.", "`vsearch roots list` names them.")
        videos = forget_videos(library, [folder])
    if as_json:
        print_document({"schema": 1, "path": str(folder), "forgotten": len(videos)})
    else:
        from search.printing import counted

        click.echo(f"{folder} removed with {counted(len(videos), 'video')}; the files themselves are untouched.")


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
