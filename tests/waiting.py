"""Waiting for a fact instead of for a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from labapp.app.clock import SystemClock

T = TypeVar("T")
_TURN_S = 0.01


def wait_for(fact: Callable[[], T], seconds: float = 5.0, what: str = "") -> T:
    """Return the first true answer of ``fact``, asked a hundred times a second.

    Raises:
        AssertionError: it was still not true after ``seconds``.
    """
    clock = SystemClock()
    turn = threading.Event()
    deadline = clock.now_us() + round(seconds * 1e6)
    while True:
        answer = fact()
        if answer:
            return answer
        if clock.now_us() >= deadline:
            raise AssertionError(f"{what or fact} was not so within {seconds:g} s")
        turn.wait(_TURN_S)
