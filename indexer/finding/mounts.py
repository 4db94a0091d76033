"""Which folders lie on a file system that does not tell what changes."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

MOUNTS = Path("/proc/self/mounts")
SILENT = frozenset(
    {
        "9p",
        "afs",
        "ceph",
        "cifs",
        "drvfs",
        "glusterfs",
        "lustre",
        "nfs",
        "nfs4",
        "smb3",
        "smbfs",
        "vboxsf",
        "virtiofs",
    }
)
"""Others write to these without our kernel's knowing."""


def is_silent(folder: Path, mounts: str | None = None) -> bool:
    """Whether changes in a folder have to be looked for, as it lies on a network disk or a shared folder.

    `mounts`: what the system says is mounted, as Linux writes it; where it says nothing, no folder is.
    """
    text = _mounted() if mounts is None else mounts
    kinds = {_unescaped(line.split()[1]): line.split()[2] for line in text.splitlines() if len(line.split()) > 2}
    around = next((place for place in (folder, *folder.parents) if str(place) in kinds), None)
    kind = kinds[str(around)] if around else ""
    return kind in SILENT or (kind.startswith("fuse.") and kind != "fuse.fuseblk")


def _mounted() -> str:
    with suppress(OSError):
        return MOUNTS.read_text("utf-8", "surrogateescape")
    return ""


def _unescaped(name: str) -> str:
    r"""A mount point, in which a space is written `\040`."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), name)
