"""From the paths a person names to the files to be indexed."""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from hashlib import blake2b
from pathlib import Path

from indexer.decoding.probe import SNIFF, is_media, is_text
from indexer.finding.given import is_folder, no_such

# fmt: off
EXTENSIONS = frozenset({
    ".3g2", ".3gp", ".apng", ".asf", ".avi", ".divx", ".dv", ".f4v", ".flv", ".gif", ".ivf", ".m1v",
    ".m2t", ".m2ts", ".m2v", ".m4v", ".mj2", ".mjpeg", ".mjpg", ".mkv", ".mov", ".mp4", ".mpe",
    ".mpeg", ".mpg", ".mpv", ".mxf", ".nut", ".obu", ".ogm", ".ogv", ".qt", ".rm",
    ".rmvb", ".swf", ".vob", ".webm", ".wmv", ".wtv", ".y4m", ".264", ".265", ".h264",
    ".h265", ".hevc",
})
# fmt: on
"""Lower-case extensions that are taken without a look inside."""
SHARED_WITH_CODE = frozenset({".ts", ".mts"})
"""MPEG transport streams, and TypeScript: taken unless they hold text."""
UNFINISHED = frozenset({".part", ".partial", ".crdownload", ".download"})
"""What downloads are called until they are whole."""
GROWING = 3.0
"""Seconds. A file that was written to more lately may still be growing."""
PIECE = 1 << 16
"""Bytes of head, middle and tail that make a fingerprint."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One file to be indexed."""

    root: Path
    """The folder that was named, or the folder of a file that was; absolute."""
    relpath: str
    """Its path inside `root`, with `/`."""
    size: int
    mtime_ns: int
    given_by_name: bool

    @property
    def path(self) -> Path:
        return self.root / self.relpath


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file or folder that could not be looked at, with one line that says why."""

    path: Path
    reason: str


@dataclass(slots=True)
class Discovery:
    """What a search for files gave."""

    files: list[FoundFile] = field(default_factory=list)
    """In the order of root and path; each file once, however many links lead to it; hard links are files apart."""
    hidden: int = 0
    """Files and folders whose name begins with a dot (`._*` of macOS among them)."""
    unfinished: int = 0
    """`*.part` and the like."""
    not_media: int = 0
    broken_links: int = 0
    """Links in folders that lead nowhere or in a circle."""
    excluded: int = 0
    """Media that the patterns leave out."""
    unreadable_folders: list[Unreadable] = field(default_factory=list)
    failures: list[Unreadable] = field(default_factory=list)
    """Media files, and files named themselves, that cannot be read."""


def discover(paths: Sequence[Path], include: Sequence[str] = (), exclude: Sequence[str] = ()) -> Discovery:
    """The media files in these folders (recursively, links followed) and the files named themselves.

    `include` and `exclude` are shell patterns, matched with the path inside the root and with the bare name; a file
    named itself is always taken. Of nested folders the outermost is the root. Raises PathNotFound with every path
    that is not there.
    """
    if missing := [path for path in paths if not os.path.lexists(path)]:
        raise no_such(missing)
    discovery = Discovery()
    walk = _Walk(discovery, include, exclude)
    for root in _outermost(path for path in paths if is_folder(path)):
        walk.folder(root)
    for path in paths:
        if not is_folder(path):
            walk.named_file(path)
    discovery.files.sort(key=lambda file: (file.root, file.relpath))
    return discovery


def fingerprint(path: Path) -> str:
    """Size and a hash of head, middle and tail (64 KiB each) in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        digest = blake2b(size.to_bytes(8, "big"), digest_size=16)
        for start in (0, max(0, size // 2 - PIECE // 2), max(0, size - PIECE)):
            file.seek(start)
            digest.update(file.read(PIECE))
    return digest.hexdigest()


def settle(files: Sequence[FoundFile], wait: float = 1.0) -> tuple[list[FoundFile], list[FoundFile]]:
    """Parts the files into those that stand still and those that are being written to (or have gone).

    Only files written to within the last seconds are looked at again, all together after `wait` seconds.
    """
    now = time.time_ns()
    fresh = {file for file in files if abs(now - file.mtime_ns) < GROWING * 1e9}
    if fresh:
        time.sleep(wait)
    growing = {file for file in fresh if _has_changed(file)}
    return [file for file in files if file not in growing], [file for file in files if file in growing]


def _has_changed(file: FoundFile) -> bool:
    try:
        now = file.path.stat()
    except OSError:
        return True
    return (now.st_size, now.st_mtime_ns) != (file.size, file.mtime_ns)


def _outermost(folders: Iterable[Path]) -> list[Path]:
    """Absolute folders, each once, without those that lie in another."""
    roots: list[Path] = []
    for folder in sorted({_absolute(folder) for folder in folders}, key=lambda path: len(path.parts)):
        if not any(folder.is_relative_to(root) for root in roots):
            roots.append(folder)
    return sorted(roots)


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links, and people know the link


class _Walk:
    """One search; remembers where it has been, so that link loops end and nothing is listed twice."""

    def __init__(self, discovery: Discovery, include: Sequence[str], exclude: Sequence[str]) -> None:
        self._found = discovery
        self._include, self._exclude = include, exclude
        self._folders: set[tuple[int, int]] = set()
        self._files: set[str] = set()

    def folder(self, root: Path) -> None:
        """Lists everything under `root`. Links wait until the rest is done, so that real paths win."""
        waiting, links = [root], list[Path]()
        while waiting or links:
            if not waiting:
                link = links.pop(0)
                if not is_folder(link):
                    self._file_in_folder(root, link)
                    continue
                waiting.append(link)
            for entry in self._entries(waiting.pop()):
                if entry.name.startswith("."):
                    self._found.hidden += 1
                elif entry.is_symlink():
                    links.append(Path(entry.path))
                elif entry.is_dir():
                    waiting.append(Path(entry.path))
                else:
                    self._file_in_folder(root, Path(entry.path))

    def _entries(self, folder: Path) -> Iterator[os.DirEntry[str]]:
        try:
            state = folder.stat()
            if (state.st_dev, state.st_ino) in self._folders:
                return
            self._folders.add((state.st_dev, state.st_ino))
            with os.scandir(folder) as entries:
                yield from sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            self._found.unreadable_folders.append(Unreadable(folder, _why(error)))

    def _file_in_folder(self, root: Path, path: Path) -> None:
        if path.suffix.lower() in UNFINISHED:
            self._found.unfinished += 1
            return
        try:
            state = path.stat()
            if not stat.S_ISREG(state.st_mode) or not is_media_file(path):
                self._found.not_media += 1
            elif not self._wanted(relpath := path.relative_to(root).as_posix()):
                self._found.excluded += 1
            else:
                self._add(FoundFile(root, relpath, state.st_size, state.st_mtime_ns, given_by_name=False))
        except OSError as error:
            if path.is_symlink() and error.errno in (errno.ENOENT, errno.ELOOP, errno.ENAMETOOLONG):
                self._found.broken_links += 1
            elif path.is_symlink() and path.suffix.lower() not in EXTENSIONS:
                self._found.unreadable_folders.append(Unreadable(path, _why(error)))
            else:
                self._found.failures.append(Unreadable(path, _why(error)))

    def named_file(self, path: Path) -> None:
        path = _absolute(path)
        try:
            state = path.stat()
            if stat.S_ISREG(state.st_mode):
                self._add(FoundFile(path.parent, path.name, state.st_size, state.st_mtime_ns, given_by_name=True))
            else:
                self._found.failures.append(Unreadable(path, "not a regular file"))
        except OSError as error:
            self._found.failures.append(Unreadable(path, _why(error)))

    def _add(self, file: FoundFile) -> None:
        real = os.path.realpath(file.path)
        if real in self._files:
            return
        self._files.add(real)
        if os.access(file.path, os.R_OK):
            self._found.files.append(file)
        else:
            self._found.failures.append(Unreadable(file.path, "permission denied"))

    def _wanted(self, relpath: str) -> bool:
        def matches(patterns: Sequence[str]) -> bool:
            name = relpath.rpartition("/")[2]
            return any(fnmatch(relpath, pattern) or fnmatch(name, pattern) for pattern in patterns)

        return (not self._include or matches(self._include)) and not matches(self._exclude)


def is_media_file(path: Path) -> bool:
    """By its extension, else by its first bytes. Raises OSError."""
    if path.suffix.lower() in EXTENSIONS:
        return True
    if not os.access(path, os.R_OK):
        return False
    with path.open("rb", buffering=0) as file:
        head = file.read(SNIFF)
    return is_media(head) or (path.suffix.lower() in SHARED_WITH_CODE and not is_text(head))


def _why(error: OSError) -> str:
    return (error.strerror or "cannot be read").lower()
