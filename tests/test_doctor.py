"""`vsearch doctor`."""

from __future__ import annotations

import dataclasses
import json
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from indexer import doctor
from indexer.doctor import (
    Level,
    installed_versions,
    look_at_codecs,
    look_at_disks,
    look_at_library,
    look_at_packages,
    look_at_python,
    look_at_system_libraries,
)
from search.library import open_library
from search.location import Location
from search.settings import read_settings
from tests.fakes import FakeEncoder
from vsearch import cli


def test_the_document_says_what_was_looked_at_and_whether_all_is_well() -> None:
    result = CliRunner().invoke(cli, ["doctor", "--json"], standalone_mode=False)
    document = json.loads(result.stdout)
    assert document["schema"] == 1
    assert document["ok"] == (result.return_value == 0)
    assert document["ok"] == all(check["level"] != "problem" for check in document["checks"])
    assert {"python", "tensorflow", "OpenCV", "codecs", "model s3d", "library"} <= {
        check["subject"] for check in document["checks"]
    }
    assert all(check["cure"] for check in document["checks"] if check["level"] != "ok")


def test_this_environment_satisfies_what_vsearch_requires() -> None:
    findings = look_at_packages(installed_versions(), metadata.requires("vsearch") or [])
    assert [finding for finding in findings if finding.level is Level.PROBLEM] == []


def test_the_traps_of_this_field_are_explained() -> None:
    installed = {"setuptools": "84.2.1", "opencv-python": "5.0.0.93", "opencv-contrib-python": "4.11.0"}
    required = ["setuptools<81", "opencv-python>=4.10,<5", "av>=14", 'pytest>=8; extra == "dev"']
    findings = {finding.subject: finding for finding in look_at_packages(installed, required)}
    assert "pkg_resources" in findings["setuptools"].message
    assert "Haar" in findings["opencv-python"].message
    assert findings["opencv-contrib-python"].level is Level.WARNING
    assert "pip install 'av>=14'" in findings["av"].cure
    assert "pytest" not in findings


@pytest.mark.parametrize(
    ("version", "level"),
    [((3, 10), Level.PROBLEM), ((3, 11), Level.OK), ((3, 13), Level.OK), ((3, 15), Level.WARNING)],
)
def test_versions_of_python_are_judged(version: tuple[int, int], level: Level) -> None:
    assert [finding.level for finding in look_at_python(version)] == [level]


def test_missing_system_libraries_have_their_cure_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str) -> None:
        raise ImportError("libGL.so.1: cannot open shared object file")

    monkeypatch.setattr("importlib.import_module", fail)
    (finding,) = look_at_system_libraries()
    assert finding.level is Level.PROBLEM
    assert finding.cure == "Run `apt-get install libgl1 libglib2.0-0`."


def test_a_missing_codec_is_a_problem_only_when_most_films_need_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {finding.level for finding in look_at_codecs()} == {Level.OK}
    monkeypatch.setattr(doctor, "DECODERS", {"h264": True, "nonsense": False})
    assert [finding.level for finding in look_at_codecs()] == [Level.WARNING, Level.OK]
    monkeypatch.setattr(doctor, "DECODERS", {"nonsense": True})
    assert [finding.level for finding in look_at_codecs()] == [Level.PROBLEM, Level.OK]


@pytest.mark.parametrize(("mebibytes", "level"), [(50, Level.PROBLEM), (1 << 10, Level.WARNING), (9 << 10, Level.OK)])
def test_a_disk_that_fills_up_is_noticed(mebibytes: int, level: Level, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=mebibytes << 20))
    assert {finding.level for finding in look_at_disks(read_settings())} == {level}


def test_the_state_of_the_library_is_told(tmp_path: Path) -> None:
    settings = dataclasses.replace(read_settings(), location=Location(tmp_path / "library"))
    (missing,) = look_at_library(settings)
    assert (missing.level, "none yet" in missing.message) == (Level.OK, True)
    open_library(settings.library, encoder=FakeEncoder(), create=True).close()
    (empty,) = look_at_library(settings)
    assert "0 videos, 0 clips of fake" in empty.message
    (settings.library / "catalog.db").write_bytes(b"nonsense" * 1000)
    (damaged,) = look_at_library(settings)
    assert damaged.level is Level.PROBLEM
    assert damaged.cure
