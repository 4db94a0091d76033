"""A library is named by a folder or by a URL, and the password of a URL stays where it was given."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import UsageError
from search.location import POINTER, Location, locate
from search.settings import read_settings

DATA = Path("/data")
Words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)


def test_a_folder_is_a_folder(tmp_path: Path) -> None:
    assert locate(tmp_path, DATA) == Location(tmp_path)
    assert locate("~/films", DATA) == Location(Path.home() / "films")


@pytest.mark.parametrize(
    ("url", "database"),
    [
        ("postgresql://anna@server/films", "postgresql://anna@server/films"),
        ("postgres://server:5433/films", "postgresql://server:5433/films"),
        ("postgresql+psycopg://one,two/films?target_session_attrs=any", "postgresql://one,two/films?target_session_attrs=any"),
        ("postgresql:///films", "postgresql:///films"),
        ("postgresql://anna:@/films?host=/run/postgresql", "postgresql://anna@/films?host=/run/postgresql"),
        ("postgresql://server/films?password=secret&sslmode=require", "postgresql://server/films?sslmode=require"),
    ],
)  # fmt: skip
def test_a_url_is_a_database_with_a_folder_of_its_own(url: str, database: str) -> None:
    location = locate(url, DATA)
    assert (location.database, location.name) == (database, database)
    assert location.folder.parent == DATA / "databases"
    assert location.folder.name.startswith("films-")


@given(Words, Words)
def test_a_password_is_handed_over_and_never_shown(user: str, password: str) -> None:
    with_it = locate(f"postgresql://{quote(user, safe='')}:{quote(password, safe='')}@h/films", DATA)
    without = locate(f"postgresql://{quote(user, safe='')}@h/films", DATA)
    assert with_it.secrets == {"password": password}
    assert (with_it.name, with_it.folder, repr(with_it)) == (without.name, without.folder, repr(without))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://anna:se@cret@h/films",
        "postgresql://anna:se#cret@h/films",
        "postgresql://anna:se?cret@h/films",
        "postgresql://anna:se/cret@h/films",
        "postgresql://anna:se%cret@h/films",
        "postgresql:/anna:secret@h/films",
        "postgres:secret",
    ],
)
def test_a_url_that_cannot_be_read_is_not_repeated(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        locate(url, DATA)
    assert "cret" not in caught.value.message + caught.value.cure


def test_the_folder_of_a_database_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / POINTER).write_text("postgresql://anna@h/films")
    found = locate(tmp_path, DATA)
    assert (found.folder, found.database, found.secrets) == (tmp_path, "postgresql://anna@h/films", {})
    monkeypatch.setenv("VSEARCH_LIBRARY", "postgresql://anna:secret@h/films")
    assert read_settings().locate(tmp_path).secrets == {"password": "secret"}
    assert "secret" not in repr(read_settings())
