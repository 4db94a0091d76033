"""Named arrays from files that may come from anywhere."""

from __future__ import annotations

import json
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.encoders.tensor_file import read_tensors
from search.errors import PathNotFound, UsageError

FLOATS = np.arange(6, dtype=np.float32).reshape(2, 3)


def write(path: Path, header: Any, data: bytes) -> Path:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)
    return path


def entry(dtype: str, shape: list[Any], begin: Any, end: Any) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


GOOD = entry("F32", [2, 3], 0, 24)


def test_safetensors_of_each_precision_are_read(tmp_path: Path) -> None:
    halves = FLOATS.astype(np.float16)
    upper = (FLOATS.view(np.uint32) >> 16).astype(np.uint16)  # small whole numbers fit a bfloat16
    header = {
        "__metadata__": {"format": "pt"},
        "half": entry("F16", [2, 3], 24, 36),
        "whole": GOOD,
        "brain": entry("BF16", [2, 3], 36, 48),
        "count": entry("I64", [], 48, 56),
    }
    data = FLOATS.tobytes() + halves.tobytes() + upper.tobytes() + (7).to_bytes(8, "little")

    tensors = read_tensors(write(tmp_path / "w.safetensors", header, data))

    assert list(tensors) == ["half", "whole", "brain", "count"]
    assert tensors["count"] == 7
    for name, dtype in {"half": np.float16, "whole": np.float32, "brain": np.float32}.items():
        np.testing.assert_array_equal(tensors[name], FLOATS.astype(dtype))
        assert tensors[name].dtype == dtype


@pytest.mark.parametrize(
    "header",
    [
        {"a": entry("F32", [2, 3], 0, 20)},
        {"a": entry("F32", [2, 4], 0, 24)},
        {"a": entry("F32", [2, 3], 8, 32)},
        {"a": entry("F32", [-2, -3], 0, 24)},
        {"a": entry("F32", [2.0, 3], 0, 24)},
        {"a": entry("F32", [True] * 6, 0, 24)},
        {"a": entry("F32", [0, 10**30], 24, 24), "b": GOOD},
        {"a": entry("F32", [1] * 99, 0, 4), "b": entry("F32", [5], 4, 24)},
        {"a": entry("Q4", [2, 3], 0, 24)},
        {"a": entry("F32", [2, 3], 24, 0)},
        {"a": entry("F32", [2, 3], "0", 24)},
        {"a": {"dtype": "F32"}},
        {"a": None},
        {"a": GOOD, "b": GOOD},
        {"a": entry("F32", [1], 0, 4)},
        {},
        [],
        b"{",
        b"\xff\xff",
        b'{"a": {}, "a": {}}',
        b"[" * 100_000,
    ],
)
def test_a_header_that_lies_is_an_error(tmp_path: Path, header: Any) -> None:
    with pytest.raises(UsageError, match="header"):
        read_tensors(write(tmp_path / "w.safetensors", header, FLOATS.tobytes()))


@given(st.binary(max_size=60), st.integers(0, 70))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_do_more_than_be_refused(tmp_path: Path, content: bytes, length: int) -> None:
    for name in ("w.safetensors", "w.npz"):
        (tmp_path / name).write_bytes(length.to_bytes(8, "little") + content)
        with pytest.raises(UsageError):
            read_tensors(tmp_path / name)


def test_npz_archives_are_read(tmp_path: Path) -> None:
    np.savez(tmp_path / "w.npz", **{"fc.weight": FLOATS, "n": np.array(3)})

    tensors = read_tensors(tmp_path / "w.npz")

    np.testing.assert_array_equal(tensors["fc.weight"], FLOATS)
    assert tensors["n"] == 3


class Mischief:
    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (Path("mischief"),)


@pytest.mark.parametrize("name", ["w.pth", "w.pt", "w.npy", "w.npz", "object.npz", "zip.npz"])
def test_nothing_is_unpickled_and_the_cure_converts(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / name
    if name == "object.npz":
        np.savez(path, a=np.array([Mischief()], object))
    elif name == "zip.npz":  # what torch.save writes
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("archive/data.pkl", pickle.dumps(Mischief()))
    else:
        path.write_bytes(pickle.dumps(Mischief()))

    with pytest.raises(UsageError) as raised:
        read_tensors(path)

    assert "torch.load" in raised.value.cure
    assert "numpy.savez" in raised.value.cure
    assert not (tmp_path / "mischief").exists()


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PathNotFound, match=r"none\.npz"):
        read_tensors(tmp_path / "none.npz")


def test_half_an_archive_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "w.npz", a=FLOATS)
    whole = (tmp_path / "w.npz").read_bytes()
    (tmp_path / "w.npz").write_bytes(whole[: len(whole) // 2])

    with pytest.raises(UsageError, match="no whole archive"):
        read_tensors(tmp_path / "w.npz")
