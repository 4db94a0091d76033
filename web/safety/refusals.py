"""Requests that are refused before a question is asked, each with its status."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from search.answer import printable
from search.errors import BadQuery, CannotGoOn, TooLarge, UsageError, VsearchError


class WrongMediaType(UsageError):
    """The body is written in another way than the path takes."""

    code = "unsupported-media-type"
    http_status = 415


class TooBusy(CannotGoOn):
    """So many requests of this sort are in work that another would slow all down."""

    code = "too-many-requests"
    http_status = 429


class Occupied(CannotGoOn):
    """The processes that make films for pages are all at work."""

    code = "occupied"


def speaks_only(media_types: Mapping[str, str]) -> Callable[[], None]:
    """A check before each request: the body of these methods is of this media type. It raises WrongMediaType."""

    def check() -> None:
        wanted = media_types.get(request.method)
        if wanted and request.mimetype != wanted:
            raise WrongMediaType(
                f"The body must be {wanted}, not {printable(request.mimetype)[:40] or 'of no type'}.",
                f"Send the header Content-Type: {wanted}.",
            )

    return check


def refuse_values(error: ValidationError) -> BadQuery:
    """What pydantic found wrong first, in a sentence."""
    first = error.errors(include_url=False, include_context=False)[0]
    name, kind, words = ".".join(map(str, first["loc"])), first["type"], first["msg"]
    if not name:
        sentence = "The body is no JSON object"
    elif kind == "missing":
        sentence = f"{name} is missing"
    elif kind == "extra_forbidden":
        sentence = f"{name} is not known here"
    else:
        words = words.partition(",")[0] if kind.endswith("_parsing") else words
        sentence = f"{words.replace('Input', name, 1)}, not {first['input']!r:.60}"
    return BadQuery(printable(f"{sentence}."), "/api/docs says what each path takes.")


def refuse_request(error: HTTPException) -> VsearchError:
    """What Flask and Werkzeug refuse, with a message and a cure."""
    if error.code == TooLarge.http_status:
        return TooLarge("What was sent is too large.", "Send a smaller file, or a shorter question.")
    if error.code == TooBusy.http_status:
        return TooBusy("That were too many requests from your address.", "Wait a minute.")
    path, name = printable(request.path[:100]), error.name.lower()
    if isinstance(error, MethodNotAllowed):
        message = f"{path} does not answer {request.method}."
        cure = f"It answers {', '.join(sorted(error.valid_methods or ()))}."
    else:
        message = f"Nothing at {path} answers this: {name}."
        cure = "The search page is at /, the API is described at /api/docs."
    known = VsearchError(message, cure)
    known.code, known.http_status = name.replace(" ", "-"), error.code or 500
    return known
