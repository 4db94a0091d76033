"""The encoders by name. Another one is one file with an opener, and one line at the end of this one.

A name like `onnx:DIR` belongs to a whole family of encoders: the word before the colon says who opens it.
"""

from __future__ import annotations

import difflib
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from search.contracts import Encoder
from search.encoders import hub
from search.encoders.frames import FrameEncoder
from search.encoders.model_folder import ModelPlan, read_gist
from search.encoders.onnx import open_onnx
from search.encoders.open_clip import open_open_clip
from search.encoders.saved_model import SavedModelEncoder
from search.errors import DiskFull, ModelUnavailable, PathNotFound, UsageError
from search.settings import Settings, read_settings

AUTO = "auto"
BUNDLED = Path(__file__).parent / "models"

Opener = Callable[[Settings], Encoder]
Finder = Callable[[Settings], Path | None]
PrefixOpener = Callable[[str, Settings], FrameEncoder]
"""Opens what stands after the colon."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One name: how it is opened, and where its model folder is on this machine (None: not here)."""

    name: str
    opener: Opener
    find: Finder | None = None
    handle: str = ""
    licence: str = ""


ENTRIES: dict[str, Entry] = {}
PREFIXES: dict[str, PrefixOpener] = {"open_clip": open_open_clip, "onnx": open_onnx}


def register(name: str, opener: Opener, *, find: Finder | None = None, handle: str = "", licence: str = "") -> None:
    """Makes `name` known to `--encoder`; a second registration replaces the first."""
    ENTRIES[name] = Entry(name, opener, find, handle, licence)


def encoder_names() -> list[str]:
    return list(ENTRIES)


def open_encoder(name: str, settings: Settings | None = None) -> Encoder:
    """Opens an encoder: a registered name, `auto`, `open_clip:MODEL/TAG`, `onnx:DIR`, or the path of a model folder.

    Imports no TensorFlow, unless the model must be fetched first, and no torch where it can be helped.

    Raises UsageError (unknown name), PathNotFound, ModelUnavailable, DiskFull.
    """
    settings = settings or read_settings()
    if name == AUTO:
        name = choose_auto(settings)[0]
    if name in ENTRIES:
        return ENTRIES[name].opener(settings)
    if prefixed := open_prefixed(name, settings):
        return prefixed
    folder = find_folder(name)
    return SavedModelEncoder(folder, name=str(folder), models=settings.models)


def open_prefixed(name: str, settings: Settings) -> FrameEncoder | None:
    """Opens an encoder by a name with a prefix; None for any other name. Loads no model.

    Raises UsageError, PathNotFound, ModelUnavailable.
    """
    prefix, colon, rest = name.partition(":")
    return PREFIXES[prefix](rest, settings) if colon and prefix in PREFIXES else None


def full_name(name: str) -> str:
    """The name that the spec of this encoder bears. Raises as `open_encoder` does for one that is not known."""
    if name in ENTRIES:
        return name
    prefixed = open_prefixed(name, read_settings())
    return prefixed.name if prefixed else str(find_folder(name))


def find_folder(name: str) -> Path:
    """The absolute folder that a path names. Raises PathNotFound, or UsageError for what looks like no path."""
    path = Path(name).expanduser()
    if path.is_dir():
        return path.resolve()
    if os.sep in name or name.startswith((".", "~")):
        raise PathNotFound(f"There is no model folder {name}.", "See `vsearch models list` for the models by name.")
    known = [*ENTRIES, AUTO]
    close = difflib.get_close_matches(name, known, 1)
    raise UsageError(
        f"There is no encoder {name!r}" + (f"; did you mean {close[0]}?" if close else "."),
        f"Known are {', '.join(known)}, open_clip:MODEL/TAG and onnx:DIR; or name the path of a model folder.",
    )


def choose_auto(settings: Settings) -> tuple[str, str]:
    """The encoder for a new library, and a sentence for the person when it is not the better one.

    `s3d` if it is here or can be fetched now, else `mini`.
    """
    try:
        ENTRIES["s3d"].opener(settings)
    except (ModelUnavailable, DiskFull) as error:
        said = [error.message, "Using the bundled encoder mini.", read_gist(BUNDLED / "mini")]
        return "mini", f"{' '.join(filter(None, said))} `vsearch models fetch s3d` gets the better one."
    return "s3d", ""


def fetch_model(name: str, settings: Settings) -> Path:
    """Downloads a model unless it is in our cache, looks for its text tower, and returns its folder.

    Of an encoder with a prefix, fetches the weights, learns the spec, and returns the first of its files.
    Raises UsageError for a model that is not to be fetched, ModelUnavailable, DiskFull.
    """
    if prefixed := open_prefixed(name, settings):
        _ = prefixed.spec
        return prefixed.files()[0]
    from search.encoders.fetch import fetch
    from search.encoders.fetch_bar import fetch_bar

    entry = ENTRIES.get(name)
    if entry is None or not entry.handle:
        fetchable = ", ".join(known.name for known in ENTRIES.values() if known.handle)
        raise UsageError(f"{name} is not a model to be fetched.", f"To be fetched are: {fetchable}.")

    def say_waiting() -> None:
        print(f"another vsearch is fetching {name}; waiting for it", file=sys.stderr)

    with fetch_bar(f"fetching {name}") as progress:
        return fetch(
            entry.handle,
            settings,
            progress=progress,
            on_wait=say_waiting,
            prepare=lambda folder: complete_folder(name, folder),
        )


def complete_folder(name: str, folder: Path) -> None:
    """Turns what a hub sent into one of our model folders: a plan, and the text tower if there is one."""
    from search.encoders.signatures import load_signatures
    from search.encoders.tower_search import keep_tower

    text = load_signatures(folder)["text"]
    plan = ModelPlan()
    said = {"frames": plan.frames, "fps": plan.fps, "size": plan.size, "dim": text([b""]).shape[1]}
    document = {"schema": 1, "name": name, **said, "text": keep_tower(folder, text)}
    (folder / "model.json").write_text(json.dumps(document, indent=1), encoding="utf-8")


def _open_s3d(settings: Settings) -> Encoder:
    folder = hub.find_cached(hub.S3D, settings) or fetch_model("s3d", settings)
    return SavedModelEncoder(folder, name="s3d", models=settings.models)


def _find_mini(_settings: Settings) -> Path | None:
    folder = BUNDLED / "mini"
    return folder if hub.is_here(folder) else None


def _open_mini(settings: Settings) -> Encoder:
    folder = _find_mini(settings)
    if folder is None:
        raise ModelUnavailable(
            "The encoder mini is missing from this installation.",
            "Install vsearch again, or train one: `vsearch train encoder --config mini --out DIR`.",
        )
    return SavedModelEncoder(folder, name="mini", models=settings.models)


def _find_s3d(settings: Settings) -> Path | None:
    return hub.find_cached(hub.S3D, settings)


register("s3d", _open_s3d, find=_find_s3d, handle=hub.S3D, licence="Apache-2.0")
register("mini", _open_mini, find=_find_mini, licence="Apache-2.0")
