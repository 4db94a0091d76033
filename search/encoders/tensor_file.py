"""Named arrays from a file, `.npz` or `.safetensors`. Nothing is ever unpickled.

safetensors: 8 bytes N (little-endian), N bytes of JSON `{name: {dtype, shape, data_offsets}}`, then the data.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.errors import PathNotFound, UsageError

Array = NDArray[Any]

DTYPES = {"F32": "<f4", "F16": "<f2", "BF16": "<u2", "F64": "<f8", "I64": "<i8"}
"""What safetensors calls a dtype, and how NumPy reads its bytes; bfloat16 is the upper half of a float32."""
PREFIX = 8
MOST_DIMENSIONS = 8
CONVERT = (
    "Convert it once with PyTorch: `w = torch.load(FILE, map_location='cpu', weights_only=True)`, then "
    "`numpy.savez('weights.npz', **{k: v.numpy() for k, v in w.get('state_dict', w).items()})`."
)
GET_AGAIN = "Download or convert the file again."


def read_tensors(path: Path) -> dict[str, Array]:
    """The arrays of a `.npz` or `.safetensors` file by name; bfloat16 comes as float32.

    Raises PathNotFound for no such file, UsageError for one that needs unpickling or is not what it says.
    """
    if not path.is_file():
        raise PathNotFound(f"There is no file {path}.", "Name the file of the weights.")
    if path.suffix == ".safetensors":
        return _read_safetensors(path)
    if path.suffix == ".npz":
        return _read_npz(path)
    raise UsageError(f"{path} is neither .npz nor .safetensors, and nothing else is read.", CONVERT)


def _read_npz(path: Path) -> dict[str, Array]:
    try:
        with path.open("rb") as file:
            archive = np.load(file, allow_pickle=False)
            members = {name: archive[name] for name in archive.files}
    except Exception as error:  # a broken archive raises nearly anything
        needs_pickle = "pickle" in str(error)
        reason = "needs unpickling, which can run any program" if needs_pickle else f"is no whole archive: {error}"
        raise UsageError(f"{path} {reason}.", CONVERT if needs_pickle else GET_AGAIN) from error
    if not all(isinstance(member, np.ndarray) for member in members.values()):  # a .pth is an archive too
        raise UsageError(f"{path} holds more than arrays.", CONVERT)
    return members


def _read_safetensors(path: Path) -> dict[str, Array]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error}.", GET_AGAIN) from error
    length = int.from_bytes(content[:PREFIX], "little")
    if len(content) < PREFIX + length or length == 0:
        raise UsageError(f"{path} ends before its header does.", GET_AGAIN)
    try:
        header = json.loads(content[PREFIX : PREFIX + length].decode(), object_pairs_hook=_without_repeats)
        entries: Mapping[str, Any] = {name: entry for name, entry in header.items() if name != "__metadata__"}
    except (ValueError, AttributeError, RecursionError) as error:
        raise UsageError(f"The header of {path} makes no sense: {error}.", GET_AGAIN) from error
    data = memoryview(content)[PREFIX + length :]
    tensors: dict[str, Array] = {}
    for name, entry in entries.items():
        try:
            tensors[name] = _tensor(entry, data)
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise UsageError(f"The header of {path} does not fit its data at {name!r}.", GET_AGAIN) from error
    if not _tiles((entry["data_offsets"] for entry in entries.values()), len(data)):
        raise UsageError(f"The header of {path} leaves out or repeats parts of its data.", GET_AGAIN)
    return tensors


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def _tensor(entry: Any, data: memoryview) -> Array:
    """One tensor as its entry in the header describes it. Raises KeyError, TypeError, ValueError, OverflowError."""
    dtype, shape, (begin, end) = np.dtype(DTYPES[entry["dtype"]]), tuple(entry["shape"]), entry["data_offsets"]
    whole = all(type(number) is int and number >= 0 for number in (*shape, begin, end))
    if not whole or len(shape) > MOST_DIMENSIONS or end > len(data) or prod(shape) * dtype.itemsize != end - begin:
        raise ValueError
    tensor = np.frombuffer(data[begin:end], dtype).reshape(shape)
    return (tensor.astype(np.uint32) << 16).view(np.float32) if entry["dtype"] == "BF16" else tensor


def _tiles(spans: Iterable[tuple[int, int]], length: int) -> bool:
    """Whether the spans, put in order, cover 0 to `length` without gap or overlap."""
    ordered = [(0, 0), *sorted(map(tuple, spans)), (length, length)]
    return all(before[1] == after[0] for before, after in pairwise(ordered))
