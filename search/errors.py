"""Everything that can go wrong, as one tree.

    VsearchError
    ├── UsageError                2   400   the request itself is wrong
    │   ├── BadQuery                  400
    │   ├── UnknownTag                400
    │   ├── PathNotFound              400
    │   └── NotFound                  404   no such clip, video, root, model
    ├── TooLarge                  2   413
    └── CannotGoOn                3   503
        ├── LibraryMissing            503
        ├── LibraryUnreachable        503   its database does not answer
        ├── LibraryLocked             409   somebody else is indexing
        ├── LibraryReadOnly           503
        ├── LibraryDamaged            503
        ├── NewerSchema               503
        ├── EncoderMismatch           409
        ├── ModelUnavailable          503
        └── DiskFull                  503

Each error carries a message (what happened, with the name of the thing) and a cure (what to do about it).
The first number is the exit code of the process (1, done but some files failed, is no error), the second the HTTP
status; `vsearch.py` translates to the one and `web/app.py` to the other, nothing else does.
"""

from __future__ import annotations

from collections.abc import Sequence


class VsearchError(Exception):
    """An error a person can act on. `code` is stable and kebab-case; programs may match on it."""

    code = "error"
    exit_code = 3
    http_status = 500

    def __init__(self, message: str, cure: str) -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure


class UsageError(VsearchError):
    code = "usage"
    exit_code = 2
    http_status = 400


class BadQuery(UsageError):
    code = "bad-query"


class UnknownTag(UsageError):
    code = "unknown-tag"


class PathNotFound(UsageError):
    code = "path-not-found"


class NotFound(UsageError):
    code = "not-found"
    http_status = 404


class TooLarge(VsearchError):
    code = "too-large"
    exit_code = 2
    http_status = 413


class CannotGoOn(VsearchError):
    code = "cannot-go-on"
    exit_code = 3
    http_status = 503


class LibraryMissing(CannotGoOn):
    code = "library-missing"


class LibraryUnreachable(CannotGoOn):
    code = "library-unreachable"


class LibraryLocked(CannotGoOn):
    code = "library-locked"
    http_status = 409


class LibraryReadOnly(CannotGoOn):
    code = "library-read-only"


class LibraryDamaged(CannotGoOn):
    code = "library-damaged"


class NewerSchema(CannotGoOn):
    code = "newer-schema"


class EncoderMismatch(CannotGoOn):
    code = "encoder-mismatch"
    http_status = 409


class ModelUnavailable(CannotGoOn):
    code = "model-unavailable"


class DiskFull(CannotGoOn):
    code = "disk-full"


def first_of(names: Sequence[str], at_most: int = 3) -> str:
    """For a message: the first names, and how many more there are."""
    more = f" and {len(names) - at_most} more" if len(names) > at_most else ""
    return ", ".join(names[:at_most]) + more


def first_line(words: str) -> str:
    """For a message: what a library said, without its tail."""
    return next(iter(words.splitlines()), "no reason given")[:200]
