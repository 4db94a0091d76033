"""Unpacking an archive from the network: plain files below one folder, or nothing."""

from __future__ import annotations

import gzip
import shutil
import tarfile
import zlib
from pathlib import Path, PurePosixPath

from search.errors import ModelUnavailable

MAX_BYTES = 8 << 30
MAX_MEMBERS = 10_000
AGAIN = "Fetch it again; if that does not help, set VSEARCH_HUB to another mirror."


def unpack(archive: Path, folder: Path, max_bytes: int = MAX_BYTES) -> None:
    """Unpacks a tar.gz into `folder`, which it makes.

    Raises ModelUnavailable when it is no whole archive (the checksum of its last byte included), names anything
    outside the folder, holds anything but files and folders, or is larger than `max_bytes`.
    """
    try:
        with gzip.open(archive) as stream:
            with tarfile.open(fileobj=stream, mode="r|") as tar:
                _unpack_members(tar, folder, max_bytes)
            while stream.read(1 << 20):  # to the checksum at the end
                pass
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise ModelUnavailable(f"What came is no whole model archive (tar.gz): {error}.", AGAIN) from error


def _unpack_members(tar: tarfile.TarFile, folder: Path, max_bytes: int) -> None:
    folder.mkdir(parents=True)
    total = 0
    for count, member in enumerate(tar):
        total += member.size
        reason = refuse(member)
        if not reason and (total > max_bytes or count >= MAX_MEMBERS):
            reason = "is too much"
        if reason:
            raise ModelUnavailable(f"The archive is not safe to unpack: {member.name!r} {reason}.", AGAIN)
        target = folder / member.name
        if member.isdir():
            target.mkdir(parents=True, exist_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        content = tar.extractfile(member)
        if content is not None:
            with target.open("wb") as file:
                shutil.copyfileobj(content, file)


def refuse(member: tarfile.TarInfo) -> str:
    """Why a member must not be unpacked; empty when it may."""
    path = PurePosixPath(member.name)
    if path.is_absolute() or ".." in path.parts or "\\" in member.name or ":" in member.name:
        return "leads out of the folder"
    if not (member.isfile() or member.isdir()):
        return "is neither a file nor a folder"
    return ""
