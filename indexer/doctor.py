"""Looking a machine over: what vsearch needs of it, and what to do where something is missing."""

from __future__ import annotations

import importlib
import platform
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata

from packaging.requirements import Requirement

from indexer.whole_file import nearest_folder
from search.encoders.cards import describe_all
from search.errors import LibraryMissing, VsearchError
from search.settings import Settings

PYTHON = ((3, 11), (3, 14))
"""The first version that works, and the first that TensorFlow has no wheels for."""
TRAPS = {
    "setuptools": "setuptools 82 has no pkg_resources, which tensorflow-hub imports",
    "opencv-python": "OpenCV 5 has no Haar cascades, which find faces",
}
RIVALS = ("opencv-contrib-python", "opencv-python-headless", "opencv-contrib-python-headless")
"""Distributions that write into the same `cv2` folder as opencv-python."""
DECODERS = {"h264": True, "hevc": False, "vp9": False, "av1": False, "mpeg4": False}
"""Whether vsearch is of little use without it."""
ENCODERS = {"libx264": False}
LITTLE_ROOM = 2 << 30
NO_ROOM = 200 << 20


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    level: Level
    message: str
    cure: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Everything, in the order a person would mend it. Imports no TensorFlow and changes nothing."""
    looks: list[Callable[[], Iterator[Finding]]] = [
        lambda: look_at_python(sys.version_info[:2]),
        lambda: look_at_packages(installed_versions(), metadata.requires("vsearch") or []),
        look_at_system_libraries,
        look_at_codecs,
        lambda: look_at_models(settings),
        lambda: look_at_disks(settings),
        lambda: look_at_library(settings),
    ]
    return [finding for look in looks for finding in look()]


def look_at_python(version: tuple[int, ...]) -> Iterator[Finding]:
    first, too_new = PYTHON
    message = f"{'.'.join(map(str, version))} on {platform.system()} {platform.machine()}"
    if version < first:
        yield Finding("python", Level.PROBLEM, message, "Install Python 3.11 or newer.")
    elif version >= too_new:
        yield Finding("python", Level.WARNING, f"{message}; not tried yet", "Python 3.11 to 3.13 are known to work.")
    else:
        yield Finding("python", Level.OK, message)


def installed_versions() -> dict[str, str]:
    """Every distribution in this environment, by its normal name."""
    return {
        dist.metadata["Name"].lower().replace("_", "-"): dist.version
        for dist in metadata.distributions()
        if dist.metadata["Name"]
    }


def look_at_packages(installed: Mapping[str, str], requirements: list[str]) -> Iterator[Finding]:
    """Compares what vsearch requires (extras left out) with what is installed."""
    for requirement in map(Requirement, requirements):
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        name = requirement.name.lower().replace("_", "-")
        version, wanted = installed.get(name), str(requirement.specifier)
        cure = f"Run `pip install '{name}{wanted}'` in this environment."
        if version is None:
            yield Finding(name, Level.PROBLEM, "is not installed", cure)
        elif not requirement.specifier.contains(version, prereleases=True):
            reason = f" ({TRAPS[name]})" if name in TRAPS else ""
            yield Finding(name, Level.PROBLEM, f"{version}, but vsearch needs {wanted}{reason}", cure)
        else:
            yield Finding(name, Level.OK, version)
    for rival in RIVALS:
        if rival in installed:
            yield Finding(
                rival,
                Level.WARNING,
                "overwrites files of opencv-python",
                f"Run `pip uninstall {rival}`, then `pip install --force-reinstall 'opencv-python<5'`.",
            )


def look_at_system_libraries() -> Iterator[Finding]:
    try:
        cv2 = importlib.import_module("cv2")
    except ImportError as error:
        yield Finding(
            "OpenCV", Level.PROBLEM, f"cannot be loaded: {error}", "Run `apt-get install libgl1 libglib2.0-0`."
        )
        return
    if hasattr(cv2, "CascadeClassifier"):
        yield Finding("OpenCV", Level.OK, "loads, Haar cascades included")
    else:
        yield Finding("OpenCV", Level.PROBLEM, TRAPS["opencv-python"], "Run `pip install 'opencv-python<5'`.")


def look_at_codecs() -> Iterator[Finding]:
    try:
        codec = importlib.import_module("av.codec")
    except ImportError as error:
        yield Finding("codecs", Level.PROBLEM, f"PyAV cannot be loaded: {error}", "Run `pip install --force av`.")
        return
    for mode, names in (("r", DECODERS), ("w", ENCODERS)):
        doing = "decode" if mode == "r" else "encode"
        missing = [name for name in names if not has_codec(codec, name, mode)]
        level = Level.PROBLEM if any(names[name] for name in missing) else Level.WARNING
        if missing:
            cure = "Run `pip install --force-reinstall av` for the wheel that carries FFmpeg."
            yield Finding("codecs", level, f"PyAV cannot {doing} {', '.join(missing)}", cure)
        else:
            yield Finding("codecs", Level.OK, f"{doing} {', '.join(names)}")


def has_codec(codec: object, name: str, mode: str) -> bool:
    """Whether PyAV's `codec` module knows this one for reading (`r`) or writing (`w`)."""
    try:
        codec.Codec(name, mode)  # type: ignore[attr-defined]
    except ValueError:
        return False
    return True


def look_at_models(settings: Settings) -> Iterator[Finding]:
    try:
        cards = describe_all(settings)
    except VsearchError as error:
        yield Finding("models", Level.PROBLEM, error.message, error.cure)
        return
    for card in cards:
        if card.cached:
            runtime = f", texts by {card.text_runtime}" if card.text_runtime else ""
            yield Finding(f"model {card.name}", Level.OK, f"{(card.bytes or 0) / 1e6:.1f} MB{runtime}")
        elif card.source:
            cure = f"Run `vsearch models fetch {card.name}` when there is a network."
            yield Finding(f"model {card.name}", Level.WARNING, "is not on this machine", cure)
        else:
            yield Finding(
                f"model {card.name}", Level.PROBLEM, "is missing from this installation", "Reinstall vsearch."
            )


def look_at_disks(settings: Settings) -> Iterator[Finding]:
    for subject, folder, variable in (
        ("disk of the library", settings.library, "VSEARCH_LIBRARY"),
        ("disk of the models", settings.models, "VSEARCH_MODELS"),
    ):
        free = shutil.disk_usage(nearest_folder(folder)).free
        level = Level.PROBLEM if free < NO_ROOM else Level.WARNING if free < LITTLE_ROOM else Level.OK
        cure = "" if level is Level.OK else f"Free some space, or set {variable} to a folder on another disk."
        yield Finding(subject, level, f"{free / (1 << 30):.1f} GiB free for {folder}", cure)


def look_at_library(settings: Settings) -> Iterator[Finding]:
    from search.library import open_library

    try:
        with open_library(settings.library) as library:
            counts = library.catalog.counts()
            videos = sum(counts.videos.values())
            yield Finding("library", Level.OK, f"{videos} videos, {counts.clips} clips of {library.spec.name}")
    except LibraryMissing:
        yield Finding("library", Level.OK, f"none yet in {settings.location.name}")
    except VsearchError as error:
        yield Finding("library", Level.PROBLEM, error.message, error.cure)
