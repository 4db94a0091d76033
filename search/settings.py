"""Where things live, read once from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from search.location import Location, locate

CATALOG = "catalog.db"
"""Its file in the folder of a library."""
EMOTION = "emotion"
"""The kind of tag that can be switched off everywhere: some places restrict it."""
NO_EMOTION = "no_emotion"
"""Under this key the library remembers that it is."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Places and switches; a command-line option wins over its environment variable."""

    location: Location
    """`VSEARCH_LIBRARY`: where the library is: a folder, or the URL of a PostgreSQL database."""
    models: Path
    """`VSEARCH_MODELS`: the folder that downloaded models are kept in."""
    hub: str
    """`VSEARCH_HUB`: the host that answers TF Hub handles; another one serves as a mirror."""
    no_emotion: bool
    """`VSEARCH_NO_EMOTION=1`: expressions are not looked for, and what is known of them is not shown."""
    token: str = ""
    """`VSEARCH_TOKEN`: what a server that others can reach asks for; empty is a new one at each start."""
    player: str = ""
    """`VSEARCH_PLAYER`: what `--open` shows films with; empty is the first player that is installed."""
    data: Path = field(default_factory=lambda: Path(platformdirs.user_data_dir("vsearch")))
    """The user's data folder."""
    places: tuple[Path, ...] = ()
    """`VSEARCH_PLACES`: below these folders a page lets one be chosen; none is the home and the mounted disks."""

    @property
    def library(self) -> Path:
        """The folder of the library's files on this machine."""
        return self.location.folder

    def locate(self, named: Path | str | None) -> Location:
        """Where a library is that was named in a program; None: the usual one.

        The usual one's database, or the folder of its files, can be named without its password.
        """
        if named is None:
            return self.location
        location = locate(named, self.data)
        usual = location.folder == self.location.folder or (location.database == self.location.database != "")
        return self.location if usual and not location.secrets else location


def emotion_is_off() -> bool:
    """`VSEARCH_NO_EMOTION` alone: it is looked at with every question."""
    return os.environ.get("VSEARCH_NO_EMOTION", "") not in ("", "0")


def read_settings() -> Settings:
    data, places = Path(platformdirs.user_data_dir("vsearch")), os.environ.get("VSEARCH_PLACES", "")
    return Settings(
        location=locate(os.environ.get("VSEARCH_LIBRARY") or data / "library", data),
        models=Path(os.environ.get("VSEARCH_MODELS") or data / "models").expanduser(),
        hub=os.environ.get("VSEARCH_HUB") or "https://tfhub.dev",
        no_emotion=emotion_is_off(),
        token=os.environ.get("VSEARCH_TOKEN", "").strip(),
        player=os.environ.get("VSEARCH_PLAYER", "").strip(),
        places=tuple(Path(place).expanduser().absolute() for place in filter(None, places.split(os.pathsep))),
    )
