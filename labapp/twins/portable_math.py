"""Elementary functions from + - * / and exact scaling alone, so that every machine agrees.

IEEE 754 rounds + - * / sqrt correctly everywhere; ``exp`` and its kin differ between libraries
and processors. A twin's trace is evidence, so a twin uses only what stands here.
"""

from __future__ import annotations

import math

# ln 2 in two parts (fdlibm's e_exp.c): k * HIGH is exact for the k that occur.
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_PER_LN2 = 1.44269504088896338700
_TURN = 6.283185307179586
_QUARTER_TURN = 1.5707963267948966
_HALF_ROOT_2 = 0.7071067811865476


def exp(x: float) -> float:
    """Return e to the ``x``, relative error below 1e-15; 0 below -700.

    Raises:
        OverflowError: the result is beyond a float.
    """
    if x < -700.0:
        return 0.0
    k = math.floor(x * _PER_LN2 + 0.5)
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    total = 1.0
    for i in (13.0, 12.0, 11.0, 10.0, 9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0):
        total = 1.0 + r * total / i
    return math.ldexp(total, k)


def log(x: float) -> float:
    """Return the natural logarithm of ``x``, relative error below 1e-14.

    Raises:
        ValueError: ``x`` is not above zero.
    """
    if x <= 0.0:
        raise ValueError(f"no logarithm of {x!r}")
    mantissa, exponent = math.frexp(x)
    if mantissa < _HALF_ROOT_2:
        mantissa *= 2.0
        exponent -= 1
    f = (mantissa - 1.0) / (mantissa + 1.0)
    square = f * f
    total = 0.0
    for i in (21.0, 19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0, 1.0):
        total = total * square + 1.0 / i
    return 2.0 * f * total + exponent * _LN2_HIGH + exponent * _LN2_LOW


def power(x: float, y: float) -> float:
    """Return ``x`` to the ``y`` for ``x`` above zero, and 0 for any other ``x``."""
    return 0.0 if x <= 0.0 else exp(y * log(x))


def cube_root(x: float) -> float:
    """Return the cube root of ``x`` for ``x`` above zero, and 0 for any other ``x``."""
    if x <= 0.0:
        return 0.0
    mantissa, exponent = math.frexp(x)
    third = exponent // 3
    root = math.ldexp(0.7 + 0.175 * math.ldexp(mantissa, exponent - 3 * third), third)
    for _ in range(5):  # Newton: the start is within 20 %, five rounds reach 1e-15
        root -= (root - x / (root * root)) * 0.3333333333333333
    return root


def cos(x: float) -> float:
    """Return the cosine of ``x`` radians, absolute error below 1e-14 for a few turns."""
    shifted = x + _QUARTER_TURN
    r = shifted - math.floor(shifted / _TURN + 0.5) * _TURN
    square = r * r
    total = 1.0
    for i in (27.0, 25.0, 23.0, 21.0, 19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0):
        total = 1.0 - square * total / (i * (i - 1.0))
    return r * total
