"""Which model of open_clip is meant by `MODEL[/PRETRAINED]`, and where its weights are.

ViT-B-32/laion2b_s34b_b79k    a model, and the tag of weights that were published for it (fetched once)
ViT-B-32                      the same, where only one tag was published
ViT-B-32/weights.safetensors  a model, and a file of weights
./folder                      a folder with open_clip_config.json, weights and tokenizer, as the hub serves them
"""

from __future__ import annotations

import difflib
import functools
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search.encoders.extras import import_extra
from search.encoders.signatures import first_line
from search.errors import ModelUnavailable, PathNotFound, UsageError
from search.runtime import verbose

CONFIG = "open_clip_config.json"
WEIGHTS = (".safetensors", ".bin", ".pth", ".pt")
HUB = "https://huggingface.co"
OFFLINE = "HF_HUB_OFFLINE"
"""The variable that tells the hub's client to use what is in its cache."""
FOLDER = "local-dir:"
"""How open_clip marks the path of a folder."""
PREPROCESSING = {"mean", "std", "interpolation", "resize_mode", "quick_gelu"}


@dataclass(frozen=True, slots=True)
class Source:
    """One model with its weights."""

    model: str
    """A name that open_clip knows, or the absolute path of a folder after `local-dir:`."""
    weights: str = ""
    """A tag, or the absolute path of a file; empty for a folder, which holds its own."""

    def __str__(self) -> str:
        return self.model.removeprefix(FOLDER) + (f"/{self.weights}" if self.weights else "")

    @property
    def is_folder(self) -> bool:
        return self.model.startswith(FOLDER)

    def local_files(self) -> list[Path]:
        """The files that were named; empty for weights behind a tag."""
        if self.is_folder:
            folder = Path(self.model.removeprefix(FOLDER))
            return sorted(path for path in folder.iterdir() if path.name == CONFIG or path.suffix in WEIGHTS)
        return [Path(self.weights)] if Path(self.weights).is_absolute() else []


def find_source(text: str) -> Source:
    """Reads what stands after `open_clip:`; imports open_clip only where no tag is given.

    Raises PathNotFound, UsageError for a model that has no tag or several, ModelUnavailable without open_clip.
    """
    folder = Path(text).expanduser()
    if (folder / CONFIG).is_file():
        return Source(f"{FOLDER}{folder.resolve()}")
    if text.startswith((".", "~", "/")):
        raise PathNotFound(
            f"There is no {CONFIG} in {folder}.", "Name a folder of open_clip's own form (see docs/encoders.md)."
        )
    model, _, weights = text.partition("/")
    if not weights:
        return Source(model, only_tag(model))
    file = Path(weights).expanduser()
    if file.is_file():
        return Source(model, str(file.resolve()))
    if file.suffix in WEIGHTS or weights.startswith((".", "~", "/")):
        raise PathNotFound(f"There is no file of weights {weights}.", f"Name a file ({', '.join(WEIGHTS)}) or a tag.")
    return Source(model, weights)


@functools.cache
def import_open_clip() -> Any:
    """The open_clip module. Takes seconds the first time. Raises ModelUnavailable when it does not load.

    Where the hub cannot be reached, the hub's client is told so before it is imported: it would try for minutes.
    """
    from search.encoders.download import Patience, connect

    if OFFLINE not in os.environ:
        try:
            connect(os.environ.get("HF_ENDPOINT") or HUB, Patience().connect)
        except ModelUnavailable:
            os.environ[OFFLINE] = "1"
    if not verbose():
        os.environ.setdefault("HF_HUB_VERBOSITY", "error")
        os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
        # open_clip logs to the root logger, which without a handler would make itself one to the terminal.
        logging.getLogger().addHandler(logging.NullHandler())
    return import_extra("open_clip", "openclip")


def published_tags(model: str) -> list[str]:
    """Tags of the weights published for a model. Raises UsageError for one that open_clip does not know."""
    open_clip = import_open_clip()
    known = open_clip.list_models()
    if model not in known:
        close = difflib.get_close_matches(model, known, 3, 0.4) or known[:3]
        raise UsageError(f"open_clip has no model {model!r}.", f"Near to that are {', '.join(close)}.")
    tags: list[str] = open_clip.list_pretrained_tags_by_model(model)
    return tags


def only_tag(model: str) -> str:
    """The one tag of a model. Raises UsageError where there is none, or a choice."""
    tags = published_tags(model)
    if len(tags) != 1:
        raise UsageError(
            f"open_clip has {len(tags) or 'no'} published weights for {model}.",
            f"Name one: --encoder open_clip:{model}/TAG, where TAG is one of {', '.join(tags)}."
            if tags
            else f"Name a file of weights: --encoder open_clip:{model}/FILE.",
        )
    return tags[0]


def fetch_weights(source: Source) -> Path:
    """The file of the weights behind a tag, downloaded unless it is in the cache of the Hugging Face hub.

    Raises UsageError for an unknown model or tag, ModelUnavailable when it cannot be had.
    """
    tags, open_clip = published_tags(source.model), import_open_clip()
    published = open_clip.get_pretrained_cfg(source.model, source.weights)
    if not published:
        raise UsageError(
            f"open_clip has no weights {source.weights!r} for {source.model}.",
            f"It has {', '.join(tags) or 'none'}; or name a file of weights.",
        )
    try:
        return Path(open_clip.download_pretrained(published))
    except Exception as error:  # the hub's client raises errors of several libraries
        offline = os.environ.get(OFFLINE) == "1"
        reason = "the Hugging Face hub is out of reach" if offline else first_line(error)
        raise ModelUnavailable(
            f"The weights of open_clip:{source} are not on this machine and cannot be fetched: {reason}.",
            f"Connect this machine, or bring a file of them: --encoder open_clip:{source.model}/FILE.",
        ) from error


def published_preprocessing(source: Source) -> dict[str, Any]:
    """What open_clip says of a tag beside its weights: `mean`, `std`, `resize_mode`, `quick_gelu` ...

    Of a file of weights nobody says anything: then what all tags of its model have in common. Empty for a folder,
    whose own file says it.
    """
    if source.is_folder:
        return {}
    tags = published_tags(source.model) if source.local_files() else [source.weights]
    said = [import_open_clip().get_pretrained_cfg(source.model, tag) for tag in tags]
    common = (set.intersection(*(set(each) for each in said)) if said else set()) & PREPROCESSING
    return {key: said[0][key] for key in common if all(each[key] == said[0][key] for each in said)}
