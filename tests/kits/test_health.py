"""Figures of a link, and the pauses between its tries."""

from __future__ import annotations

import random

import pytest

from labapp.kits.health import GOOD_US, Backoff, Health
from labapp.kits.master import Tally


def steps(backoff: Backoff, count: int) -> list[float]:
    return [backoff.next_s() for _ in range(count)]


def test_pauses_grow_with_a_fifth_of_chance() -> None:
    pauses = steps(Backoff((1, 2, 5, 10, 30), random.Random(1)), 7)
    for pause, step in zip(pauses, (1, 2, 5, 10, 30, 30, 30), strict=True):
        assert 0.8 * step <= pause <= 1.2 * step
    assert len(set(pauses)) == 7


def test_connecting_alone_does_not_begin_anew() -> None:
    """A device that accepts and closes must not be dialled without pause."""
    backoff = Backoff((1, 30), random.Random(1))
    for turn in range(3):
        backoff.next_s()
        backoff.note_good(turn * 60_000_000)
    assert backoff.next_s() >= 24


def test_ten_seconds_of_data_begin_anew() -> None:
    backoff = Backoff((1, 30), random.Random(1))
    steps(backoff, 3)
    backoff.note_good(5_000_000)
    backoff.note_good(5_000_000 + GOOD_US)
    assert backoff.next_s() <= 1.2


def test_loss_is_that_of_the_last_ten_seconds() -> None:
    health = Health()
    for second in range(30):
        health.note(second * 1_000_000, Tally(sent=10 * second, lost=10 * min(second, 10)))
    assert health.loss == 0
    health.note(30_000_000, Tally(sent=300, lost=105))
    assert health.loss == pytest.approx(0.05)
    health.forget()
    assert health.loss == 0


def test_the_rate_is_that_of_the_fastest_points() -> None:
    health = Health()
    assert health.rate_hz == 0
    for turn in range(21):
        health.note_fast(turn * 100_000)
    assert health.rate_hz == pytest.approx(10)
