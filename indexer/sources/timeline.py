"""From the timestamps a decoder gives to seconds of film that only rise (pure)."""

from __future__ import annotations

import math

LONGEST_HOLD = 3600.0
"""Seconds. A longer jump forward is a broken clock and not a picture shown for that long."""
FASTEST = 480.0
"""Frames a second; a higher nominal rate is the tick of a clock (FLV says 1000)."""
DEFAULT_RATE = 25.0


class Timeline:
    """Places frames, in the order they are decoded, on the axis that begins with the first shown frame.

    - Presentation times are believed as long as they go back no more often than decoding times do, else those
      (as FFmpeg guesses its best-effort timestamp).
    - No timestamp, or the same again: one nominal step after the frame before.
    - A little backward (up to two steps): muxing jitter; squeezed in behind the frame before.
    - Further backward, or more than an hour forward: the clock was set anew (joined files, a wrap); the film goes
      on one nominal step after the frame before.
    """

    def __init__(self, rate: float) -> None:
        """`rate`: nominal frames a second; 25 is taken for rates that nothing is filmed at."""
        self.step = 1 / (rate if 1e-4 <= rate <= FASTEST else DEFAULT_RATE)
        self._origin = 0.0
        self._stamp = math.nan  # the last timestamp that was there
        self._last = -self.step
        self._shown = self._decoded = -math.inf
        self._trust = 0  # how much oftener decoding times went back than presentation times
        self._leaps = False

    def leap(self) -> None:
        """The next frame is from elsewhere in the same film: its timestamp is believed, however far it lies."""
        self._leaps = True
        self._shown = self._decoded = -math.inf

    def place(self, shown: float | None, decoded: float | None = None) -> float:
        """Seconds of film for a frame with this presentation and decoding time (seconds, None where it has none)."""
        self._last = time = self._time(self._believed(shown, decoded))
        return time

    def stamp_of(self, time: float) -> float:
        """The timestamp, in seconds, that a time of film has in the file."""
        return time + self._origin

    def hold(self, duration: float) -> float:
        """Seconds for which the last placed frame is shown if none follows; `duration` is what the file says."""
        return duration if 0 < duration <= LONGEST_HOLD else self.step

    def _believed(self, shown: float | None, decoded: float | None) -> float | None:
        if shown is not None:
            self._trust -= shown <= self._shown
            self._shown = shown
        if decoded is not None:
            self._trust += decoded <= self._decoded
            self._decoded = decoded
        return decoded if shown is None or (decoded is not None and self._trust < 0) else shown

    def _time(self, stamp: float | None) -> float:
        following = self._last + self.step
        if stamp is None:
            return following
        if self._leaps:
            self._leaps, self._stamp = False, stamp
            return max(stamp - self._origin, 0.0)
        change, self._stamp = stamp - self._stamp, stamp
        if math.isnan(change) or change < -2 * self.step or change > LONGEST_HOLD:
            self._origin = stamp - following
        elif change == 0:
            return following
        return max(stamp - self._origin, self._last + self.step / 16)
