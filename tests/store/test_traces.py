"""Recordings as traces, and as tables."""

from __future__ import annotations

import csv
import itertools
import math
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from labapp.model.reading import Gap, Quality, Reading, Reason
from labapp.model.text import Text
from labapp.store.evidence import open_evidence, seal
from labapp.store.export import export_csv
from labapp.store.traces import FOREVER_US, merged, trace_of
from tests.store.samples import FILES, KIT, MANIFEST, FakeKit, FakePoint, record, sealed, story


def test_every_point_of_the_kit_has_a_channel(tmp_path: Path) -> None:
    trace = open_evidence(sealed(tmp_path)).trace(KIT)
    assert list(trace.channels) == ["temp", "buzzer"]
    temp, buzzer = trace.channels["temp"], trace.channels["buzzer"]
    assert (temp.unit, temp.stale_after_us, temp.name) == ("Cel", 500_000, KIT.points[0].name)
    assert buzzer.states == ("off", "on")
    assert temp.t_us.dtype == np.int64
    assert temp.value.dtype == np.float64
    given = [r for r in story(3) if isinstance(r, Reading) and r.point == "temp"]
    assert temp.t_us.tolist() == [r.t_us for r in given]
    bad = [i for i, r in enumerate(given) if r.quality == Quality.BAD]
    assert bad
    assert np.flatnonzero(np.isnan(temp.value)).tolist() == bad
    assert trace.gaps_us == ((1_000_001, 1_099_999),)


def test_a_point_without_readings_is_unknown_and_not_missing() -> None:
    kit = FakeKit((FakePoint("a", Text("甲", "A")), FakePoint("b", Text("乙", "B"), stale_us=0)))
    trace = trace_of(kit, {"a": [Reading("a", 5, 1.0)], "x": [Reading("x", 5, 1.0)]}, (), (0, 10))
    assert list(trace.channels) == ["a", "b"]
    assert len(trace.channels["b"].t_us) == 0
    assert trace.channels["b"].stale_after_us == FOREVER_US


def test_answers_alone_have_no_channels() -> None:
    assert trace_of(KIT, {}, (), (0, 0)).channels == {}


def test_gaps_go_to_the_points_that_they_name() -> None:
    gaps = [
        Gap(10, 20, Reason.LINK_DOWN),
        Gap(15, 30, Reason.LINK_DOWN),
        Gap(40, 50, Reason.TIMEOUT, ("temp",)),
        Gap(60, 60, Reason.LINK_DOWN),
    ]
    trace = trace_of(KIT, {}, gaps, (0, 100))
    assert trace.gaps_us == ((10, 30),)
    assert trace.channels["temp"].gaps_us == ((40, 50),)
    assert trace.channels["buzzer"].gaps_us == ()


def test_readings_out_of_order_are_put_in_order_and_equal_instants_keep_theirs() -> None:
    readings = [Reading("temp", t, float(v)) for v, t in enumerate((30, 10, 20, 10))]
    channel = trace_of(KIT, {"temp": readings}, (), (0, 100)).channels["temp"]
    assert channel.t_us.tolist() == [10, 10, 20, 30]
    assert channel.value.tolist() == [1.0, 3.0, 2.0, 0.0]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50))))
def test_merged_gaps_cover_the_same_instants(pairs: list[tuple[int, int]]) -> None:
    found = merged(Gap(a, b, Reason.LINK_DOWN) for a, b in pairs)
    assert {t for a, b in found for t in range(a, b)} == {t for a, b in pairs for t in range(a, b)}
    assert all(b < c for (_, b), (c, _) in itertools.pairwise(found))


def test_the_table_has_every_reading_and_every_digit(tmp_path: Path) -> None:
    values = [0.1, 1 / 3, 1e-310, -0.0, 1e22, 5.0, math.inf, 123456789.123456789]
    given: list[Reading] = [Reading("temp", i, v) for i, v in enumerate(values)]
    given.append(Reading('odd, "point"', 99, None, None, Quality.BAD, Reason.TIMEOUT))
    given.append(Reading("temp", 100, math.nan, None, Quality.UNCERTAIN))
    record(tmp_path, given, 1000)
    evidence = open_evidence(seal(tmp_path, MANIFEST, FILES))
    out = tmp_path / "out.csv"
    assert export_csv(evidence, out) == len(given)
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["t_us", "point", "value", "quality"]
    assert [float(row["value"]).hex() for row in rows[: len(values)]] == [v.hex() for v in values]
    assert rows[-2] == {"t_us": "99", "point": 'odd, "point"', "value": "", "quality": "bad"}
    assert math.isnan(float(rows[-1]["value"]))
