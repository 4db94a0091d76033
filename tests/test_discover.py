from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from indexer.finding.discover import Discovery, discover, fingerprint, settle
from search.errors import PathNotFound

MP4 = b"\x00\x00\x00\x20ftypisom" + bytes(64)


def put(path: Path, content: bytes = MP4) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def names(found: Discovery) -> list[str]:
    return [file.relpath for file in found.files]


def test_folders_are_searched_through_and_through(tmp_path: Path) -> None:
    for name in ("b.mkv", "a/UPPER.MP4", "a/deep/er/c.webm"):
        put(tmp_path / name)
    found = discover([tmp_path])
    assert names(found) == ["a/UPPER.MP4", "a/deep/er/c.webm", "b.mkv"]
    assert {file.root for file in found.files} == {tmp_path}
    assert found.files[0].path == tmp_path / "a/UPPER.MP4"
    assert not found.files[0].given_by_name


def test_first_bytes_count_where_the_extension_says_nothing(tmp_path: Path) -> None:
    for name in ("no_extension", "film.txt", "film.jpg"):
        put(tmp_path / name)
    put(tmp_path / "photo.jpg", b"\xff\xd8\xff\xe0")
    put(tmp_path / "words.txt", b"words")
    found = discover([tmp_path])
    assert names(found) == ["film.jpg", "film.txt", "no_extension"]
    assert found.not_media == 2


def test_typescript_is_no_transport_stream(tmp_path: Path) -> None:
    put(tmp_path / "app.ts", b"export const answer = 42;\n")
    put(tmp_path / "cut.ts", b"\x47\x01\x00\x1a" + bytes(range(256)))
    assert names(discover([tmp_path])) == ["cut.ts"]


def test_hidden_and_unfinished_files_are_passed_over_and_counted(tmp_path: Path) -> None:
    for name in ("._film.mp4", ".hidden.mp4", ".cache/film.mp4", "film.mp4.part", "film.mp4"):
        put(tmp_path / name)
    found = discover([tmp_path])
    assert names(found) == ["film.mp4"]
    assert (found.hidden, found.unfinished) == (3, 1)


def test_a_file_given_by_name_is_always_taken(tmp_path: Path) -> None:
    for name in ("._film.mp4", "words.txt", "half.part"):
        put(tmp_path / name, b"words")
    found = discover([tmp_path / "._film.mp4", tmp_path / "words.txt", tmp_path / "half.part"], exclude=["*"])
    assert names(found) == ["._film.mp4", "half.part", "words.txt"]
    assert all(file.given_by_name and file.root == tmp_path for file in found.files)


def test_every_missing_path_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(PathNotFound) as caught:
        discover([tmp_path, tmp_path / "one", tmp_path / "two\udce9"])
    assert "one" in caught.value.message
    assert "two" in caught.value.message
    caught.value.message.encode()


def test_patterns_match_the_path_or_the_name(tmp_path: Path) -> None:
    for name in ("a/holiday.mp4", "a/work.mp4", "b/holiday.mkv"):
        put(tmp_path / name)
    assert names(discover([tmp_path], include=["holiday*"])) == ["a/holiday.mp4", "b/holiday.mkv"]
    assert names(discover([tmp_path], include=["*.mp4"], exclude=["*/work*"])) == ["a/holiday.mp4"]
    assert discover([tmp_path], exclude=["b/*"]).excluded == 1


def test_of_nested_folders_the_outermost_is_the_root(tmp_path: Path) -> None:
    film = put(tmp_path / "a/b/film.mp4")
    for paths in (
        [tmp_path / "a/b", tmp_path],
        [tmp_path, tmp_path, film],
        [film, tmp_path / "a/..", tmp_path / "a"],
    ):
        assert [(file.root, file.relpath) for file in discover(paths).files] == [(tmp_path, "a/b/film.mp4")]


def test_links_are_followed_once_and_loops_end(tmp_path: Path) -> None:
    root = tmp_path / "root"
    put(root / "z/film.mp4")
    put(tmp_path / "elsewhere/other.mp4")
    (root / "a_loop").symlink_to(root)
    (root / "a_link.mp4").symlink_to(root / "z/film.mp4")
    (root / "elsewhere").symlink_to(tmp_path / "elsewhere")
    os.link(root / "z/film.mp4", root / "hard.mp4")
    (root / "self.mp4").symlink_to("self.mp4")
    (root / "gone.mp4").symlink_to("nowhere.mp4")
    found = discover([root])
    assert names(found) == ["elsewhere/other.mp4", "hard.mp4", "z/film.mp4"]
    assert found.broken_links == 2
    assert found.failures == []


