"""Curves: broken where nothing is known, thinned without losing a peak."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labapp.model.trace import Channel
from labapp.model.verdict import Cite
from labapp.report.curves import Window, pieces, runs, steps_of, thinned
from labapp.report.plot import is_as_expected

WINDOW = Window(0, 1000, 0.0, 100.0)
NARROW = Window(0, 1000, 0.0, 20.0)


def _channel(pairs: list[tuple[int, float]], stale_us: int = 150) -> Channel:
    t = np.array([t for t, _ in pairs], np.int64)
    return Channel("1", stale_us, t, np.array([v for _, v in pairs], np.float64), ("off", "on"))


def test_a_stale_sample_ends_a_piece() -> None:
    found = list(pieces(_channel([(0, 1), (100, 2), (600, 3)]), (), WINDOW))
    assert [(t.tolist(), y.tolist()) for t, y in found] == [
        ([0, 100, 250], [1, 2, 2]),
        ([600, 750], [3, 3]),
    ]


def test_gaps_and_unknown_values_end_a_piece() -> None:
    channel = _channel([(0, 1), (100, 1), (200, np.nan), (300, 1), (400, 1)])
    found = [(int(t[0]), int(t[-1])) for t, _ in pieces(channel, ((340, 380),), WINDOW)]
    assert found == [(0, 200), (300, 340), (400, 550)]


def test_a_state_is_drawn_as_it_holds() -> None:
    channel = _channel([(0, 0), (100, 0), (200, 1), (300, 0)])
    assert runs(channel, (), WINDOW) == [(0, 200, 0), (200, 300, 1), (300, 450, 0)]


def test_a_window_shows_what_held_before_it() -> None:
    channel = _channel([(0, 1), (400, 2)], stale_us=10_000)
    shown = runs(channel, (), Window(200, 500, 0.0, 100.0))
    assert shown == [(0, 400, 1), (400, 500, 2)]
    assert list(pieces(_channel([]), (), WINDOW)) == []


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=500))
def test_thinning_keeps_the_ends_and_the_extremes(values: list[float]) -> None:
    t = np.linspace(0, 1000, len(values)).astype(np.int64)
    kept_t, kept = thinned((t, np.array(values)), NARROW)
    assert len(kept) <= 2 * 20 + 2
    assert kept.min() == min(values)
    assert kept.max() == max(values)
    assert (kept[0], kept[-1]) == (values[0], values[-1])
    assert np.all(np.diff(kept_t) >= 0)


@given(st.floats(-1e5, 1e5), st.floats(1e-3, 1e5))
def test_axis_numbers_are_few_and_inside(low: float, span: float) -> None:
    found = steps_of(low, low + span, 5)
    assert 1 <= len(found) <= 7 or span < 1e-2
    assert all(low - span * 1e-6 <= value <= low + span * (1 + 1e-6) for value in found)


@pytest.mark.parametrize(
    ("expected", "seen", "is_so"),
    [
        ("on", "on", True),
        ("on", "off", False),
        (">= 30 ppm", "30..34 ppm", True),
        (">= 30 ppm", "29 ppm", False),
        ("< 57 Cel", "56.75 Cel", True),
        ("<= -5 Cel", "-7..-4 Cel", False),
        ("> 1 s", "no data", False),
    ],
)
def test_only_what_was_not_as_expected_is_hatched(expected: str, seen: str, is_so: bool) -> None:
    assert is_as_expected(Cite("a", 0, 1, expected, seen)) is is_so
