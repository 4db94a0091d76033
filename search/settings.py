"""Where things live, read once from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

CATALOG = "catalog.db"
"""Its file in the folder of a library."""
EMOTION = "emotion"
"""The kind of tag that can be switched off everywhere: some places restrict it."""
NO_EMOTION = "no_emotion"
"""Under this key the library remembers that it is."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Places and switches; a command-line option wins over its environment variable."""

    library: Path
    """`VSEARCH_LIBRARY`: the folder that holds the catalog and its vectors."""
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


def read_settings() -> Settings:
    data = Path(platformdirs.user_data_dir("vsearch"))
    return Settings(
        library=Path(os.environ.get("VSEARCH_LIBRARY") or data / "library").expanduser(),
        models=Path(os.environ.get("VSEARCH_MODELS") or data / "models").expanduser(),
        hub=os.environ.get("VSEARCH_HUB") or "https://tfhub.dev",
        no_emotion=os.environ.get("VSEARCH_NO_EMOTION", "") not in ("", "0"),
        token=os.environ.get("VSEARCH_TOKEN", "").strip(),
        player=os.environ.get("VSEARCH_PLAYER", "").strip(),
    )
