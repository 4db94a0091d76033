"""Fetching models, against a loopback server that speaks the hub's compressed protocol."""

from __future__ import annotations

import dataclasses
import random
import socket
import subprocess
import sys
import tarfile
import time
from pathlib import Path
from subprocess import PIPE

import pytest

from search.encoders.archive import unpack
from search.encoders.download import Patience
from search.encoders.fetch import fetch
from search.encoders.hub import S3D, cache_key, find_cached, read_record
from search.encoders.model_folder import compute_fingerprint
from search.errors import DiskFull, ModelUnavailable
from search.settings import Settings, read_settings
from tests.hub_server import (
    PATH,
    HubServer,
    pack,
    redirect,
    refuse_with,
    send_all,
    send_half,
    send_page,
    send_slowly,
    serve,
)

NOISE = random.Random(0).randbytes(300_000)
FILES = {"./saved_model.pb": b"graph", "./variables/variables.index": b"index", "./assets/words.txt": NOISE}
ARCHIVE = pack(FILES)
QUICK = Patience(connect=1.0, stall=0.3, retries=2, pause=0.0)


def settings_for(server: HubServer) -> Settings:
    return dataclasses.replace(read_settings(), hub=server.address)


def left_over(settings: Settings) -> list[str]:
    return sorted(path.name for path in settings.models.iterdir() if path.suffix != ".lock")


def test_a_handle_has_the_folder_that_tensorflow_hub_would_give_it() -> None:
    assert cache_key(S3D) == "1cfdb3e6a79e82c0addc6f5fdec5126c65eca965"


def test_a_model_arrives_whole_and_is_asked_for_once() -> None:
    seen: list[tuple[int, int | None]] = []
    with serve(ARCHIVE) as server:
        settings = settings_for(server)
        assert find_cached(S3D, settings) is None
        folder = fetch(S3D, settings, patience=QUICK, progress=lambda have, total: seen.append((have, total)))
        assert fetch(S3D, settings, patience=QUICK) == folder == find_cached(S3D, settings)
        assert server.asked == [(PATH, "")]
    assert (folder / "assets" / "words.txt").read_bytes() == NOISE
    assert seen[0] == (0, len(ARCHIVE))
    assert seen[-1] == (len(ARCHIVE), len(ARCHIVE))
    assert left_over(settings) == [folder.name]
    assert read_record(folder)["fingerprint"] == compute_fingerprint(folder)


def test_a_redirect_is_followed() -> None:
    with serve(ARCHIVE, redirect, send_all) as server:
        fetch(S3D, settings_for(server), patience=QUICK)
        assert [path for path, _ in server.asked] == [PATH, "/elsewhere.tar.gz"]


def test_an_interrupted_download_goes_on_where_it_ended() -> None:
    with serve(ARCHIVE, send_half, send_all) as server:
        folder = fetch(S3D, settings_for(server), patience=QUICK)
        assert [asked for _, asked in server.asked] == ["", f"bytes={len(ARCHIVE) // 2}-"]
    assert (folder / "assets" / "words.txt").read_bytes() == NOISE


def test_a_later_run_goes_on_where_an_earlier_one_gave_up() -> None:
    with serve(ARCHIVE, send_half) as server:
        settings = settings_for(server)
        with pytest.raises(ModelUnavailable, match=r"broke off: \d+ of \d+ bytes came") as broken:
            fetch(S3D, settings, patience=dataclasses.replace(QUICK, retries=0))
        assert "goes on" in broken.value.cure
        server.answers[:] = [send_all]
        fetch(S3D, settings, patience=QUICK)
        assert server.asked[1][1].startswith("bytes=")


def test_a_download_that_ended_just_before_unpacking_is_not_repeated() -> None:
    with serve(ARCHIVE) as server:
        settings = settings_for(server)
        settings.models.mkdir(parents=True)
        (settings.models / f"{cache_key(S3D)}.part").write_bytes(ARCHIVE)
        fetch(S3D, settings, patience=QUICK)
        assert len(server.asked) == 1


def test_a_server_that_cannot_resume_sends_everything_again() -> None:
    def send_from_the_beginning(handler: object) -> None:
        del handler.headers["Range"]  # type: ignore[attr-defined]
        send_all(handler)  # type: ignore[arg-type]

    with serve(ARCHIVE, send_half, send_from_the_beginning) as server:
        folder = fetch(S3D, settings_for(server), patience=QUICK)
    assert (folder / "assets" / "words.txt").read_bytes() == NOISE


def test_a_stalled_answer_is_given_up_and_tried_again() -> None:
    with serve(ARCHIVE, send_slowly(1.0), send_all) as server:
        fetch(S3D, settings_for(server), patience=QUICK)
        assert len(server.asked) == 2


def test_a_server_that_stays_silent_is_named() -> None:
    with serve(ARCHIVE, send_slowly(1.0)) as server:
        settings = settings_for(server)
        with pytest.raises(ModelUnavailable, match=r"nothing came for 0\.3 s"):
            fetch(S3D, settings, patience=dataclasses.replace(QUICK, retries=1))


@pytest.mark.parametrize(("status", "asked"), [(403, 1), (404, 1), (503, 3)])
def test_a_refusal_is_named_and_only_a_stumbling_server_is_asked_again(status: int, asked: int) -> None:
    with serve(ARCHIVE, refuse_with(status)) as server:
        settings = settings_for(server)
        with pytest.raises(ModelUnavailable, match=f"answered {status}") as refused:
            fetch(S3D, settings, patience=QUICK)
        assert len(server.asked) == asked
    assert refused.value.cure
    assert left_over(settings) == []


