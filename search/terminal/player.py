"""Opening a film at a moment: in a player, in the browser, or in whatever the system opens films with."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path, PurePath

from search.answer import Hit, printable
from search.errors import CannotGoOn
from search.settings import read_settings

KNOWN = {
    "mpv": ("--start={start}", "--", "{path}"),
    "vlc": ("--start-time={start}", "{path}"),
    "ffplay": ("-ss", "{start}", "{path}"),
}
"""How the players that are looked for, in this order, are told where to begin."""
OPENERS = ("xdg-open", "open", "wslview")
"""What systems open a file or an address with."""
SETTLED = 0.5
"""Seconds after which a player that still runs is taken to be playing."""


def open_moment(hit: Hit) -> str:
    """Opens the film of a hit at its start, and returns without waiting; the name of what it was opened with.

    `VSEARCH_PLAYER` names the player. Raises CannotGoOn where there is none, where it does not start, or where the
    film is not there.
    """
    if not hit.clip.path.exists():
        raise CannotGoOn(
            f"The film {printable(str(hit.clip.path))} is not there.",
            "Connect its disk; if it was moved, index the folder where it is now.",
        )
    return _start(player_command(hit, read_settings().player, shutil.which))


def open_picture(path: Path) -> str:
    """Shows a picture in what the system opens pictures with; its name. Raises CannotGoOn as `open_moment` does."""
    return _start([_first_of(OPENERS, shutil.which), str(path.absolute())])


def _start(command: list[str]) -> str:
    """Starts a program and returns without waiting; its name. Raises CannotGoOn where it does not start."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # goes on when vsearch ends, and Ctrl-C here is none of its business
        )
    except OSError as error:
        raise CannotGoOn(
            f"{command[0]} does not start ({error.strerror}).", "Name another player in VSEARCH_PLAYER."
        ) from error
    try:
        code = process.wait(timeout=SETTLED)
    except subprocess.TimeoutExpired:
        code = 0
    if code:
        raise CannotGoOn(
            f"{command[0]} ended at once (exit {code}).",
            "Try it by hand: " + shlex.join(command),
        )
    return PurePath(command[0]).stem


def player_command(hit: Hit, wanted: str, which: Callable[[str], str | None]) -> list[str]:
    """The command line that shows a hit. Pure but for `which`, that finds programs.

    `wanted` is a player with its options (`mpv --fs`), a command with `{path}` and `{start}` in it, or the address of
    a running `vsearch serve`; empty is the first that is there of KNOWN, and else what the system opens files with,
    which begins at the beginning. Raises CannotGoOn where there is none.
    """
    if wanted.startswith(("http://", "https://")):
        return [_first_of(OPENERS, which), f"{wanted.rstrip('/')}/video/{hit.clip.video_id}?t={hit.start:.3f}"]
    if wanted:
        program, *options = _words(wanted)
        if which(program) is None:
            raise CannotGoOn(
                f"There is no player {program}.", "VSEARCH_PLAYER names one that is installed, for example mpv."
            )
    else:
        program, options = _first_of((*KNOWN, *OPENERS), which), []
    template = [*options, *KNOWN.get(PurePath(program).stem.lower(), ("{path}",))]
    if any("{path}" in option for option in options):
        template = options
    return [program, *(_filled(word, hit.clip.path, hit.start) for word in template)]


def _filled(word: str, path: Path, start: float) -> str:
    return word.replace("{start}", f"{start:.3f}").replace("{path}", str(path))


def _words(wanted: str) -> list[str]:
    try:
        return shlex.split(wanted)
    except ValueError as error:
        raise CannotGoOn(f"VSEARCH_PLAYER cannot be read: {error}.", "Close its quotes.") from error


def _first_of(programs: tuple[str, ...], which: Callable[[str], str | None]) -> str:
    for program in programs:
        if which(program):
            return program
    raise CannotGoOn(
        "No player was found.", "Install mpv or VLC, or name a player, or a vsearch site, in VSEARCH_PLAYER."
    )
