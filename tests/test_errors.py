"""Every error has a code, an exit code and an HTTP status that mean something."""

from __future__ import annotations

import re

import pytest

from search import errors
from search.errors import VsearchError


def every(kind: type[VsearchError]) -> list[type[VsearchError]]:
    return [kind] + [deeper for below in kind.__subclasses__() for deeper in every(below)]


ERRORS = [kind for kind in every(VsearchError) if kind.__module__ == errors.__name__]


@pytest.mark.parametrize("kind", ERRORS)
def test_an_error_can_be_acted_on(kind: type[VsearchError]) -> None:
    error = kind("What happened.", "What to do.")
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", error.code)
    assert error.exit_code in (1, 2, 3)
    assert error.http_status in (400, 404, 409, 413, 422, 429, 500, 503)
    assert (str(error), error.cure) == ("What happened.", "What to do.")


def test_codes_are_not_shared() -> None:
    codes = [kind.code for kind in ERRORS]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("kind", ERRORS)
def test_the_tree_in_the_docstring_is_the_tree(kind: type[VsearchError]) -> None:
    line = next(line for line in (errors.__doc__ or "").splitlines() if re.search(rf"\b{kind.__name__}\b", line))
    numbers = [int(number) for number in re.findall(r"\b\d+\b", line)]
    if numbers:
        assert numbers[-1] == kind.http_status
    assert len(numbers) < 2 or numbers[0] == kind.exit_code
