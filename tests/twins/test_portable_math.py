"""The own functions are as right as the system's; the system's are only asked here."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labapp.twins import portable_math as pm


@given(st.floats(-690.0, 700.0))
def test_exp(x: float) -> None:
    assert pm.exp(x) == pytest.approx(math.exp(x), rel=1e-14)


@given(st.floats(1e-300, 1e300))
def test_log(x: float) -> None:
    assert pm.log(x) == pytest.approx(math.log(x), rel=1e-13, abs=1e-15)


@given(st.floats(1e-300, 1e300))
def test_cube_root(x: float) -> None:
    assert pm.cube_root(x) == pytest.approx(math.cbrt(x), rel=1e-14)


@given(st.floats(1e-6, 1e6), st.floats(-4.0, 4.0))
def test_power(x: float, y: float) -> None:
    assert pm.power(x, y) == pytest.approx(math.pow(x, y), rel=1e-12)


@given(st.floats(-20.0, 20.0))
def test_cos(x: float) -> None:
    assert pm.cos(x) == pytest.approx(math.cos(x), abs=1e-13)


def test_the_ends() -> None:
    assert pm.exp(0.0) == pm.power(5.0, 0.0) == pm.cube_root(1.0) == 1.0
    assert pm.exp(-701.0) == pm.cube_root(0.0) == pm.power(0.0, 0.3) == pm.log(1.0) == 0.0
    with pytest.raises(ValueError, match="no logarithm"):
        pm.log(0.0)
    with pytest.raises(OverflowError):
        pm.exp(800.0)
