"""Running the command line inside the test's own process, where the fake encoder is known."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Any

import pytest

import vsearch


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.out)
        assert parsed["schema"] == 1
        return parsed


class CommandLine:
    """`line("search", "red")` runs `vsearch search red`."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def __call__(self, *words: object) -> Done:
        self._capsys.readouterr()
        self._monkeypatch.setattr(sys, "argv", ["vsearch", *map(str, words)])
        code = vsearch.run()
        captured = self._capsys.readouterr()
        return Done(code, captured.out, captured.err)
