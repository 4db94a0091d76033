"""A library in PostgreSQL: what goes wrong with a server is said in a sentence, and nothing is lost."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from search.catalog.records import Cue
from search.catalog.stores.refusals import refusal
from search.errors import (
    CannotGoOn,
    LibraryMissing,
    LibraryReadOnly,
    LibraryUnreachable,
    NotFound,
    UsageError,
    VsearchError,
)
from search.library import Library, open_library
from tests.command_line import CommandLine
from tests.fakes import FakeEncoder
from tests.library_fixtures import add_film
from tests.postgresql_server import execute, new_database, require_password

NOWHERE = "postgresql://anna:secret@127.0.0.1:9/films?connect_timeout=2"


@pytest.fixture
def url() -> str:
    return new_database()


@pytest.fixture
def library(url: str) -> Iterator[Library]:
    with open_library(url, encoder=FakeEncoder(), create=True) as made:
        yield made


def test_without_its_driver_the_cure_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    load = importlib.import_module

    def without_psycopg(name: str, package: str | None = None) -> Any:
        if name == "psycopg":
            raise ImportError("no pq wrapper available.\nAttempts made: ...")
        return load(name, package)

    monkeypatch.setattr(importlib, "import_module", without_psycopg)
    with pytest.raises(CannotGoOn, match="psycopg") as caught:
        open_library(NOWHERE)
    assert "vsearch[postgres]" in caught.value.cure
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("state", "words", "kind"),
    [
        ("", "connection failed: connection refused", LibraryUnreachable),
        ("", 'connection failed: FATAL:  database "films" does not exist', LibraryMissing),
        ("", 'connection failed: FATAL:  password authentication failed for user "anna"', LibraryUnreachable),
        ("", "the connection is closed", LibraryUnreachable),
        ("57P01", "terminating connection", LibraryUnreachable),
        ("53300", "sorry, too many clients already", LibraryUnreachable),
        ("42501", "permission denied for table clip", LibraryReadOnly),
        ("25006", "cannot execute INSERT in a read-only transaction", LibraryReadOnly),
    ],
)
def test_what_a_server_refuses_is_one_sentence_with_a_cure(state: str, words: str, kind: type[VsearchError]) -> None:
    error = SimpleNamespace(orig=type("Said", (Exception,), {"sqlstate": state or None})(f"{words}\nDETAIL: more"))
    said = refusal(error, "postgresql://anna@h/films", 30)  # type: ignore[arg-type]
    assert type(said) is kind
    assert "postgresql://anna@h/films" in said.message
    assert "\n" not in said.message
    assert said.cure


def test_a_number_beyond_those_of_the_server_is_not_found() -> None:
    error = type("Said", (Exception,), {"sqlstate": "22003"})("integer out of range")
    assert isinstance(refusal(error, "postgresql://anna@h/films", 30), NotFound)


def test_no_server_is_said_in_a_sentence_without_the_password(line: CommandLine) -> None:
    new_database()  # where there is no driver, there is nothing to see
    done = line("--library", NOWHERE, "status")
    assert done.code == 3
    assert "postgresql://anna@127.0.0.1:9/films" in done.err
    assert "cannot be reached" in done.err
    assert "secret" not in done.err + done.out
    assert "Traceback" not in done.err


def test_a_database_that_is_not_there_and_a_wrong_password(url: str) -> None:
    with pytest.raises(LibraryMissing, match="There is no database"):
        open_library(url.replace("/films_", "/no_films_"))
    locked = require_password(url, "anna", "right")
    with pytest.raises(LibraryUnreachable, match="does not let you in") as caught:
        open_library(locked.replace("right", "wr0ng"))
    assert "wr0ng" not in caught.value.message + caught.value.cure
    with pytest.raises(LibraryMissing, match="no library in"):
        open_library(locked)


def test_a_database_that_does_not_hold_every_text_is_refused() -> None:
    url = new_database("TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    with pytest.raises(UsageError, match="LATIN1"):
        open_library(url, encoder=FakeEncoder(), create=True)


def test_who_may_only_read_can_ask_but_not_change(library: Library, url: str) -> None:
    add_film(library, "x.mp4", ["red"])
    locked = require_password(url, "reader", "right")
    execute(url, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    with open_library(locked) as reading:
        assert not reading.writable
        assert [video.title for video in reading.catalog.videos()] == ["x.mp4"]
        with pytest.raises(LibraryReadOnly, match="cannot be written"):
            reading.catalog.set_meta(x="y")


def test_a_connection_that_breaks_costs_one_transaction(library: Library, url: str) -> None:
    def end_others() -> None:
        others = "datname = current_database() AND pid != pg_backend_pid()"
        execute(url, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")

    def write() -> None:
        with library.catalog.writing() as session:
            library.catalog.bump(session)
            session.flush()
            end_others()

    with pytest.raises(LibraryUnreachable, match="lost"):
        write()
    assert library.catalog.generation() == 0
    end_others()
    add_film(library, "x.mp4", ["red"])  # what lay idle is connected anew
    assert library.catalog.generation() == 1


def test_words_said_that_the_index_lost_are_a_complaint(library: Library, url: str) -> None:
    add_film(library, "x.mp4", ["red"], cues=[Cue(0, 1, "hello", "x.srt"), Cue(5, 6, "♪", "x.srt")])
    assert library.catalog.complaints() == []
    execute(url, "DELETE FROM cue_words")
    assert library.catalog.complaints() == ["2 cues are not in the index of words said"]


def test_the_password_is_not_written_anywhere(url: str) -> None:
    locked = require_password(url, "owner", "s3cret")
    execute(url, "GRANT ALL ON SCHEMA public TO owner")
    with open_library(locked, encoder=FakeEncoder(), create=True) as library:
        add_film(library, "x.mp4", ["red"])
        library.fold()
        files: list[Path] = [path for path in library.path.rglob("*") if path.is_file()]
    assert files
    assert not any(b"s3cret" in path.read_bytes() for path in files)
