from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from indexer.decoding import decode
from indexer.decoding.process import Child
from indexer.run import Options, index
from search.catalog.records import VideoState
from search.library import open_library
from search.lock import FileLock, indexing_lock
from search.settings import read_settings
from tests.command_line import CommandLine, Done
from tests.fakes import FAKE_SPEC, FakeEncoder
from tests.films import age, draw_film

CLIP = FAKE_SPEC.frames / FAKE_SPEC.fps

pytestmark = pytest.mark.usefixtures("decoding_here")


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """A folder with three films of one, two and three clips."""
    folder = tmp_path / "films"
    draw_film(folder / "red.mp4", "red", seconds=CLIP)
    draw_film(folder / "sea" / "blue.mp4", "blue", "green", seconds=CLIP)
    draw_film(folder / "sea" / "grey.mp4", "grey", "white", "black", seconds=CLIP)
    return folder


def run(line: CommandLine, *words: object, code: int = 0) -> dict[str, int]:
    """Indexes with the fake encoder; the counts that are not zero."""
    done = line("index", *words, "--encoder", "fake", "--json")
    assert done.code == code, done.err
    return {name: count for name, count in done.document["videos"].items() if count}


def test_a_folder_is_indexed_and_its_films_are_found(line: CommandLine, films: Path) -> None:
    done = line("index", films, "--encoder", "fake", "--json")
    assert done.code == 0
    document = done.document
    assert document["videos"]["indexed"] == 3
    assert document["clips"] == 6
    assert document["film_seconds"] == pytest.approx(6 * CLIP, abs=0.2)
    assert document["encoder"] == {"name": "fake", "fingerprint": FAKE_SPEC.fingerprint}
    assert document["library"] == str(read_settings().library)
    assert document["failures"] == []
    with open_library() as library:
        assert all(row.state is VideoState.INDEXED for row in library.catalog.videos())
    hit = line("search", "blue", "--json").document["results"][0]
    assert (hit["title"], hit["start"]) == ("blue.mp4", 0.0)


