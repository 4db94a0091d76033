"""The catalog keeps whole videos or none, and refuses what it cannot read."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import numpy as np
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine

from search.catalog.filters import ClipFilter
from search.catalog.models import Base, PathText
from search.catalog.records import FileFacts, Segment, VideoState
from search.catalog.schema import HEAD, MIGRATIONS, migrate
from search.catalog.store import open_catalog
from search.catalog.stores.sqlite import SqliteStore
from search.errors import LibraryDamaged, NotFound, UsageError
from search.language.tree import AnyOf, TagTest
from search.library import open_library
from tests.library_fixtures import add_film, make_library
from tests.stores import only_sqlite

GOLDEN = Path(__file__).parent / "golden" / "schema.sql"


def test_a_video_comes_back_as_it_was_stored(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        video_id = add_film(library, "a/red.mp4", ["red", "blue"])
        video = library.catalog.video(video_id)
    assert (video.path, video.title, video.clips) == (Path("/films/a/red.mp4"), "red.mp4", 2)
    assert video.state is VideoState.INDEXED
    assert video.facts.width == 64


def test_storing_a_path_again_replaces_its_rows_and_never_reuses_clip_ids(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        first = add_film(library, "x.mp4", ["red", "red", "red"])
        before = set(library.catalog.clip_ids().tolist())
        second = add_film(library, "x.mp4", ["blue"])
        after = set(library.catalog.clip_ids().tolist())
    assert first == second
    assert len(after) == 1
    assert not before & after


def test_a_transaction_that_breaks_leaves_nothing(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        with pytest.raises(AttributeError):
            add_film(library, "x.mp4", ["red"], segments=["no segment"])  # type: ignore[list-item]
        assert library.catalog.videos() == []
        assert library.catalog.clip_ids().size == 0


def test_vectors_survive_float16_within_a_thousandth(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        add_film(library, "x.mp4", ["orange"])
        stored = library.catalog.vectors_after(0, library.spec.dim).vectors[0]
        pixels = np.full((1, 8, 32, 32, 3), (255, 128, 0), np.uint8)
        exact = library.encoder.encode_clips(pixels)[0]
    assert np.abs(stored - exact).max() < 1e-3


def test_forgetting_a_video_takes_its_clips_thumbnails_and_segments(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        keep = add_film(library, "keep.mp4", ["red"])
        drop = add_film(library, "drop.mp4", ["blue"], segments=[Segment("emotion", "happy", 0, 1, 0.9)])
        library.catalog.forget_videos([drop])
        assert [video.id for video in library.catalog.videos()] == [keep]
        assert library.catalog.tags() == []
        assert library.catalog.complaints() == []


def test_a_moved_video_keeps_its_clips(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        video_id = add_film(library, "old.mp4", ["red"])
        clips = library.catalog.clip_ids().tolist()
        root = library.catalog.roots()[0]
        library.catalog.move_video(video_id, root.id, "new/name.mp4", FileFacts(1000, 2, "fp"))
        assert library.catalog.video(video_id).relpath == "new/name.mp4"
        assert library.catalog.clip_ids().tolist() == clips


def test_a_missing_video_says_so_and_can_come_back(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        video_id = add_film(library, "x.mp4", ["red"])
        library.catalog.mark_missing([video_id], True)
        assert library.catalog.video(video_id).state is VideoState.MISSING
        assert library.catalog.counts().videos[VideoState.MISSING] == 1
        library.catalog.mark_missing([video_id], False)
        assert library.catalog.video(video_id).state is VideoState.INDEXED


def test_relinking_a_root_moves_all_its_videos_at_once(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        video_id = add_film(library, "x.mp4", ["red"])
        library.catalog.relink_root(Path("/films"), Path("/disk2/films"))
        assert library.catalog.video(video_id).path == Path("/disk2/films/x.mp4")
        with pytest.raises(NotFound):
            library.catalog.relink_root(Path("/films"), Path("/elsewhere"))
        library.catalog.add_root(Path("/other"))
        with pytest.raises(UsageError):
            library.catalog.relink_root(Path("/other"), Path("/disk2/films"))


@only_sqlite
def test_a_library_of_the_first_schema_keeps_what_it_holds(tmp_path: Path) -> None:
    """Version 1 knew no tracks."""
    engine = create_engine(f"sqlite:///{tmp_path / 'catalog.db'}")
    migrate(engine, "0001")
    film = ["x.mp4", "indexed", "clips:1", "h264", "mp4", "fp", "", ""]
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO root VALUES (1, '/films', 0)")
        connection.exec_driver_sql(
            "INSERT INTO video (id, root_id, relpath, state, recipe, codec, container, fingerprint, code, reason,"
            " size, mtime_ns, missing, duration, width, height, fps, added_at)"
            " VALUES (1, 1, ?, ?, ?, ?, ?, ?, ?, ?, 9, 1, 0, 3.0, 64, 48, 25.0, 1.0)",
            tuple(film),
        )
        connection.exec_driver_sql("INSERT INTO clip VALUES (1, 1, 0.0, 3.0, x'0000')")
        connection.exec_driver_sql("INSERT INTO segment VALUES (1, 1, 'emotion', 'happy', 0.0, 2.0, 0.9)")
    engine.dispose()
    catalog = open_catalog(SqliteStore(tmp_path / "catalog.db"))
    assert catalog.video(1).clips == 1
    assert catalog.segments(1) == [Segment("emotion", "happy", 0.0, 2.0, 0.9)]
    assert catalog.tracks(1) == []
    assert catalog.clip_ids_with(ClipFilter((AnyOf((TagTest("emotion", ("happy",)),)),))).tolist() == [1]
    assert catalog.complaints() == []
    catalog.close()


@given(st.binary(min_size=1, max_size=40).filter(lambda name: b"/" not in name and b"\0" not in name))
def test_every_file_name_survives_the_database(name: bytes) -> None:
    path = "folder/" + name.decode("utf-8", "surrogateescape")
    column = PathText()
    stored = column.process_bind_param(path, None)  # type: ignore[arg-type]
    assert stored is not None
    stored.encode("utf-8")
    assert column.process_result_value(stored, None) == path  # type: ignore[arg-type]


def test_the_migrations_end_where_the_models_are() -> None:
    engine = create_engine("sqlite://")
    migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_no_full_text_index})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()
    script = ScriptDirectory(str(MIGRATIONS))
    assert script.get_current_head() == HEAD


def is_no_full_text_index(name: str | None, kind: str, parents: object) -> bool:
    """SQLite makes tables of its own for the full-text index of the migrations; no model is behind them."""
    return kind != "table" or not (name or "").startswith("cue_words")


def test_the_schema_is_the_one_written_down() -> None:
    """After a change on purpose: `python -m tests.test_catalog` writes it anew."""
    assert schema_sql() == GOLDEN.read_text()


def schema_sql() -> str:
    engine = create_engine("sqlite://")
    migrate(engine)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name")
        lines = [f"{row[0]};" for row in rows if not re.search("sqlite_sequence|'cue_words_", row[0])]
    engine.dispose()
    return "\n\n".join(lines) + "\n"


@only_sqlite
def test_a_file_that_is_no_database_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "catalog.db").write_text("these are words, many words, no database " * 100)
    with pytest.raises(LibraryDamaged):
        open_library(tmp_path)


@only_sqlite
def test_a_library_on_a_read_only_disk_can_be_read(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        add_film(library, "x.mp4", ["red"])
    catalog = open_catalog(SqliteStore(tmp_path / "catalog.db", writable=False))
    assert [video.title for video in catalog.videos()] == ["x.mp4"]
    catalog.close()


def test_readers_go_on_while_a_writer_writes(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        add_film(library, "first.mp4", ["red"])
        seen: list[int] = []
        with library.catalog.writing() as session:
            library.catalog.bump(session)
            session.flush()
            reader = threading.Thread(target=lambda: seen.append(len(library.catalog.videos())))
            reader.start()
            reader.join(10)
        assert seen == [1]


if __name__ == "__main__":
    GOLDEN.write_text(schema_sql())
