"""Getting a model from a hub into our cache.

Speaks the compressed protocol (`<handle>?tf-hub-format=compressed` answers a tar.gz) by itself, because the
resolver of tensorflow_hub has neither timeouts nor progress, and keeps its files where a reboot deletes them.
"""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from search.encoders.archive import unpack
from search.encoders.download import Patience, Progress, download
from search.encoders.hub import RECORD, cache_key, find_cached, is_here, own_folder
from search.encoders.model_folder import compute_fingerprint, require_saved_model
from search.errors import DiskFull, ModelUnavailable
from search.settings import Settings


def address_of(handle: str, hub: str) -> str:
    """Where the compressed model is asked for; `hub` takes the place of the handle's own host."""
    return f"{hub.rstrip('/')}{urlsplit(handle).path}?tf-hub-format=compressed"


def fetch(
    handle: str,
    settings: Settings,
    *,
    progress: Progress = lambda _have, _total: None,
    on_wait: Callable[[], None] = lambda: None,
    prepare: Callable[[Path], None] = lambda _folder: None,
    patience: Patience | None = None,
) -> Path:
    """Puts the model into our cache, unless it is there, and returns its folder.

    The folder appears whole or not at all; `prepare` may add to it before it appears. Two processes that fetch
    at once download once: the second calls `on_wait` and waits. A copy in `TFHUB_CACHE_DIR` saves the download.
    Raises ModelUnavailable, DiskFull.
    """
    target = own_folder(handle, settings)
    if is_here(target):
        return target
    try:
        settings.models.mkdir(parents=True, exist_ok=True)
        with _locked(settings.models / f"{cache_key(handle)}.lock", on_wait):
            if not is_here(target):
                _fetch_locked(handle, settings, progress, prepare, patience or Patience())
    except OSError as error:
        raise _translate(error, settings.models) from error
    return target


@contextmanager
def _locked(path: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        on_wait()
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _fetch_locked(
    handle: str,
    settings: Settings,
    progress: Progress,
    prepare: Callable[[Path], None],
    patience: Patience,
) -> None:
    target = own_folder(handle, settings)
    part, unpacked = target.with_suffix(".part"), target.with_suffix(".unpacked")
    address = address_of(handle, settings.hub)
    shutil.rmtree(unpacked, ignore_errors=True)
    try:
        if shared := find_cached(handle, settings):
            shutil.copytree(shared, unpacked)
        else:
            download(address, part, patience, progress)
            try:
                unpack(part, unpacked)
            finally:
                part.unlink()  # a bad one would be bad again
        require_saved_model(unpacked)
        prepare(unpacked)
        record = {"handle": handle, "address": address, "fingerprint": compute_fingerprint(unpacked)}
        (unpacked / RECORD).write_text(json.dumps({"schema": 1, **record}, indent=1), encoding="utf-8")
        shutil.rmtree(target, ignore_errors=True)
        unpacked.rename(target)
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)


def _translate(error: OSError, models: Path) -> DiskFull | ModelUnavailable:
    cure = "Free some space, or set VSEARCH_MODELS to a folder on another disk."
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(f"The disk of {models} is full.", cure)
    return ModelUnavailable(f"The model could not be put into {models}: {error}.", cure)
