"""Channels as lines to draw: in pieces where data is missing, thinned to what a page can show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labapp.model.trace import Channel

Piece = tuple[NDArray[np.int64], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Window:
    """The stretch of a recording that is drawn, and the columns it is drawn in."""

    from_us: int
    to_us: int
    left: float
    right: float

    def x(self, t_us: int) -> float:
        """Return the column of an instant, inside the window."""
        inside = min(max(t_us, self.from_us), self.to_us)
        share = (inside - self.from_us) / max(1, self.to_us - self.from_us)
        return self.left + share * (self.right - self.left)


def pieces(channel: Channel, gaps: tuple[tuple[int, int], ...], window: Window) -> Iterator[Piece]:
    """Yield the known stretches of a channel inside the window, each with its samples.

    A stretch ends where a value is unknown, where a sample got stale, and at every gap; its last
    value is repeated where it ends.
    """
    t, y = channel.t_us, channel.value
    first = max(0, int(np.searchsorted(t, window.from_us, "right")) - 1)
    last = int(np.searchsorted(t, window.to_us, "right"))
    t, y = t[first:last], y[first:last]
    if not len(t):
        return
    ends = _ends(channel, t, gaps)
    known = ~np.isnan(y)
    breaks = np.flatnonzero(~known[1:] | ~known[:-1] | (ends[:-1] < t[1:])) + 1
    for chosen in np.split(np.arange(len(t)), breaks):
        if known[chosen[0]] and ends[chosen[-1]] > window.from_us:
            at = np.append(t[chosen], min(int(ends[chosen[-1]]), window.to_us))
            yield at, np.append(y[chosen], y[chosen[-1]])


def _ends(
    channel: Channel, t: NDArray[np.int64], gaps: tuple[tuple[int, int], ...]
) -> NDArray[np.int64]:
    """Return until when each sample holds, were there no next one."""
    ends = t + channel.stale_after_us
    for from_us, to_us in (*gaps, *channel.gaps_us):
        ends = np.where((t < from_us) & (ends > from_us), from_us, ends)
        ends = np.where((t >= from_us) & (t < to_us), t, ends)
    following = np.append(t[1:], np.iinfo(np.int64).max)
    held: NDArray[np.int64] = np.minimum(ends, following)
    return held


def thinned(piece: Piece, window: Window) -> Piece:
    """Return at most the lowest and the highest sample of every column of the page."""
    t, y = piece
    columns = int(window.right - window.left)
    if len(t) <= 2 * columns:
        return piece
    share = (t - window.from_us) / max(1, window.to_us - window.from_us)
    column = np.clip(share * columns, 0, columns - 1).astype(np.int64)
    starts = np.flatnonzero(np.diff(column, prepend=-1))
    chosen = {0, len(t) - 1}
    for low, high in zip(starts, [*starts[1:], len(t)], strict=True):
        chosen |= {int(low + np.argmin(y[low:high])), int(low + np.argmax(y[low:high]))}
    order = np.array(sorted(chosen))
    return t[order], y[order]


def runs(
    channel: Channel, gaps: tuple[tuple[int, int], ...], window: Window
) -> list[tuple[int, int, float]]:
    """Return the stretches on which a state is known: from, to, value; equal neighbours as one."""
    found: list[tuple[int, int, float]] = []
    for t, y in pieces(channel, gaps, window):
        for index in range(len(t) - 1):
            from_us, to_us, value = int(t[index]), int(t[index + 1]), float(y[index])
            if found and found[-1][1] == from_us and found[-1][2] == value:
                found[-1] = (found[-1][0], to_us, value)
            else:
                found.append((from_us, to_us, value))
    return found


def steps_of(low: float, high: float, most: int) -> list[float]:
    """Return round numbers from ``low`` to ``high``, ``most`` at most."""
    span = max(high - low, 1e-9)
    size = 10.0 ** np.floor(np.log10(span / most))
    step = next(s * size for s in (1, 2, 5, 10, 20) if span / (s * size) <= most)
    first = int(np.ceil(low / step - 1e-9))
    return [float(n * step) for n in range(first, int(np.floor(high / step + 1e-9)) + 1)]
