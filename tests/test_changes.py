from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from classifiers.contracts import ClassifierSpec, FramesNeeded
from indexer.decoding.clips import ClipPlan
from indexer.finding.changes import Known, Plan, Why, plan_changes
from indexer.finding.discover import FoundFile
from indexer.recipe import recipe_of, stale_parts, with_parts, without_parts
from search.catalog.records import FileFacts, VideoFacts, VideoRecord, VideoState
from tests.fakes import FAKE_SPEC

ROOT, OTHER = Path("/films"), Path("/disk")
RECIPE = "clips:1"


class Disk:
    """Files by path, each with content (its fingerprint) and a date."""

    def __init__(self, files: dict[str, tuple[str, int]], by_name: bool = False) -> None:
        self.files = {Path(path): content for path, content in files.items()}
        self.fingerprinted: list[Path] = []
        self.by_name = by_name

    def found(self, root: Path = ROOT) -> list[FoundFile]:
        return [
            FoundFile(root, path.relative_to(root).as_posix(), len(content), date, self.by_name)
            for path, (content, date) in self.files.items()
            if path.is_relative_to(root)
        ]

    def fingerprint(self, path: Path) -> str:
        self.fingerprinted.append(path)
        return self.files[path][0]

    def gone(self, path: Path) -> bool:
        return path not in self.files


def known(
    path: str,
    content: str,
    date: int = 1,
    *,
    root: Path = ROOT,
    state: VideoState = VideoState.INDEXED,
    recipe: str = RECIPE,
    code: str = "",
) -> VideoRecord:
    relpath = Path(path).relative_to(root).as_posix()
    file = FileFacts(len(content), date, content)
    clips = 0 if state is VideoState.FAILED else 3
    return VideoRecord(
        hash(path), 1, root, relpath, file, state, code, code and "a reason", recipe, VideoFacts(), clips
    )


def compare(
    disk: Disk,
    videos: Sequence[VideoRecord],
    *,
    roots: Collection[Path] = (ROOT,),
    absent: Collection[Path] = (),
    scope: Collection[Path] = (ROOT,),
    found: Sequence[FoundFile] | None = None,
    recipe: str = RECIPE,
    retry: bool = False,
) -> Plan:
    return plan_changes(
        disk.found() if found is None else found,
        scope,
        Known(roots, absent, videos),
        recipe,
        fingerprint=disk.fingerprint,
        gone=disk.gone,
        retry=retry,
    )


def reasons(plan: Plan) -> dict[str, Why]:
    return {str(work.path): work.why for work in plan.work}


def test_a_file_never_seen_is_new() -> None:
    plan = compare(Disk({"/films/a.mp4": ("a", 1)}), [])
    assert reasons(plan) == {"/films/a.mp4": Why.NEW}
    assert plan.work[0].file == FileFacts(1, 1, "a")


def test_a_file_of_the_same_size_and_date_is_not_even_opened() -> None:
    disk = Disk({"/films/a.mp4": ("a", 1)})
    plan = compare(disk, [known("/films/a.mp4", "a")])
    assert len(plan.unchanged) == 1
    assert not plan.work
    assert not disk.fingerprinted


def test_a_file_with_another_date_but_the_same_content_is_touched_and_not_decoded() -> None:
    plan = compare(Disk({"/films/a.mp4": ("a", 2)}), [known("/films/a.mp4", "a", 1)])
    assert [touched.file.mtime_ns for touched in plan.touched] == [2]
    assert len(plan.unchanged) == 1
    assert not plan.work


def test_a_file_with_other_content_is_changed() -> None:
    plan = compare(Disk({"/films/a.mp4": ("aa", 2)}), [known("/films/a.mp4", "a")])
    assert reasons(plan) == {"/films/a.mp4": Why.CHANGED}


def test_another_recipe_makes_a_video_stale() -> None:
    plan = compare(Disk({"/films/a.mp4": ("a", 1)}), [known("/films/a.mp4", "a")], recipe="clips:2")
    assert reasons(plan) == {"/films/a.mp4": Why.STALE}


def test_only_the_changed_part_of_a_recipe_is_stale() -> None:
    assert stale_parts("clips:1", "clips:1 emotion:9") == {"emotion"}
    assert stale_parts("clips:1 emotion:8", "clips:1 emotion:9") == {"emotion"}
    assert stale_parts("clips:1 emotion:9", "clips:1") == set()
    assert stale_parts("", "clips:1") == {"clips"}


def test_a_new_classifier_keeps_the_clips_and_makes_its_own_part() -> None:
    video = known("/films/a.mp4", "a", recipe="clips:1 mood:1")
    plan = compare(Disk({"/films/a.mp4": ("a", 1)}), [video], recipe="clips:1 mood:2 deed:1")
    (work,) = plan.work
    assert (work.why, work.known, work.parts) == (Why.STALE, video, {"mood", "deed"})
    assert not work.makes("clips")


