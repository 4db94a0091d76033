"""Times of a film and days of the calendar, as people write them: read and written. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

TIME_EXAMPLES = "90, 90s, 1m30s, 1:30 or 1:02:03"
DAY_EXAMPLES = "2026, 2026-05 or 2026-05-03"
LONGEST_TIME = 1e9
"""Seconds; what is longer is a slip of the keyboard."""
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_CLOCK = re.compile(r"(?:([0-9]+):)?([0-9]+):([0-5]?[0-9](?:\.[0-9]+)?)")
_UNITS = re.compile(
    rf"(?:({_NUMBER})\s*h(?:ours?)?)?"
    rf"(?:({_NUMBER})\s*m(?:in(?:ute)?s?)?)?"
    rf"(?:({_NUMBER})\s*(?:s(?:ec(?:ond)?s?)?)?)?",
    re.IGNORECASE,
)
_DAYS = re.compile(r"([0-9]{4})(?:-([0-9]{1,2}))?(?:-([0-9]{1,2}))?")


def read_time(text: str) -> float | None:
    """Seconds: `90`, `90s`, `1m30s`, `2 minutes`, `1:30`, `1:02:03`. None when it is no time."""
    clock = _CLOCK.fullmatch(text)
    parts = (clock or _UNITS.fullmatch(text)) if text else None
    if parts is None or (clock and clock[1] and float(clock[2]) >= 60):
        return None
    hours, minutes, seconds = (float(part or 0) for part in parts.groups())
    total = 3600 * hours + 60 * minutes + seconds
    return total if total <= LONGEST_TIME else None


def write_time(seconds: float) -> str:
    """`45s`, `1:30`, `1:02:03`; fractions of a second are kept exactly, as `90.5s`."""
    if seconds != int(seconds):
        return f"{Decimal(repr(seconds)):f}s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02}:{rest:02}"
    return f"{minutes}:{rest:02}" if minutes else f"{rest}s"


def read_days(text: str) -> tuple[date, date] | None:
    """A year, a month or a day: its first day, and the day after its last. None when it is none of them."""
    found = _DAYS.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
        return first, _following(first, month is not None, day is not None)
    except (ValueError, OverflowError):
        return None


def write_days(first: date, end: date) -> str | None:
    """The shortest of year, month and day that runs from `first` to the day before `end`; None when none does."""
    year, month, day = f"{first.year:04}", f"{first:%m}", f"{first:%d}"
    spellings = (year, f"{year}-{month}", f"{year}-{month}-{day}")
    return next((text for text in spellings if read_days(text) == (first, end)), None)


def _following(first: date, has_month: bool, has_day: bool) -> date:
    if has_day:
        return first + timedelta(days=1)
    if not has_month or first.month == 12:
        return date(first.year + 1, 1, 1)
    return date(first.year, first.month + 1, 1)
