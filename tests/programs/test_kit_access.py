"""What may be written to a point: everything else is refused with a reason, before any wire."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labapp.model.text import Text
from labapp.programs.kit_access import (
    PointFacts,
    WriteRefused,
    accept,
    code_of,
    nearest,
    shown,
    unknown_point,
)
from tests.programs.fake_kit import POINTS


@pytest.mark.parametrize(
    ("point", "value", "wired"),
    [
        ("buzzer", "on", 1.0), ("buzzer", "ON", 1.0), ("buzzer", True, 1.0), ("buzzer", 0, 0.0),
        ("buzzer", 1.0, 1.0), ("gas_valve", "open", 1.0), ("fan", 0, 0.0), ("fan", 100, 100.0),
        ("fan", 12.5, 12.5), ("label", "hello", "hello"), ("label", "", ""),
    ],
)  # fmt: skip
def test_what_a_point_takes(point: str, value: object, wired: object) -> None:
    assert accept(point, value, POINTS) == wired
    assert type(accept(point, value, POINTS)) is type(wired)


@pytest.mark.parametrize(
    ("point", "value", "zh", "en"),
    [
        ("buzzer", "loud", 'buzzer 不能是 "loud"，它只有这些状态：off、on。', "states are off, on"),
        ("buzzer", 2, "不能是 2", "cannot be 2"),
        ("buzzer", 0.5, "不能是 0.5", "cannot be 0.5"),
        ("buzzer", None, "不能是 None", "cannot be None"),
        ("fan", 100.1, "允许的范围是 0 % … 100 %", "0 % … 100 % is allowed"),
        ("fan", -1, "不能是 -1 %", "cannot be -1 %"),
        ("fan", "50", '写来的是 "50"', "Write it like kit.fan = 50."),
        ("fan", True, "写来的是 True", "was given True"),
        ("fan", None, "写来的是 None", "was given None"),
        ("fan", math.nan, "有限的数", "a finite number"),
        ("fan", math.inf, "有限的数", "a finite number"),
        ("fan", 10**400, "有限的数", "a finite number"),
        ("fan", [1], "写来的是 [1]", "was given [1]"),
        ("label", 3, "要一段", "takes a text"),
        ("label", "x" * 257, "256", "256 characters"),
        ("temp", 20, "temp 只能读，不能写。可以写的有：buzzer、gas_valve", "can only be read"),
        ("fna", 20, "是不是想写 fan？", "Did you mean fan?"),
        ("zzz", 20, "它有：flame、temp", "It has: flame, temp"),
    ],
)  # fmt: skip
def test_what_it_refuses_and_why(point: str, value: object, zh: str, en: str) -> None:
    with pytest.raises(WriteRefused) as caught:
        accept(point, value, POINTS)
    assert zh in caught.value.reason.zh
    assert en in caught.value.reason.en
    assert str(caught.value) == caught.value.reason.en


@given(
    point=st.sampled_from(sorted(POINTS)),
    value=st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers())
    ),
)
def test_whatever_is_written_is_in_bounds_or_refused(point: str, value: object) -> None:
    facts = POINTS[point]
    try:
        wired = accept(point, value, POINTS)
    except WriteRefused as refused:
        reason = refused.reason
    else:
        reason = Text("", "")
    if reason.zh and reason.en:
        return
    if facts.is_text:
        assert isinstance(wired, str)
    elif facts.states:
        assert wired in range(len(facts.states))
    else:
        assert isinstance(wired, float)
        assert 0 <= wired <= 100


def test_a_value_as_people_read_it() -> None:
    assert shown(64.04, POINTS["temp"]) == "64.0 °C"
    assert shown(1.0, POINTS["buzzer"]) == "on"
    assert shown(7.0, POINTS["buzzer"]) == "7"
    assert shown("hello", POINTS["label"]) == "hello"
    assert shown(3.0, PointFacts(unit="furlong")) == "3 furlong"
    assert shown(3.25, PointFacts()) == "3.25"


def test_a_value_as_a_number() -> None:
    assert code_of("open", POINTS["gas_valve"]) == 1.0
    assert code_of("ajar", POINTS["gas_valve"]) is None
    assert code_of(2.5, POINTS["fan"]) == 2.5
    assert code_of(math.nan, POINTS["fan"]) is None


def test_the_nearest_name() -> None:
    assert nearest("FLAEM", POINTS) == "flame"
    assert nearest("xyz", POINTS) is None
    assert unknown_point("tmep", POINTS) == Text(
        "套件上没有叫 tmep 的点。是不是想写 temp？",
        "The kit has no point called tmep. Did you mean temp?",
    )


def test_bounds_on_one_side_only() -> None:
    points = {"a": PointFacts(access="rw", min=0), "b": PointFacts(access="w", max=5)}
    with pytest.raises(WriteRefused, match="≥ 0"):
        accept("a", -1, points)
    with pytest.raises(WriteRefused, match="≤ 5"):
        accept("b", 6, points)
    assert accept("a", 1e300, points) == 1e300
