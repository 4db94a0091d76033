"""What a run of `vsearch index` did, in a few calm lines."""

from __future__ import annotations

from pathlib import Path

from indexer.reporting.pace import duration
from indexer.reporting.report import Report
from search.printing import visible

FAILURES_SHOWN = 10


def sentences(report: Report) -> list[str]:
    """What was done, what failed and why, what to do next; a line each."""
    if not report.videos.total() and not report.to_decode:
        return [f"No videos found in {_names(report.look.asked)}.{_passed_over(report)}"]
    lines = [f"{what:8} {visible(str(path))}" for what, path in report.foreseen]
    if report.interrupted:
        lines.append(
            f"interrupted: {report.decoded} of {report.to_decode} videos done; run the same command to go on"
        )
    if not report.interrupted or report.videos.total():
        lines.append(_what_was_done(report))
    if report.clips:
        pace = report.film_seconds / max(report.wall_seconds, 1e-3)
        lines.append(
            f"{_number(report.clips, 'clip')} from {duration(report.film_seconds)} of film"
            f" in {duration(report.wall_seconds)} ({pace:.1f}x real time)."
        )
    if report.retagged:
        lines.append(f"The tags of {_number(report.retagged, 'video')} were made anew, as other ones were chosen.")
    lines += [
        f"{visible(str(root))} is not there, or is empty: its videos are kept as missing"
        " (`vsearch forget` removes them)."
        for root in report.look.absent
    ]
    lines += [
        f"{visible(str(folder))} cannot be read; what is in it was left as it is."
        for folder in report.look.unreadable_folders
    ]
    lines += _failures(report)
    lines += _words_passed_over(report)
    if report.videos["partial"]:
        lines.append("`vsearch status --failures` says how much of a partial video was decoded, and why.")
    if report.clips and not report.interrupted:
        lines.append('next: vsearch search "what you are looking for"')
    return lines


def _what_was_done(report: Report) -> str:
    """Like `Indexed 12 videos; 2 partial, 140 unchanged, 1 moved.`"""
    videos = report.videos
    others = ("partial", "updated", "unchanged", "moved", "removed", "missing", "failed")
    rest = [f"{videos[name]} {name}" for name in others if videos[name]]
    if videos["stale"]:
        rest.append(f"{videos['stale']} done anew because the recipe changed")
    if videos["growing"]:
        rest.append(f"{videos['growing']} still changing, left for the next run")
    said = "So far nothing new" if report.interrupted else "Nothing new"
    if videos["indexed"]:
        verb = "Would index" if report.dry_run else "Indexed"
        said = f"{verb} {_number(videos['indexed'], 'new video')}"
    return said + ("; " + ", ".join(rest) if rest else "") + "." + _passed_over(report)


def _passed_over(report: Report) -> str:
    counted = ", ".join(
        f"{count} {what.replace('_', ' ')}" for what, count in report.look.passed_over.items() if count
    )
    return f" Passed over: {counted}." if counted else ""


def _failures(report: Report) -> list[str]:
    if not report.failures:
        return []
    lines = [f"{_number(len(report.failures), 'file')} failed:"]
    lines += [f"  {visible(one.path)}: {one.reason}" for one in report.failures[:FAILURES_SHOWN]]
    if len(report.failures) > FAILURES_SHOWN:
        lines.append(f"  and {len(report.failures) - FAILURES_SHOWN} more: vsearch status --failures")
    return lines


def _words_passed_over(report: Report) -> list[str]:
    shown = report.words_passed_over[:FAILURES_SHOWN]
    lines = [f"words left out of {visible(str(path))}: {visible(line)}" for path, line in shown]
    if len(report.words_passed_over) > FAILURES_SHOWN:
        lines.append(f"  and {len(report.words_passed_over) - FAILURES_SHOWN} more: --json names them")
    return lines


def _number(count: int, thing: str) -> str:
    return f"{count} {thing}" + ("" if count == 1 else "s")


def _names(paths: list[Path]) -> str:
    return ", ".join(visible(str(path)) for path in paths)