def test_changed_clips_make_every_part_anew() -> None:
    video = known("/films/a.mp4", "a", recipe="clips:1 mood:1")
    (work,) = compare(Disk({"/films/a.mp4": ("a", 1)}), [video], recipe="clips:2 mood:1").work
    assert work.known is None
    assert work.makes("clips")
    assert work.makes("mood")


def test_a_failed_file_is_not_decoded_for_a_new_classifier() -> None:
    failed = known("/films/a.mp4", "a", state=VideoState.FAILED, code="no-video")
    plan = compare(Disk({"/films/a.mp4": ("a", 1)}), [failed], recipe=f"{RECIPE} mood:1")
    assert not plan.work
    assert len(plan.failed_before) == 1


def test_the_parts_of_a_recipe_are_made_and_dropped_by_name() -> None:
    assert with_parts("clips:1 mood:1 deed:1", "clips:1 mood:2", {"mood"}) == "clips:1 deed:1 mood:2"
    assert without_parts("clips:1 mood:1", {"mood"}) == "clips:1"


def test_a_recipe_names_what_a_classifier_is_and_needs() -> None:
    plan = ClipPlan(8, 5.0, 32)
    spec = ClassifierSpec("mood", ("red",), "c0", FramesNeeded(1.0, 8, 8, "crop"))
    alone, whole = recipe_of(FAKE_SPEC, plan), recipe_of(FAKE_SPEC, plan, [spec])
    assert whole.startswith(f"{alone} mood:")
    for changed in (replace(spec, fingerprint="c1"), replace(spec, needs=FramesNeeded(2.0, 8, 8, "crop"))):
        assert stale_parts(whole, recipe_of(FAKE_SPEC, plan, [changed])) == {"mood"}


def test_a_renamed_file_is_moved_and_not_decoded() -> None:
    plan = compare(Disk({"/films/new.mp4": ("a", 1)}), [known("/films/old.mp4", "a")])
    assert [(moved.video.relpath, moved.relpath) for moved in plan.moved] == [("old.mp4", "new.mp4")]
    assert not plan.work
    assert not plan.removed


def test_a_file_moved_between_roots_keeps_its_rows_even_when_only_its_new_place_is_looked_at() -> None:
    disk = Disk({"/disk/a.mp4": ("a", 1)})
    plan = compare(disk, [known("/films/a.mp4", "a")], roots=[ROOT, OTHER], scope=[OTHER], found=disk.found(OTHER))
    assert [(moved.root, moved.relpath) for moved in plan.moved] == [(OTHER, "a.mp4")]


def test_a_disk_mounted_elsewhere_is_moved_and_not_missing() -> None:
    disk = Disk({"/disk/a.mp4": ("a", 1)})
    plan = compare(disk, [known("/films/a.mp4", "a")], absent=[ROOT], scope=[ROOT, OTHER], found=disk.found(OTHER))
    assert len(plan.moved) == 1
    assert not plan.missing


def test_a_copy_is_a_video_of_its_own() -> None:
    disk = Disk({"/films/a.mp4": ("a", 1), "/films/copy.mp4": ("a", 1)})
    plan = compare(disk, [known("/films/a.mp4", "a")])
    assert reasons(plan) == {"/films/copy.mp4": Why.NEW}
    assert len(plan.unchanged) == 1


def test_a_file_replaced_by_another_known_one_takes_over_that_ones_rows() -> None:
    disk = Disk({"/films/a.mp4": ("bb", 1)})
    plan = compare(disk, [known("/films/a.mp4", "a"), known("/films/b.mp4", "bb")])
    assert [(moved.video.relpath, moved.relpath) for moved in plan.moved] == [("b.mp4", "a.mp4")]
    assert not plan.work


def test_two_files_like_one_that_is_gone_make_one_move_and_one_new_video() -> None:
    disk = Disk({"/films/b.mp4": ("a", 1), "/films/c.mp4": ("a", 1)})
    plan = compare(disk, [known("/films/a.mp4", "a")])
    assert (len(plan.moved), len(plan.work), len(plan.removed)) == (1, 1, 0)


def test_a_deleted_file_is_removed() -> None:
    plan = compare(Disk({}), [known("/films/a.mp4", "a")])
    assert [video.relpath for video in plan.removed] == ["a.mp4"]


def test_nothing_of_an_absent_root_is_removed_and_all_of_it_is_missing() -> None:
    videos = [known("/films/a.mp4", "a"), known("/films/sub/b.mp4", "b")]
    plan = compare(Disk({}), videos, absent=[ROOT], scope=[ROOT / "sub"])
    assert not plan.removed
    assert len(plan.missing) == 2


def test_a_missing_video_that_is_there_again_returns() -> None:
    video = known("/films/a.mp4", "a", state=VideoState.MISSING)
    plan = compare(Disk({"/films/a.mp4": ("a", 1)}), [video])
    assert plan.returned == [video]
    assert plan.unchanged == [video]


