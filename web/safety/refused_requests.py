"""Requests that Waitress refuses by itself, before the application hears of them: they get the same headers."""

from __future__ import annotations

from waitress.channel import HTTPChannel
from waitress.task import ErrorTask

from web.safety.security import HEADERS


class RefusalTask(ErrorTask):  # type: ignore[misc]  # Waitress has no types
    def execute(self) -> None:
        self.response_headers.extend(HEADERS.items())
        super().execute()


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection of which malformed and far too large requests are answered by RefusalTask."""

    error_task_class = RefusalTask