def test_a_page_instead_of_an_archive_leaves_nothing_behind() -> None:
    with serve(ARCHIVE, send_page, send_all) as server:
        settings = settings_for(server)
        with pytest.raises(ModelUnavailable, match="no whole model archive"):
            fetch(S3D, settings, patience=QUICK)
        assert left_over(settings) == []
        fetch(S3D, settings, patience=QUICK)


def test_an_archive_without_a_model_leaves_nothing_behind() -> None:
    with serve(pack({"readme.txt": b"hello"})) as server:
        settings = settings_for(server)
        with pytest.raises(ModelUnavailable, match=r"holds no saved_model\.pb"):
            fetch(S3D, settings, patience=QUICK)
        assert left_over(settings) == []


def link_member() -> tarfile.TarInfo:
    member = tarfile.TarInfo("assets/link")
    member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return member


@pytest.mark.parametrize(
    "archive",
    [
        pack({"saved_model.pb": b"", "../outside": b"x"}),
        pack({"saved_model.pb": b"", "/outside": b"x"}),
        pack({"saved_model.pb": b""}, more=[link_member()]),
    ],
)
def test_an_archive_that_reaches_out_of_its_folder_is_refused(archive: bytes, tmp_path: Path) -> None:
    (tmp_path / "archive").write_bytes(archive)
    with pytest.raises(ModelUnavailable, match="not safe to unpack"):
        unpack(tmp_path / "archive", tmp_path / "in" / "folder")
    assert not (tmp_path / "in" / "outside").exists()


def test_an_archive_that_swells_is_refused(tmp_path: Path) -> None:
    (tmp_path / "archive").write_bytes(pack({"saved_model.pb": bytes(1 << 20)}))
    with pytest.raises(ModelUnavailable, match="is too much"):
        unpack(tmp_path / "archive", tmp_path / "folder", max_bytes=1 << 16)


@pytest.mark.parametrize("kept", [0, 10, 1000, len(ARCHIVE) // 2, len(ARCHIVE) - 1])
def test_a_truncated_archive_is_refused_wherever_it_ends(kept: int, tmp_path: Path) -> None:
    (tmp_path / "archive").write_bytes(ARCHIVE[:kept])
    with pytest.raises(ModelUnavailable, match="no whole model archive"):
        unpack(tmp_path / "archive", tmp_path / "folder")


def test_a_damaged_byte_is_noticed(tmp_path: Path) -> None:
    damaged = bytearray(ARCHIVE)
    damaged[len(ARCHIVE) // 2] ^= 1
    (tmp_path / "archive").write_bytes(damaged)
    with pytest.raises(ModelUnavailable, match="no whole model archive"):
        unpack(tmp_path / "archive", tmp_path / "folder")


def test_a_host_that_is_away_is_given_up_in_time() -> None:
    settings = dataclasses.replace(read_settings(), hub="http://127.0.0.1:9")
    with pytest.raises(ModelUnavailable, match=r"Could not reach 127\.0\.0\.1:9 within 5 s") as away:
        fetch(S3D, settings)
    assert "--encoder mini" in away.value.cure


def test_a_name_that_takes_long_to_look_up_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up_slowly(*_: object) -> None:
        time.sleep(1)
        raise OSError("no such host")

    monkeypatch.setattr(socket, "create_connection", look_up_slowly)
    begun = time.monotonic()
    with pytest.raises(ModelUnavailable, match="Could not reach"):
        fetch(S3D, read_settings(), patience=dataclasses.replace(QUICK, connect=0.2))
    assert time.monotonic() - begun < 1


def test_a_hub_that_is_no_web_address_is_refused() -> None:
    with pytest.raises(ModelUnavailable, match="no web address"):
        fetch(S3D, dataclasses.replace(read_settings(), hub="file:///etc"), patience=QUICK)


def test_a_model_that_cannot_be_prepared_is_not_kept() -> None:
    def refuse(folder: Path) -> None:
        raise ModelUnavailable("It has no signatures.", "Fetch another.")

    with serve(ARCHIVE) as server:
        settings = settings_for(server)
        with pytest.raises(ModelUnavailable, match="no signatures"):
            fetch(S3D, settings, patience=QUICK, prepare=refuse)
        assert left_over(settings) == []


def test_a_copy_in_the_cache_of_tensorflow_hub_saves_the_download(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / cache_key(S3D)
    shared.mkdir()
    (shared / "saved_model.pb").write_bytes(b"graph")
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path))
    settings = read_settings()
    assert find_cached(S3D, settings) == shared
    folder = fetch(S3D, settings)  # nobody answers at this hub
    assert find_cached(S3D, settings) == folder != shared
    assert [path.name for path in shared.iterdir()] == ["saved_model.pb"]


def test_a_disk_without_room_is_named_before_anything_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type("usage", (), {"free": 1000})
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)
    with serve(ARCHIVE) as server, pytest.raises(DiskFull, match="MiB free"):
        fetch(S3D, settings_for(server), patience=QUICK)


@pytest.mark.slow
def test_two_processes_that_fetch_at_once_download_once() -> None:
    code = (
        "import sys\nfrom search.encoders.fetch import fetch\nfrom search.encoders.hub import S3D\n"
        "from search.settings import read_settings\n"
        "print(fetch(S3D, read_settings(), on_wait=lambda: print('waiting', file=sys.stderr)))"
    )
    with serve(ARCHIVE, send_slowly(1.0), send_all) as server:
        environment = {"VSEARCH_HUB": server.address, "VSEARCH_MODELS": str(read_settings().models)}
        both = [
            subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=PIPE, stderr=PIPE, text=True)
            for _ in range(2)
        ]
        answers = [process.communicate(timeout=60) for process in both]
        assert len(server.asked) == 1
    assert answers[0][0] == answers[1][0] == f"{read_settings().models / cache_key(S3D)}\n"
    assert sorted(words for _, words in answers) == ["", "waiting\n"]