def test_a_file_given_by_name_says_nothing_about_its_siblings() -> None:
    disk = Disk({"/films/a.mp4": ("a", 1)}, by_name=True)
    plan = compare(disk, [known("/films/gone.mp4", "g")], scope=[ROOT / "a.mp4"])
    assert reasons(plan) == {"/films/a.mp4": Why.NEW}
    assert not plan.removed


def test_a_subfolder_says_nothing_about_the_rest_of_its_root() -> None:
    disk = Disk({"/films/sub/a.mp4": ("a", 1)})
    plan = compare(disk, [known("/films/gone.mp4", "g")], scope=[ROOT / "sub"], found=disk.found(ROOT / "sub"))
    assert [(work.root, work.relpath) for work in plan.work] == [(ROOT, "sub/a.mp4")]
    assert not plan.removed


def test_what_a_pattern_leaves_out_is_kept_as_it_is() -> None:
    disk = Disk({"/films/a.mp4": ("a", 1)})
    plan = compare(disk, [known("/films/a.mp4", "a")], found=[])
    assert plan == Plan()


def test_a_known_file_keeps_its_video_when_a_root_around_it_is_indexed() -> None:
    disk = Disk({"/films/sub/a.mp4": ("a", 1), "/films/sub/b.mp4": ("b", 1)})
    inner = ROOT / "sub"
    plan = compare(disk, [known("/films/sub/a.mp4", "a", root=inner)], roots=[inner])
    assert len(plan.unchanged) == 1
    assert [(work.root, work.relpath) for work in plan.work] == [(inner, "b.mp4")]


def test_a_failed_video_fails_again_with_its_reason_and_without_decoding() -> None:
    video = known("/films/a.mp4", "a", state=VideoState.FAILED, code="encrypted")
    plan = compare(Disk({"/films/a.mp4": ("a", 1)}), [video])
    assert [(again.code, again.reason) for again in plan.failed_before] == [("encrypted", "a reason")]
    assert not plan.work


def test_retry_decodes_failed_and_partial_videos_again_and_no_others() -> None:
    videos = [
        known("/films/failed.mp4", "f", state=VideoState.FAILED, code="encrypted"),
        known("/films/partial.mp4", "p", state=VideoState.PARTIAL, code="damaged"),
        known("/films/good.mp4", "g"),
    ]
    disk = Disk({f"/films/{name}.mp4": (name[0], 1) for name in ("failed", "partial", "good")})
    plan = compare(disk, videos, retry=True)
    assert set(reasons(plan)) == {"/films/failed.mp4", "/films/partial.mp4"}


def test_a_file_that_cannot_be_read_is_named_and_its_rows_are_kept() -> None:
    disk = Disk({"/films/a.mp4": ("a", 2)})

    def refuse(path: Path) -> str:
        raise PermissionError(13, "Permission denied")

    plan = plan_changes(
        disk.found(),
        [ROOT],
        Known([ROOT], [], [known("/films/a.mp4", "a")]),
        RECIPE,
        fingerprint=refuse,
        gone=disk.gone,
    )
    assert plan == Plan(unreadable=[(ROOT / "a.mp4", "Permission denied")])


names = st.sampled_from([f"/films/{folder}{name}.mp4" for folder in ("", "x/") for name in "abcd"])
contents = st.sampled_from(["p", "q", "rr", "ss"])
disks = st.dictionaries(names, st.tuples(contents, st.integers(1, 2)), max_size=8)


@given(before=disks, after=disks)
def test_every_file_found_and_every_video_known_has_exactly_one_fate(
    before: dict[str, tuple[str, int]], after: dict[str, tuple[str, int]]
) -> None:
    videos = [known(path, content, date) for path, (content, date) in before.items()]
    plan = compare(Disk(after), videos)
    files = [str(work.path) for work in plan.work]
    files += [str(video.path) for video in plan.unchanged]
    files += [str(moved.root / moved.relpath) for moved in plan.moved]
    assert sorted(files) == sorted(after)
    replaced = {str(moved.root / moved.relpath) for moved in plan.moved} & set(before)
    fates = [str(work.path) for work in plan.work if work.why is Why.CHANGED]
    fates += [str(video.path) for video in (*plan.unchanged, *plan.removed)]
    fates += [str(moved.video.path) for moved in plan.moved]
    assert sorted([*fates, *replaced]) == sorted(before)


@given(disks)
def test_a_second_look_at_the_same_disk_finds_nothing_to_do(files: dict[str, tuple[str, int]]) -> None:
    disk = Disk(files)
    videos = [known(path, content, date) for path, (content, date) in files.items()]
    plan = compare(disk, videos)
    assert plan == Plan(unchanged=plan.unchanged)
    assert len(plan.unchanged) == len(files)
    assert not disk.fingerprinted
