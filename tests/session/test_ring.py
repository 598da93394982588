from __future__ import annotations

import threading
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labapp.model.reading import Gap, Quality, Reading, Reason
from labapp.session import ring as ring_module
from labapp.session.ring import PlotRing

Window = tuple[np.ndarray, np.ndarray, np.ndarray]


def filled(samples: Sequence[tuple[int, float | None]], point: str = "temp") -> PlotRing:
    ring = PlotRing((point, "other"))
    ring.take([Reading(point, t_us, value) for t_us, value in samples])
    return ring


def test_what_fits_is_given_one_by_one_with_a_neighbour_beyond_each_end() -> None:
    ring = filled([(t * 1000, float(t)) for t in range(10)])
    t_us, low, high = ring.window("temp", 3000, 6000, 100)
    assert t_us.tolist() == [2000, 3000, 4000, 5000, 6000, 7000]
    assert low.tolist() == high.tolist() == [2.0, 3.0, 4.0, 5.0, 6.0, 7.0]


def test_a_reading_without_a_value_breaks_the_line() -> None:
    ring = PlotRing(("temp",))
    bad = Reading("temp", 1000, None, None, Quality.BAD, Reason.TIMEOUT)
    ring.take([Reading("temp", 0, 1.0), bad, Reading("temp", 2000, 3.0)])
    _, low, high = ring.window("temp", 0, 2000, 100)
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [False, True, False]


def test_a_gap_is_one_nan_where_it_begins_however_late_it_is_told() -> None:
    ring = filled([(0, 1.0), (1000, 2.0), (9000, 3.0), (10_000, 4.0)])
    ring.gap(Gap(1500, 9000, Reason.LINK_DOWN))
    t_us, low, _ = ring.window("temp", 0, 10_000, 100)
    assert t_us.tolist() == [0, 1000, 1500, 9000, 10_000]
    assert np.isnan(low).tolist() == [False, False, True, False, False]


def test_a_gap_of_some_points_leaves_the_others_alone() -> None:
    ring = filled([(0, 1.0), (9000, 3.0)])
    ring.gap(Gap(1500, 9000, Reason.TIMEOUT, ("other", "unheard-of")))
    assert ring.window("temp", 0, 10_000, 100)[0].tolist() == [0, 9000]


def test_a_gap_shows_at_every_zoom() -> None:
    ring = filled([(t * 1000, 1.0) for t in range(5000) if not 2000 <= t < 3000])
    ring.gap(Gap(2_000_000, 3_000_000, Reason.LINK_DOWN))
    for columns in (50, 200, 1366, 6000):
        t_us, low, _ = ring.window("temp", 0, 5_000_000, columns)
        broken = t_us[np.isnan(low)]
        assert len(broken) == 1, columns
        assert 2_000_000 <= broken[0] < 3_000_000
        assert t_us.size <= columns


def test_an_unknown_point_and_an_empty_window_give_nothing() -> None:
    ring = filled([(0, 1.0)])
    for window in (
        ring.window("nonsense", 0, 10, 10),
        ring.window("other", 0, 10, 10),
        ring.window("temp", 10, 0, 10),
        ring.window("temp", 0, 10, 0),
    ):
        assert [part.size for part in window] == [0, 0, 0]
        assert window[0].dtype == np.int64


def test_readings_of_unknown_points_are_left_out() -> None:
    ring = PlotRing(("temp",))
    ring.take([Reading("nonsense", 0, 1.0), Reading("temp", 5, 2.0)])
    assert ring.window("temp", 0, 10, 10)[0].tolist() == [5]


VALUES = st.one_of(st.none(), st.floats(-1e6, 1e6, allow_nan=False))
STEPS = st.lists(st.tuples(st.integers(0, 50_000), VALUES), max_size=600)


