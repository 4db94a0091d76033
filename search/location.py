"""Where a library is: in a folder, or in a PostgreSQL database with a folder of this machine beside it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote

from search.errors import UsageError

POINTER = "catalog.url"
"""In the folder of a library in PostgreSQL: the URL of its database, without the password."""
SECRETS = ("password", "sslpassword")

_URL = re.compile(
    r"""(?:postgres|postgresql|postgresql\+psycopg)://
    (?:(?P<user>[^:@/?#\s]*)(?::(?P<password>[^:@/?#\s]*))?@)?
    (?P<hosts>[^@/?#\s]*)
    (?:/(?P<database>[^@/?#\s]*))?
    (?:\?(?P<options>[^@#\s]*))?""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Location:
    """Where a library is."""

    folder: Path
    """Its files on this machine; without a database the catalog is one of them."""
    database: str = ""
    """The URL of the PostgreSQL database that holds its catalog, without secrets; empty: there is none."""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    """What is said to the server beside the URL, by libpq's names of parameters."""

    @property
    def name(self) -> str:
        """For messages."""
        return self.database or str(self.folder)


def is_url(named: str | Path) -> bool:
    """Whether a person means a database, however it is spelled."""
    return str(named).startswith(("postgres:", "postgresql:", "postgresql+psycopg:"))


def locate(named: str | Path, data: Path) -> Location:
    """The place that a person names: a folder, or `postgresql://USER@HOST/DATABASE`.

    The files of a database have their folder in `data`. Raises UsageError for a URL that cannot be read; it is not
    repeated in the message, for it may hold a password.
    """
    if is_url(named):
        return _in_database(str(named), data)
    folder = Path(named).expanduser().absolute()
    try:
        url = (folder / POINTER).read_text().strip()
    except OSError:
        return Location(folder)
    return replace(_in_database(url, data), folder=folder)


def _in_database(url: str, data: Path) -> Location:
    found = _URL.fullmatch(url)
    if found is None or re.search(r"%(?![0-9a-fA-F]{2})", url):
        raise UsageError(
            "The URL of the library's database cannot be read.",
            "Write postgresql://USER:PASSWORD@HOST/DATABASE, and of a password all but letters and digits as %XX.",
        )
    options = [option.partition("=") for option in (found["options"] or "").split("&") if option]
    secrets = {name: unquote(value) for name, _, value in options if name in SECRETS}
    if found["password"]:
        secrets["password"] = unquote(found["password"])
    kept = "&".join(f"{name}={value}" for name, _, value in options if name not in SECRETS)
    user = f"{found['user']}@" if found["user"] else ""
    database = f"postgresql://{user}{found['hosts']}/{found['database'] or ''}" + (f"?{kept}" if kept else "")
    title = re.sub(r"[^\w.-]", "_", unquote(found["database"] or "library"))
    digest = hashlib.sha256(database.encode()).hexdigest()[:12]
    return Location(data / "databases" / f"{title}-{digest}", database, secrets)
