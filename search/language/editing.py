"""Taking a part out of a line, as the cross on a chip does."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from search.language.tokens import Token, read_tokens, split_looks


def without(line: str, token: Token, kinds: Collection[str]) -> str:
    """The line without one of its tokens (`read_tokens(line, kinds)`), otherwise as it was written.

    What joined it goes with it, so that a line that could be read still can: the `OR` beside a tag, the `then` before
    a look of which nothing is left, with its `within`.
    """
    looks = [_without(look, token) for look in split_looks(read_tokens(line, kinds))]
    kept = [part for look in _joined(looks) for part in look]
    return " ".join(line[part.start : part.end] for part in kept)


def _without(look: Sequence[Token], token: Token) -> list[Token]:
    """The tokens of one look without `token`, its own `then` or the `OR` that joined it."""
    if token not in look:
        return list(look)
    at = look.index(token)
    begin = at - 1 if at and look[at - 1].kind == "or" else at
    end = at + 2 if begin == at and look[at + 1 : at + 2] and look[at + 1].kind == "or" else at + 1
    return [*look[:begin], *look[end:]]


def _joined(looks: Sequence[Sequence[Token]]) -> list[Sequence[Token]]:
    """The looks with a `then` between those that say something, and a limit only where there is one."""
    joined: list[Sequence[Token]] = []
    said_before = False
    for look in looks:
        says = any(part.kind not in ("then", "within", "filter") for part in look)
        if says and said_before and look[0].kind == "then":
            joined.append(look)
        else:
            joined.append([part for part in look if part.kind not in ("then", "within")])
        said_before = said_before or says
    return joined