@given(
    steps=STEPS,
    columns=st.integers(1, 80),
    ends=st.tuples(st.integers(0, 2_000_000), st.integers(0, 2_000_000)),
)
def test_a_window_is_what_a_simple_scan_finds(
    steps: list[tuple[int, float | None]], columns: int, ends: tuple[int, int]
) -> None:
    times = np.cumsum([step for step, _ in steps], dtype=np.int64)
    values = np.array([np.nan if v is None else v for _, v in steps], dtype=float)
    ring = filled([(int(t), v) for t, (_, v) in zip(times, steps, strict=True)])
    from_us, to_us = min(ends), max(ends)
    t_us, low, high = ring.window("temp", from_us, to_us, columns)
    assert t_us.size == low.size == high.size <= columns
    assert np.all(np.diff(t_us) >= 0)
    inside = (times >= from_us) & (times <= to_us)
    around = [bool(np.any(times < from_us)), bool(np.any(times > to_us))]
    if inside.sum() + sum(around) <= columns:
        first = np.flatnonzero(times < from_us)[-1:]
        last = np.flatnonzero(times > to_us)[:1]
        shown = np.concatenate((first, np.flatnonzero(inside), last))
        assert t_us.tolist() == times[shown].tolist()
        assert np.array_equal(low, values[shown], equal_nan=True)
        assert np.array_equal(high, values[shown], equal_nan=True)
        return
    check_columns(times[inside], values[inside], (t_us, low, high), from_us, to_us, columns)


def check_columns(
    times: np.ndarray, values: np.ndarray, got: Window, from_us: int, to_us: int, columns: int
) -> None:
    """Every column has the extremes of its own samples, found by looking at each of them."""
    width = max(1, -(-(to_us - from_us) // max(1, columns - 1)))
    if columns == 1:
        width = to_us + 1
    expected: dict[int, list[float]] = {}
    for t, value in zip(times.tolist(), values.tolist(), strict=True):
        expected.setdefault(t // width, []).append(value)
    assert (got[0] // width).tolist() == sorted(expected)
    for index, column in enumerate(sorted(expected)):
        known = [v for v in expected[column] if v == v]
        if known:
            assert got[1][index] == min(known)
            assert got[2][index] == max(known)
        else:
            assert np.isnan(got[1][index])
            assert np.isnan(got[2][index])


@pytest.fixture
def small_levels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ring_module, "_LEVELS", ((1, 1024), (16, 1024), (256, 1024)))


@pytest.mark.usefixtures("small_levels")
def test_old_readings_stay_as_lowest_and_highest() -> None:
    count = 40_000
    values = np.random.default_rng(5).normal(size=count)
    ring = filled([(t * 1000, float(v)) for t, v in enumerate(values)])
    t_us, low, high = ring.window("temp", 0, count * 1000, 400)
    # One column is 100 samples, a block 16 or 256: bounds are right to a block.
    assert 100 < t_us.size <= 400
    assert low.min() == values.min()
    assert high.max() == values.max()
    for (first, bottom, top), after in pairwise(
        [*zip(t_us.tolist(), low, high, strict=True), (count * 1000, 0, 0)]
    ):
        own = values[first // 1000 : after[0] // 1000]
        assert bottom == own.min()
        assert top == own.max()


@pytest.mark.usefixtures("small_levels")
def test_memory_is_bounded() -> None:
    ring = filled([(t * 1000, 1.0) for t in range(60_000)])
    store = ring._stores["temp"]
    assert [level._t.size for level in store.levels] == [2048, 2048, 1024]
    assert store.levels[0].reaches(59_000 * 1000)
    assert not store.levels[0].reaches(0)


def test_columns_keep_their_bounds_while_the_window_moves() -> None:
    samples = [(t * 1000, float(t % 97)) for t in range(50_000)]
    ring = filled(samples)
    width = -(-10_000_000 // 99)
    a = ring.window("temp", 20_000_000, 30_000_000, 100)
    b = ring.window("temp", 20_000_000 + 3 * width, 30_000_000 + 3 * width, 100)
    before = dict(zip(a[0].tolist(), zip(a[1], a[2], strict=True), strict=True))
    after = dict(zip(b[0].tolist(), zip(b[1], b[2], strict=True), strict=True))
    # The columns at either window's edges are cut.
    shared = sorted(before.keys() & after.keys())[1:-1]
    assert len(shared) > 90
    assert all(before[t] == after[t] for t in shared)


def test_one_thread_may_write_while_another_looks() -> None:
    ring = PlotRing(("temp",))
    done = threading.Event()

    def write() -> None:
        for block in range(200):
            ring.take([Reading("temp", (block * 50 + i) * 1000, float(block)) for i in range(50)])
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    looks = 0
    while not done.is_set() or looks == 0:
        t_us, low, high = ring.window("temp", 0, 20_000_000, 500)
        assert t_us.size == low.size == high.size
        assert np.all(np.diff(t_us) >= 0)
        assert np.all(np.diff(low) >= 0)
        looks += 1
    writer.join()
    assert ring.window("temp", 0, 20_000_000, 500)[2].max() == 199.0
