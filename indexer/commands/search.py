"""`vsearch search`: questions in words, and with pictures and films."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from search.commands import ask_library, in_format
from search.commands import search as in_words

if TYPE_CHECKING:
    from search.answer import SearchAnswer
    from search.library import Library
    from search.query import SearchRequest
    from search.service import SearchService

# A shell that completes a question loads this file: what takes long is imported where it is used.


@click.command("search", params=[*in_words.params], help=in_words.help)
@click.option("--image", type=click.Path(path_type=Path), help="Find what looks like this picture.")
@click.option("--clip", type=click.Path(path_type=Path), help="Find what looks like this film's first minute.")
@click.option(
    "--montage",
    type=click.Path(path_type=Path),
    help="Write the results side by side: a .png or .jpg, which --open shows.",
)
def search(*, image: Path | None, clip: Path | None, montage: Path | None, **asked: Any) -> int:
    if montage:
        from indexer.excerpts.sheet import require_picture

        require_picture(montage)
    shows_picture = montage is not None and asked.pop("play")
    code = ask_library(**in_format(asked), look=partial(look_at, image, clip), show=partial(write_montage, montage))
    if shows_picture and montage:
        from search.terminal.player import open_picture

        open_picture(montage)
    return code


def look_at(image: Path | None, clip: Path | None, service: SearchService, request: SearchRequest) -> SearchRequest:
    """The request with the vectors of the pictures that it names, in its text or beside it.

    Raises UsageError for two files beside it, and what encoding them raises.
    """
    if not (image or clip or "like:" in request.text):
        return request
    from indexer.asking import encode_clip, encode_picture
    from search.errors import UsageError

    if image and clip:
        raise UsageError("One file can be asked with, not two.", "Give the other as like:FILE.")
    encoder = service.library.encoder
    if image:
        request = replace(request, embedding=encode_picture(image, encoder))
    if clip:
        request = replace(request, embedding=encode_clip(clip, encoder))
    if "like:" not in request.text:
        return request
    named = [like.picture for look in service.parse(request.text).looks for like in look.like if like.picture]
    return replace(request, pictures={name: encode_picture(Path(name).expanduser(), encoder) for name in named})


def write_montage(path: Path | None, library: Library, answer: SearchAnswer) -> None:
    """The results side by side, each with its rank, its score and where it is; nothing for no path.

    Raises UsageError where there is no result.
    """
    if path is None:
        return
    from indexer.excerpts.sheet import picture_of, sheet, write_sheet
    from search.errors import UsageError
    from search.printing import clock

    if not answer.hits:
        raise UsageError("There is no result to show.", "Ask for something else.")
    pictures = [picture_of(library.catalog.thumbnail(hit.clip.id)) for hit in answer.hits]
    captions = [
        f"{hit.rank}{'' if hit.score is None else f'  {hit.score:.2f}'}  {clock(hit.start)}  {hit.clip.title}"
        for hit in answer.hits
    ]
    write_sheet(path, sheet(pictures, captions, width=320))