def test_indexing_again_finds_nothing_to_do_and_opens_no_model(
    line: CommandLine, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(line, films)
    monkeypatch.setattr(FakeEncoder, "encode_clips", None)
    assert run(line, films) == {"unchanged": 3}


def test_changed_moved_removed_and_new_files_are_each_counted(line: CommandLine, films: Path) -> None:
    run(line, films)
    draw_film(films / "red.mp4", "yellow", seconds=2 * CLIP)
    (films / "sea" / "blue.mp4").rename(films / "ocean.mp4")
    (films / "sea" / "grey.mp4").unlink()
    draw_film(films / "new.mp4", "pink")
    counts = run(line, films)
    assert counts == {"indexed": 1, "updated": 1, "moved": 1, "removed": 1}
    with open_library() as library:
        assert sorted(row.relpath for row in library.catalog.videos()) == ["new.mp4", "ocean.mp4", "red.mp4"]
        assert not library.catalog.complaints()
    assert line("verify", "--json").document["ok"]


def test_a_new_date_alone_decodes_nothing_and_is_remembered(line: CommandLine, films: Path) -> None:
    run(line, films)
    age(films / "red.mp4")
    assert run(line, films) == {"unchanged": 3}
    with open_library() as library:
        row = next(row for row in library.catalog.videos() if row.relpath == "red.mp4")
    assert row.file.mtime_ns == (films / "red.mp4").stat().st_mtime_ns


def test_another_way_to_cut_films_makes_every_video_stale_and_is_remembered(line: CommandLine, films: Path) -> None:
    run(line, films)
    assert run(line, films, "--overlap", 0.5) == {"updated": 3, "stale": 3}
    assert run(line, films) == {"unchanged": 3}
    assert run(line, films, "--fit", "pad") == {"updated": 3, "stale": 3}
    assert run(line, films) == {"unchanged": 3}


@pytest.mark.parametrize("unmount", ["folder gone", "mount point empty"])
def test_a_root_that_is_not_there_is_missing_and_comes_back(line: CommandLine, films: Path, unmount: str) -> None:
    run(line, films)
    away = films.rename(films.with_name("away"))
    if unmount == "mount point empty":
        films.mkdir()
    done = line("index", films, "--encoder", "fake")
    assert done.code == 0
    assert "3 missing" in done.out
    assert "forget" in done.out
    assert run(line, films) == {"missing": 3}
    if films.exists():
        films.rmdir()
    away.rename(films)
    assert run(line, films) == {"unchanged": 3}
    with open_library() as library:
        assert all(row.state is VideoState.INDEXED for row in library.catalog.videos())
        assert not any(root.missing for root in library.catalog.roots())


def test_a_disk_named_by_the_folder_it_was_mounted_in_is_missing_too(line: CommandLine, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    draw_film(disk / "films" / "red.mp4", "red")
    run(line, disk / "films")
    disk.rename(tmp_path / "unplugged")
    assert run(line, disk) == {"missing": 1}


def test_a_folder_moved_to_another_root_keeps_its_rows(line: CommandLine, films: Path) -> None:
    run(line, films)
    elsewhere = films.rename(films.with_name("elsewhere"))
    assert run(line, elsewhere) == {"moved": 3}
    assert line("search", "blue", "--json").document["results"][0]["path"] == str(elsewhere / "sea" / "blue.mp4")


def test_a_file_given_by_name_leaves_its_siblings_alone(line: CommandLine, films: Path) -> None:
    run(line, films)
    (films / "sea" / "grey.mp4").unlink()
    draw_film(films / "sea" / "new.mp4", "pink")
    assert run(line, films / "sea" / "new.mp4") == {"indexed": 1}
    assert run(line, films / "red.mp4") == {"unchanged": 1}


def test_patterns_narrow_a_run_and_remove_nothing(line: CommandLine, films: Path) -> None:
    run(line, films)
    assert run(line, films, "--include", "red*") == {"unchanged": 1}
    assert run(line, films, "--exclude", "sea/*") == {"unchanged": 1}
    assert run(line, films) == {"unchanged": 3}


def test_a_folder_around_an_indexed_one_does_not_double_its_videos(line: CommandLine, films: Path) -> None:
    run(line, films / "sea")
    assert run(line, films) == {"indexed": 1, "unchanged": 2}
    assert run(line, films / "sea") == {"unchanged": 2}


def test_a_file_that_is_no_video_fails_with_a_reason_and_is_not_tried_again(line: CommandLine, films: Path) -> None:
    (films / "words.mp4").write_text("these are words")
    age(films / "words.mp4")
    done = line("index", films, "--encoder", "fake", "--json")
    assert done.code == 1
    assert done.document["videos"]["indexed"] == 3
    failure = done.document["failures"][0]
    assert failure["path"] == str(films / "words.mp4")
    assert failure["code"]
    assert "\n" not in failure["reason"]
    again = line("index", films, "--encoder", "fake", "--json")
    assert again.code == 1
    assert again.document["failures"] == [failure]
    words = line("index", films, "--encoder", "fake")
    assert failure["reason"] in words.out
    draw_film(films / "words.mp4", "red")
    assert run(line, films) == {"unchanged": 3, "updated": 1}


def test_retry_decodes_a_failed_file_again(line: CommandLine, films: Path) -> None:
    (films / "words.mp4").write_text("these are words")
    age(films / "words.mp4")
    run(line, films, code=1)
    assert run(line, films, "--retry", code=1) == {"unchanged": 3, "failed": 1}


def test_a_dry_run_says_what_would_happen_and_writes_nothing(line: CommandLine, films: Path) -> None:
    done = line("index", films, "--encoder", "fake", "--dry-run")
    assert done.code == 0
    assert "Would index 3 new videos" in done.out
    assert str(films / "red.mp4") in done.out
    assert not read_settings().library.exists()
    run(line, films)
    (films / "red.mp4").unlink()
    draw_film(films / "new.mp4", "pink")
    foreseen = run(line, films, "--dry-run")
    assert foreseen == {"indexed": 1, "unchanged": 2, "removed": 1}
    assert run(line, films) == foreseen


def test_an_empty_folder_is_no_error_and_makes_no_library(line: CommandLine, tmp_path: Path) -> None:
    done = line("index", tmp_path, "--encoder", "fake")
    assert done.code == 0
    assert f"No videos found in {tmp_path}" in done.out
    assert not read_settings().library.exists()


@pytest.mark.parametrize(
    "words", [["nowhere"], [], ["--workers", "0", "."], ["--overlap", "1", "."], ["--classifiers", "mood", "."]]
)
def test_wrong_usage_exits_2_with_one_clear_line_and_makes_no_library(
    line: CommandLine, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = line("index", *words, "--encoder", "fake")
    assert done.code == 2
    assert done.err
    assert not done.out
    assert not read_settings().library.exists()


def test_a_second_indexer_exits_3_and_names_the_holder(line: CommandLine, films: Path) -> None:
    run(line, films)
    with indexing_lock(FileLock(read_settings().library, "index"), "films", wait=False):
        done = line("index", films, "--encoder", "fake", "--json")
    assert done.code == 3
    assert str(os.getpid()) in done.err
    assert not done.out


def test_another_encoder_exits_3_and_changes_nothing(line: CommandLine, films: Path) -> None:
    run(line, films)
    done = line("index", films, "--encoder", "mini")
    assert done.code == 3
    assert "fake" in done.err
    assert run(line, films) == {"unchanged": 3}


def test_progress_goes_to_stderr_in_plain_lines(line: CommandLine, films: Path) -> None:
    done = line("index", films, "--encoder", "fake", "--json")
    assert json.loads(done.out)
    last = done.err.splitlines()[-1]
    assert last.startswith("[3/3]")
    assert "real time" in last


def test_a_name_that_is_no_utf_8_is_indexed_and_the_document_stays_valid(line: CommandLine, films: Path) -> None:
    odd = os.fsdecode(b"caf\xe9.mp4")
    shutil.copy2(films / "red.mp4", films / odd)
    (films / os.fsdecode(b"bad\xff.mp4")).write_text("words")
    age(films / os.fsdecode(b"bad\xff.mp4"))
    done: Done = line("index", films, "--encoder", "fake", "--json")
    assert done.code == 1
    assert done.document["videos"]["indexed"] == 4
    assert json.dumps(done.document, ensure_ascii=False).encode()
    assert line("index", films, "--encoder", "fake").code == 1


@pytest.mark.slow
def test_several_workers_give_the_same_library_as_one(
    films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decode, "Child", Child)  # here, too, decoding processes of their own
    clips = []
    for workers in (1, 3):
        options = Options(encoder=FakeEncoder(), workers=workers)
        location = tmp_path / f"library-{workers}"
        assert index([films], location, options).clips == 6
        with open_library(location) as library:
            clips.append(sorted((row.relpath, row.clips, row.facts.duration) for row in library.catalog.videos()))
    assert clips[0] == clips[1]
