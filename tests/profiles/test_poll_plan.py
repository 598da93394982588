"""Which reads are planned, and how long they take."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labapp.model.text import Text
from labapp.profiles.load import load_profile
from labapp.profiles.poll_plan import bus_use, plan_reads, registers_of, wire_ms
from labapp.profiles.profile import ModbusMap, Place, Point, Profile

SHIPPED = Path(__file__).parents[2] / "device_profiles"
FIRE = load_profile("fire-safety", [SHIPPED])
# A map of forty points: what the kit defines, and a few floats at the end.
SPANS = ((0, 4), (10, 6), (30, 12), (44, 2), (60, 3), (100, 10))


def a_point(name: str, addr: int, kind: str = "uint16", period_us: int = 100_000) -> Point:
    at = Place(table="holding", addr=addr, type=kind)  # type: ignore[arg-type]
    return Point(id=name, name=Text("点", "point"), at=at, period_us=period_us)


def profile_of(points: list[Point], modbus: ModbusMap) -> Profile:
    return replace(FIRE, points=tuple(points), modbus=modbus)


def forty_points() -> list[Point]:
    words = [a_point(f"p{at}", at) for start, size in SPANS for at in range(start, start + size)]
    return [*words, a_point("f200", 200, "float32"), a_point("f202", 202, "float32")]


def test_the_fire_kit_needs_few_reads() -> None:
    blocks = [(b.table, b.addr, b.count, b.period_us // 1000) for b in plan_reads(FIRE)]
    assert blocks == [
        ("coil", 0, 4, 100), ("discrete", 0, 1, 100), ("holding", 0, 1, 100),
        ("input", 0, 1, 100), ("input", 1, 4, 200), ("input", 32, 3, 1000),
    ]  # fmt: skip


def test_declared_ranges_are_never_crossed() -> None:
    spans = [*[(start, start + size - 1) for start, size in SPANS], (200, 203)]
    readable = tuple(("holding", low, high) for low, high in spans)
    blocks = plan_reads(profile_of(forty_points(), ModbusMap(max_gap=16, readable=readable)))  # type: ignore[arg-type]
    assert [(b.addr, b.end - 1) for b in blocks] == spans


def test_small_holes_are_bridged_and_large_ones_not() -> None:
    blocks = plan_reads(profile_of(forty_points(), ModbusMap(max_registers=60, max_gap=16)))
    assert [(b.addr, b.end) for b in blocks] == [(0, 46), (60, 63), (100, 110), (200, 204)]


def test_refused_addresses_are_not_bridged() -> None:
    plan = plan_reads(profile_of(forty_points(), ModbusMap(max_gap=16)), refused={("holding", 5)})
    assert [(b.addr, b.end) for b in plan][:2] == [(0, 4), (10, 63)]


def test_points_can_stand_alone_or_be_left_out() -> None:
    points = [a_point("a", 0), a_point("b", 1), a_point("c", 2), a_point("d", 3)]
    plan = plan_reads(profile_of(points, ModbusMap()), alone={"b"}, without={"d"})
    assert [[p.id for p in b.points] for b in plan] == [["a"], ["b"], ["c"]]


def test_what_cannot_be_read_is_not() -> None:
    driven = replace(a_point("w", 5), access="w")
    assert plan_reads(profile_of([driven], ModbusMap())) == ()


KINDS = st.sampled_from(["uint16", "int32", "float32", "float64"])


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 300), KINDS), min_size=1, max_size=40),
    st.integers(4, 60),
    st.integers(0, 20),
    st.sets(st.integers(0, 300), max_size=20),
)
def test_every_plan_reads_every_value_whole_and_within_the_limits(
    places: list[tuple[int, str]], most: int, gap: int, refused: set[int]
) -> None:
    points = [a_point(f"p{i}", addr, kind) for i, (addr, kind) in enumerate(places)]
    profile = profile_of(points, ModbusMap(max_registers=most, max_gap=gap))
    blocks = plan_reads(profile, refused={("holding", at) for at in refused})
    assert sorted(p.id for b in blocks for p in b.points) == sorted(p.id for p in points)
    for block in blocks:
        assert block.count <= most
        claimed = {at for p in block.points for at in block.addresses_of(p)}
        assert claimed <= set(range(block.addr, block.end))
        for point in block.points:
            words = block.words_of(point, range(block.addr, block.end))
            assert words == list(range(point.at.addr, point.at.addr + registers_of(point)))
        assert not (set(range(block.addr, block.end)) - claimed) & refused


def test_the_time_of_a_read_on_the_wire() -> None:
    # 9600 baud, 11 bits: 13 + 2*10 characters of 1.1458 ms, two silences of 3.5, 10 ms to turn.
    assert wire_ms("input", 10, 9600, bits_per_char=11, gap_ms=0) == pytest.approx(55.83, abs=0.01)
    assert wire_ms("coil", 9, 115_200, bits_per_char=10, gap_ms=2) == pytest.approx(
        15 * 10 / 115.2 + 2 * 1.75 + 10 + 2
    )


def test_the_load_of_a_line() -> None:
    blocks = plan_reads(FIRE)
    assert bus_use(blocks, 115_200, bits_per_char=10, gap_ms=0) == pytest.approx(0.68, abs=0.01)
    assert bus_use(blocks, 9_600, bits_per_char=10, gap_ms=0) > 1
    once = [replace(block, period_us=0) for block in blocks]
    assert bus_use(once, 9_600, bits_per_char=10, gap_ms=0) == 0
