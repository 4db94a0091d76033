"""`vsearch search`, `status`, `verify`, `forget`, `roots` as a person meets them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from search.catalog.records import FileFacts, NewVideo, Segment, VideoState
from search.library import Library, open_library
from search.settings import NO_EMOTION, read_settings
from tests.command_line import CommandLine
from tests.fakes import FakeEncoder
from tests.library_fixtures import add_film, make_library


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """A library in the usual place, of three files that lie in a folder."""
    folder = tmp_path / "films"
    folder.mkdir()
    with make_library(read_settings().library) as library:
        for name, colours in {"red.mp4": ["red"], "blue.mp4": ["blue", "cyan"], "green.mp4": ["green"]}.items():
            (folder / name).write_bytes(b"x" * 1000)
            os.utime(folder / name, ns=(1, 1))
            happy = [Segment("emotion", "happy", 0, 1, 0.9)] if name == "blue.mp4" else []
            add_film(library, name, colours, root=folder, segments=happy)
    return folder


def opened() -> Library:
    return open_library(encoder=FakeEncoder())


def test_search_prints_a_table_with_the_best_first(line: CommandLine, films: Path) -> None:
    done = line("search", "blue")
    assert done.code == 0
    first = next(row for row in done.out.splitlines() if row.strip().startswith("1"))
    assert "blue.mp4" in first
    assert "0:00 – 0:02" in first


def test_search_json_is_the_document(line: CommandLine, films: Path) -> None:
    done = line("search", "a blue zorgblat", "-k", 2, "--json")
    assert done.err == ""
    document = done.document
    assert document["count"] == len(document["results"]) == 2
    assert document["query"] == {
        "text": "a blue zorgblat",
        "tags": [],
        "any": False,
        "min_seconds": 0.0,
        "unknown_words": ["a", "zorgblat"],
        "did_you_mean": None,
        "understood": "a blue zorgblat",
        "minus": [],
    }
    assert document["results"][0]["title"] == "blue.mp4"
    assert document["results"][0]["tags"] == [{"kind": "emotion", "label": "happy", "score": 0.9}]


def test_search_by_tag_alone(line: CommandLine, films: Path) -> None:
    assert [hit["title"] for hit in line("search", "--tag", "emotion:happy", "--json").document["results"]] == [
        "blue.mp4"
    ]


def test_tags_narrow_all_together_or_any_and_by_length(line: CommandLine, films: Path) -> None:
    with opened() as library:
        tags = [Segment("emotion", "sad", 0, 0.5, 0.9), Segment("emotion", "happy", 1, 1.5, 0.9)]
        add_film(library, "sad.mp4", ["green"], root=films, segments=tags)

    def found(*words: str) -> set[str]:
        asked = ["--tag", "emotion=happy", "--tag", "Emotion=SAD", *words]
        return {hit["title"] for hit in line("search", *asked, "--json").document["results"]}

    assert found() == {"sad.mp4"}
    assert found("--any") == {"sad.mp4", "blue.mp4"}
    assert found("--any", "--min-seconds", "1") == {"blue.mp4"}


def test_search_speaks_the_language(line: CommandLine, films: Path) -> None:
    document = line("search", "blue then cyan name:blue", "--group", "video", "--explain", "--json").document
    [result] = document["results"]
    assert result["title"] == "blue.mp4"
    assert [later["start"] for later in result["then"]] == [1.6]
    assert result["explain"]["clip_ids"] == [2]
    refused = line("search", "blue then")
    assert refused.code == 2
    assert "Nothing follows 'then', at character 6" in refused.err


def test_tags_are_named_with_how_long_each_is_seen(line: CommandLine, films: Path) -> None:
    assert line("tags", "--json").document["tags"] == [
        {"kind": "emotion", "label": "happy", "videos": 1, "clips": 1, "seconds": 1.0}
    ]
    assert "emotion=happy" in line("tags").out


@pytest.mark.parametrize("how", ["setting", "library"])
def test_emotion_switched_off_is_not_shown_offered_or_matched(
    line: CommandLine, films: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if how == "setting":
        monkeypatch.setenv("VSEARCH_NO_EMOTION", "1")
    else:
        with opened() as library:
            library.catalog.set_meta(**{NO_EMOTION: "1"})
    document = line("search", "blue", "--json").document
    assert document["results"][0]["tags"] == document["facets"] == []
    assert line("tags", "--json").document["tags"] == []
    done = line("search", "--tag", "emotion=happy")
    assert done.code == 2
    assert "switched off" in done.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["search", ""], "empty"),
        (["search", "   "], "empty"),
        (["search", "red", "-k", "0"], "0 results"),
        (["search", "red", "-k", "-1"], "-1 results"),
        (["search", "red", "-k", "1000000"], "1,000,000 results"),
        (["search", "red", "-k", "many"], "many"),
        (["search", "x" * 10_000], "10,000 characters"),
        (["search", "🎬"], "no words"),
        (["search", "12345"], "12345"),
        (["search", "red", "--tag", "happy"], "no tag"),
        (["search", "red", "--tag", "emotion=hapy"], "happy"),
        (["search", "red", "--tag", "mood=happy"], "mood"),
        (["search", "red", "--min-seconds", "2"], "no tag"),
        (["search", "red", "--tag", "emotion=happy", "--min-seconds", "-2"], "-2"),
        (["search", "red", "--tag", "emotion=happy", "--min-seconds", "inf"], "inf"),
        (["search", *["--tag", "emotion=happy"] * 51], "51 tags"),
        (["forget", "nowhere.mp4"], "nowhere.mp4"),
        (["roots", "relink", "nowhere", "."], "nowhere"),
    ],
)
def test_wrong_usage_is_a_line_with_a_cure_and_exit_2(
    line: CommandLine, films: Path, words: list[str], says: str
) -> None:
    done = line(*words)
    assert done.code == 2
    assert says in done.err
    assert done.out == ""
    assert len(done.err.strip().splitlines()) <= 4


def test_fail_empty_exits_1_when_nothing_is_found(line: CommandLine, tmp_path: Path) -> None:
    make_library(read_settings().library).close()
    assert line("search", "red", "--fail-empty").code == 1
    assert line("search", "red").code == 0


def test_status_counts_and_names_failures(line: CommandLine, films: Path) -> None:
    with opened() as library:
        root = library.catalog.roots()[0]
        library.catalog.save_video(
            NewVideo(
                root.id, "bad.mp4", FileFacts(1, 1, "x"), VideoState.FAILED, "r", "no-video-stream", "no video stream"
            )
        )
    document = line("status", "--json").document
    assert document["videos"] == {"indexed": 3, "partial": 0, "failed": 1, "missing": 0}
    assert document["clips"] == 4
    assert document["failures"][0]["code"] == "no-video-stream"
    assert "no video stream" in line("status", "--failures").out


def test_verify_is_content_with_a_whole_library_even_when_videos_failed(line: CommandLine, films: Path) -> None:
    assert line("verify", "--json").document["ok"] is True


def test_verify_names_files_that_are_gone_or_changed(line: CommandLine, films: Path) -> None:
    (films / "red.mp4").unlink()
    (films / "blue.mp4").write_bytes(b"other")
    done = line("verify", "--json")
    assert done.code == 1
    assert {problem["code"] for problem in done.document["problems"]} == {"file-gone", "file-changed"}


def test_verify_mends_the_vector_cache(line: CommandLine, films: Path) -> None:
    with opened() as library:
        library.vectors.fold(force=True)
    [cache] = read_settings().library.glob("vectors-*")
    cache.write_bytes(b"spoiled")
    done = line("verify", "--json")
    assert done.code == 0
    assert done.document["mended"]
    assert line("verify", "--json").document["mended"] == []


def test_forget_takes_a_file_or_a_folder_and_leaves_the_files(line: CommandLine, films: Path) -> None:
    assert line("forget", films / "red.mp4", "--json").document["forgotten"] == 1
    assert line("forget", films, "--json").document["forgotten"] == 2
    assert line("status", "--json").document["clips"] == 0
    assert (films / "red.mp4").exists()


def test_a_disk_that_has_moved_is_relinked(line: CommandLine, films: Path) -> None:
    moved = films.rename(films.with_name("elsewhere"))
    assert line("verify").code == 1
    assert line("roots", "relink", films, moved).code == 0
    assert line("verify").code == 0
    assert str(moved) in line("roots", "list").out


def test_a_question_needs_no_quotation_marks(line: CommandLine, films: Path) -> None:
    asked = json.loads(line("search", "blue", "sky", "--json").out)
    assert asked["query"]["text"] == "blue sky"


def test_a_tag_that_comes_twice_in_a_clip_is_shown_once(line: CommandLine, films: Path) -> None:
    with opened() as library:
        twice = [Segment("emotion", "sad", 0, 0.2, 0.5), Segment("emotion", "sad", 0.5, 1, 0.8)]
        add_film(library, "grey.mp4", ["grey"], root=films, segments=twice)
    [hit] = json.loads(line("search", "emotion:sad", "--json").out)["results"]
    assert hit["tags"] == [{"kind": "emotion", "label": "sad", "score": 0.8}]


def test_a_library_without_films_says_so(line: CommandLine) -> None:
    make_library(read_settings().library).close()
    assert "Videos    none yet" in line("status").out


def test_a_folder_whose_films_have_gone_is_known_until_a_person_removes_it(line: CommandLine, tmp_path: Path) -> None:
    phone, rushes = tmp_path / "phone", tmp_path / "rushes"
    with make_library(read_settings().library) as library:
        moved = add_film(library, "red.mp4", ["red"], root=phone)
        gone = add_film(library, "blue.mp4", ["blue"], root=rushes)
        library.catalog.move_video(moved, library.catalog.video(gone).root_id, "red.mp4", FileFacts(1000, 1, "red"))
        library.catalog.forget_videos([gone])
    listed = line("roots", "list").out.splitlines()
    assert listed == [f"{phone}  0 videos", f"{rushes}  1 video"]
    assert line("forget", rushes / "red.mp4").code == 0
    assert len(line("roots", "list").out.splitlines()) == 2
    assert f"{phone} removed with 0 videos" in line("roots", "remove", phone).out
    assert line("forget", rushes).code == 0
    assert line("roots", "list", "--json").document["roots"] == []
    assert "is not an indexed folder" in line("roots", "remove", phone).err


def test_a_folder_that_is_not_there_is_said_to_be_missing_in_words(line: CommandLine, tmp_path: Path) -> None:
    with make_library(read_settings().library) as library:
        add_film(library, "red.mp4", ["red"], root=tmp_path / "disk")
        library.catalog.set_root_missing(1, True)
    for words in (("roots", "list"), ("status",)):
        assert "(missing: not there, or empty, at the last look; what is known of it is kept)" in line(*words).out
