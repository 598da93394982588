"""Durations: what people write is read exactly, and what is written reads back the same."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labapp.model.duration import parse_duration_us, write_duration

SIZES = {"us": 1, "ms": 1_000, "s": 1_000_000, "min": 60_000_000, "h": 3_600_000_000}


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_what_is_written_reads_back_the_same(us: int) -> None:
    assert parse_duration_us(write_duration(us)) == us


@given(
    st.integers(min_value=0, max_value=10**9),
    st.integers(min_value=0, max_value=999_999),
    st.sampled_from(sorted(SIZES)),
    st.sampled_from(("", " ")),
)
def test_it_is_exact_or_refused(whole: int, millionths: int, unit: str, space: str) -> None:
    text = f"{whole}.{millionths:06d}{space}{unit}"
    exact = Fraction(whole * 10**6 + millionths, 10**6) * SIZES[unit]
    if exact.denominator == 1:
        assert parse_duration_us(text) == exact
    else:
        with pytest.raises(ValueError, match="whole number of microseconds"):
            parse_duration_us(text)


@pytest.mark.parametrize(
    ("us", "written"),
    [(0, "0 s"), (2_000_000, "2 s"), (500_000, "500 ms"), (90_000_000, "90 s"), (3, "3 us"),
     (300_000_000, "5 min"), (7_200_000_000, "2 h"), (1_500_000, "1500 ms")],
)  # fmt: skip
def test_the_shortest_form_is_written(us: int, written: str) -> None:
    assert write_duration(us) == written


@pytest.mark.parametrize(
    "text", ["", "5", "s", "-1 s", "1,5 s", "1 day", "1s2", "0.0000001 s", "1e3 s", "s 5", "1 S"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a (duration|whole)"):
        parse_duration_us(text)
