"""`--open`: which command shows a film at a moment, and what is said where none does."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from search.answer import Hit
from search.catalog.records import ClipRecord
from search.errors import CannotGoOn
from search.terminal.player import open_moment, player_command

FILM = Path("/films/-- a 'film'; rm.mkv")


def hit(path: Path = FILM) -> Hit:
    return Hit(1, 0.5, "strong", ClipRecord(7, 3, 12.3456, 15.0, path, path.name), ())


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / FILM.name
    path.touch()
    return path


def installed(*names: str) -> Callable[[str], str | None]:
    return lambda name: f"/bin/{name}" if name in names else None


@pytest.mark.parametrize(
    ("names", "command"),
    [
        (["vlc", "mpv"], ["mpv", "--start=12.346", "--", str(FILM)]),
        (["vlc", "xdg-open"], ["vlc", "--start-time=12.346", str(FILM)]),
        (["ffplay"], ["ffplay", "-ss", "12.346", str(FILM)]),
        (["xdg-open"], ["xdg-open", str(FILM)]),
        (["open"], ["open", str(FILM)]),
    ],
)
def test_the_first_player_that_is_installed_begins_at_the_moment(names: list[str], command: list[str]) -> None:
    assert player_command(hit(), "", installed(*names)) == command


@pytest.mark.parametrize(
    ("wanted", "command"),
    [
        ("mpv --fs", ["mpv", "--fs", "--start=12.346", "--", str(FILM)]),
        ("VLC", ["VLC", "--start-time=12.346", str(FILM)]),
        ("/usr/local/bin/mpv", ["/usr/local/bin/mpv", "--start=12.346", "--", str(FILM)]),
        ("iina --mpv-start={start} {path}", ["iina", "--mpv-start=12.346", str(FILM)]),
        ("totem", ["totem", str(FILM)]),
        ("http://localhost:8765/", ["xdg-open", "http://localhost:8765/video/3?t=12.346"]),
    ],
)
def test_a_person_names_the_player(wanted: str, command: list[str]) -> None:
    assert player_command(hit(), wanted, lambda name: name) == command


@pytest.mark.parametrize(
    ("wanted", "says"),
    [("", "No player"), ("mpv --fs", "no player mpv"), ("mpv 'x", "VSEARCH_PLAYER cannot be read")],
)
def test_no_player_is_a_sentence(wanted: str, says: str) -> None:
    with pytest.raises(CannotGoOn, match=says):
        player_command(hit(), wanted, installed())


def test_a_player_that_plays_is_left_alone(film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = tmp_path / "seen"
    code = "import sys; open(sys.argv[1], 'w').write(sys.argv[3] + sys.argv[2])"
    monkeypatch.setenv("VSEARCH_PLAYER", f'{sys.executable} -c "{code}" {seen} {{start}} {{path}}')
    monkeypatch.setattr("search.terminal.player.SETTLED", 30)
    assert open_moment(hit(film)) == Path(sys.executable).stem
    assert seen.read_text() == f"{film}12.346"


def test_a_player_that_ends_at_once_is_told(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VSEARCH_PLAYER", f'{sys.executable} -c "raise SystemExit(3)"')
    monkeypatch.setattr("search.terminal.player.SETTLED", 30)
    with pytest.raises(CannotGoOn, match="exit 3"):
        open_moment(hit(film))


def test_a_film_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotGoOn, match="is not there"):
        open_moment(hit(tmp_path / "gone.mp4"))
