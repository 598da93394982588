"""Traces written as steps in seconds, as a person would draw them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from labapp.criteria.bind import ChannelSpec, bind
from labapp.criteria.judge import judge
from labapp.criteria.parse import parse_check
from labapp.model.text import Text
from labapp.model.trace import Channel, Trace
from labapp.model.verdict import Judgement

S = 1_000_000
Steps = list[tuple[float, Any]]
NAMES = {
    "flame": Text("火焰", "the flame"),
    "buzzer": Text("蜂鸣器", "the buzzer"),
    "fan": Text("风机", "the fan"),
    "reset": Text("复位", "reset"),
    "temp": Text("温度", "temperature"),
    "soil": Text("土壤湿度", "soil moisture"),
}


def steps(
    changes: Steps, *, spec: ChannelSpec, span_s: float = 60, period_s: float = 0.1
) -> Channel:
    """A channel sampled every ``period_s``, whose value is that of the last change."""
    at = np.arange(0, round(span_s * S), round(period_s * S), dtype=np.int64)
    value = np.full(len(at), np.nan)
    for second, now in changes:
        code = spec.states.index(now) if isinstance(now, str) else now
        value[at >= round(second * S)] = np.nan if code is None else code
    return Channel(
        unit=spec.unit,
        stale_after_us=round(3 * period_s * S),
        t_us=at,
        value=value,
        states=spec.states,
        name=spec.name,
    )


def on(*stretches: tuple[float, float]) -> Steps:
    """Off but for ``stretches`` in seconds."""
    return [(0, "off"), *(row for a, b in stretches for row in ((a, "on"), (b, "off")))]


SWITCH = ChannelSpec(unit="1", states=("off", "on"))
UNITS = {"temp": "Cel", "soil": "%", "lux": "lx", "lamp": "%"}


def spec_of(name: str) -> ChannelSpec:
    base = ChannelSpec(unit=UNITS[name]) if name in UNITS else SWITCH
    return ChannelSpec(unit=base.unit, states=base.states, name=NAMES.get(name))


def judged(
    check: str,
    drawn: Mapping[str, Steps],
    *,
    span_s: float = 60,
    gaps_s: tuple[tuple[float, float], ...] = (),
    **more: Any,
) -> Judgement:
    """Judge a criterion on drawn channels."""
    specs = {name: spec_of(name) for name in drawn}
    trace = Trace(
        channels={n: steps(d, spec=specs[n], span_s=span_s) for n, d in drawn.items()},
        span_us=(0, round(span_s * S)),
        gaps_us=tuple((round(a * S), round(b * S)) for a, b in gaps_s),
    )
    return judge(bind(parse_check(check), specs), trace, **more)
