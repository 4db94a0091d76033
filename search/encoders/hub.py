"""Models behind TF Hub handles: where they are kept on this machine."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from search.settings import Settings

S3D = "https://tfhub.dev/deepmind/mil-nce/s3d/1"
RECORD = "fetched.json"


def cache_key(handle: str) -> str:
    """The name of a handle's folder, the same as tensorflow_hub's: SHA-1, hexadecimal."""
    return hashlib.sha1(handle.encode()).hexdigest()


def own_folder(handle: str, settings: Settings) -> Path:
    return settings.models / cache_key(handle)


def is_here(folder: Path) -> bool:
    return (folder / "saved_model.pb").is_file()


def find_cached(handle: str, settings: Settings) -> Path | None:
    """The model's folder on this machine: ours, else the one in `TFHUB_CACHE_DIR`, which is only read."""
    shared = os.environ.get("TFHUB_CACHE_DIR")
    folders = [own_folder(handle, settings), *([Path(shared) / cache_key(handle)] if shared else [])]
    return next((folder for folder in folders if is_here(folder)), None)


def read_record(folder: Path) -> dict[str, str]:
    """What was noted on arrival: handle, address, fingerprint; empty for a model that was not fetched."""
    try:
        record: dict[str, str] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record