def test_a_link_that_cannot_be_followed_does_not_stop_the_search(tmp_path: Path) -> None:
    put(tmp_path / "root/film.mp4")
    (tmp_path / "root/endless").symlink_to("x" * 300)
    put(tmp_path / "locked/inside/film.mp4")
    (tmp_path / "root/elsewhere").symlink_to(tmp_path / "locked/inside")
    (tmp_path / "locked").chmod(0)
    found = discover([tmp_path / "root"])
    (tmp_path / "locked").chmod(0o755)
    assert found.broken_links == 1
    assert found.failures == []
    if os.geteuid() == 0:  # who may read everything
        assert names(found) == ["elsewhere/film.mp4", "film.mp4"]
    else:
        assert names(found) == ["film.mp4"]
        assert [one.path for one in found.unreadable_folders] == [tmp_path / "root/elsewhere"]


def test_what_is_no_file_does_not_stop_the_search(tmp_path: Path) -> None:
    (tmp_path / "folder.mp4").mkdir()
    put(tmp_path / "folder.mp4/film.mp4")
    os.mkfifo(tmp_path / "pipe.mp4")
    found = discover([tmp_path])
    assert names(found) == ["folder.mp4/film.mp4"]
    assert found.not_media == 1
    assert discover([tmp_path / "pipe.mp4"]).failures[0].reason == "not a regular file"


def test_unreadable_entries_are_told(tmp_path: Path) -> None:
    put(tmp_path / "film.mp4").chmod(0)
    put(tmp_path / "locked/film.mp4").parent.chmod(0)
    found = discover([tmp_path])
    (tmp_path / "locked").chmod(0o755)
    if os.geteuid() == 0:  # who may read everything
        assert names(found) == ["film.mp4", "locked/film.mp4"]
    else:
        assert [one.reason for one in found.failures] == ["permission denied"]
        assert [one.path for one in found.unreadable_folders] == [tmp_path / "locked"]


def test_hard_names_survive(tmp_path: Path) -> None:
    odd = {"new\nline.mp4", "caf\udce9.mp4", " space .mp4", "back\\slash.mp4", "-dash.mp4", "glob[1]*?.mp4"}
    for name in odd:
        put(tmp_path / name)
    assert set(names(discover([tmp_path]))) == odd


def test_a_fingerprint_sees_head_middle_tail_and_size(tmp_path: Path) -> None:
    content = bytearray(1_000_000)
    seen = {fingerprint(put(tmp_path / "film.mp4", bytes(content)))}
    for place in (0, 500_000, 999_999):
        changed = content.copy()
        changed[place] = 1
        seen.add(fingerprint(put(tmp_path / "film.mp4", bytes(changed))))
    seen.add(fingerprint(put(tmp_path / "film.mp4", bytes(content) + b"\0")))
    assert len(seen) == 5
    assert fingerprint(put(tmp_path / "copy.mp4", bytes(content))) in seen
    assert len(fingerprint(put(tmp_path / "empty.mp4", b""))) == 32


def test_a_growing_file_is_left_for_later(tmp_path: Path) -> None:
    for name in ("old.mp4", "new.mp4", "growing.mp4", "gone.mp4"):
        put(tmp_path / name)
    os.utime(tmp_path / "old.mp4", (1, 1))
    found = discover([tmp_path])
    (tmp_path / "growing.mp4").write_bytes(MP4 * 2)
    (tmp_path / "gone.mp4").unlink()
    stable, growing = settle(found.files, wait=0.01)
    assert [file.relpath for file in stable] == ["new.mp4", "old.mp4"]
    assert [file.relpath for file in growing] == ["gone.mp4", "growing.mp4"]


def test_nobody_waits_for_files_that_have_long_stood_still(tmp_path: Path) -> None:
    os.utime(put(tmp_path / "old.mp4"), (1, 1))
    started = time.monotonic()
    assert settle(discover([tmp_path]).files, wait=5)[1] == []
    assert time.monotonic() - started < 1


def test_the_links_and_pipes_of_the_odd_files_are_survived(test_data: Path, tmp_path: Path) -> None:
    made = tmp_path / "links"
    subprocess.run(["sh", str(test_data / "odd_files/make_links.sh"), str(made)], check=True, timeout=30)
    try:
        found = discover([made])
    finally:
        (made / "locked").chmod(0o755)
    assert {"hard_link.mp4", "link_to_video.mp4"} <= set(names(found))
    assert found.broken_links == 4
