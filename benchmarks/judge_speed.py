"""The engine of the criteria: against the definitions taken literally, and as a trace grows."""

from __future__ import annotations

import numpy as np

from benchmarks.measure import Ratio, pairs, seconds
from labapp.criteria.bind import BoundCheck, ChannelSpec, bind
from labapp.criteria.judge import judge
from labapp.criteria.parse import parse_check
from labapp.model.trace import Channel, Trace
from tests.criteria.oracle import Oracle

CHECK = "each time flame turns on: buzzer is on within {within} us"
STATES = ("off", "on")
TICKS, WITHIN = 300, 4
PERIOD_US = 100_000


def measure() -> list[Ratio]:
    few, bound_few = _trace(TICKS, 1), _bound(WITHIN)
    assert judge(bound_few, few).outcome.value == Oracle(few).verdict(bound_few.check.clauses[0])
    short, long = _trace(2_000, PERIOD_US), _trace(20_000, PERIOD_US)
    bound = _bound(2_000_000)
    return [
        pairs(
            f"judge: {TICKS} ticks",
            lambda: seconds(lambda: judge(bound_few, few)),
            lambda: seconds(lambda: Oracle(few).verdict(bound_few.check.clauses[0])),
            of="the definitions, tick by tick",
        ),
        pairs(
            "judge: ten times the samples",
            lambda: seconds(lambda: judge(bound, long)),
            lambda: seconds(lambda: judge(bound, short)),
            of="2 000 samples (10 would be linear)",
        ),
    ]


def _bound(within_us: int) -> BoundCheck:
    spec = ChannelSpec(unit="1", states=STATES)
    return bind(parse_check(CHECK.format(within=within_us)), {"flame": spec, "buzzer": spec})


def _trace(samples: int, period_us: int) -> Trace:
    """Return a flame that comes and goes, and a buzzer that follows a little later."""
    t_us = np.arange(samples, dtype=np.int64) * period_us
    flame = (np.arange(samples) // 20) % 2
    buzzer = np.roll(flame, 2)
    buzzer[:2] = 0
    return Trace(
        channels={"flame": _channel(t_us, flame), "buzzer": _channel(t_us, buzzer)},
        span_us=(0, samples * period_us),
    )


def _channel(t_us: np.ndarray, value: np.ndarray) -> Channel:
    after_us = 3 * max(1, int(t_us[1]))
    return Channel("1", after_us, t_us, value.astype(np.float64), STATES)
