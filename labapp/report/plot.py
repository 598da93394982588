"""The drawing that proves a verdict: what was cited, with the broken stretch and the limits."""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from labapp.model.reading import Event
from labapp.model.text import Lang, Text, same
from labapp.model.trace import Channel, Trace
from labapp.model.units import UNITS
from labapp.model.verdict import Cite, Outcome
from labapp.model.work import Item
from labapp.packs.pack import Threshold
from labapp.report.curves import Window, pieces, runs, steps_of, thinned
from labapp.report.markup import Markup, tag, together
from labapp.report.style import SERIES
from labapp.report.words import clock_text

WIDTH, LEFT, RIGHT = 1000, 58.0, 988.0
QUANTITY_PX, LANE_PX, EVENTS_PX, AXIS_PX, GAP_PX = 150.0, 30.0, 18.0, 22.0, 6.0
MOST_QUANTITIES, MOST_LANES, MOST_CITES, MOST_EVENTS = 3, 6, 40, 12
MARGIN = 0.6
"""How much is shown before and after what is cited, as a share of its length."""
LEAST_US = 6_000_000
LONGEST_EPISODE_US = 60_000_000
_BROKEN = {Outcome.NOT_MET: "fail", Outcome.INCONCLUSIVE: "warn", Outcome.ERROR: "warn"}
_COMPARISONS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
_COMPARED = re.compile(r"^(>=|<=|>|<) (-?\d+(?:\.\d+)?)(?: |$)")
_NUMBER = re.compile(r"(?<![\d.])-?\d+(?:\.\d+)?")
_EVENT_KINDS = ("mark", "stimulus", "write", "link", "program", "operator")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What all drawings of one report share."""

    trace: Trace
    order: tuple[str, ...]
    thresholds: tuple[Threshold, ...]
    events: tuple[Event, ...]
    lang: Lang

    def name(self, point: str) -> str:
        """Return what people call a point, with the unit of a quantity."""
        channel = self.trace.channels[point]
        name = (channel.name or same(point)).in_(self.lang)
        unit = UNITS[channel.unit].shown if channel.unit in UNITS else channel.unit
        return f"{name} / {unit}" if unit and not channel.states else name


def item_plot(item: Item, scene: Scene) -> Markup | None:
    """Return the drawing of one item; ``None`` where nothing was recorded of what it is about."""
    points = cited_points(item, scene)
    quantities = [p for p in points if not scene.trace.channels[p].states][:MOST_QUANTITIES]
    lanes = [p for p in points if scene.trace.channels[p].states][:MOST_LANES]
    if not quantities and not lanes:
        return None
    window = window_of(item, scene.trace)
    events = _shown_events(scene, window)
    top = EVENTS_PX if events else 4.0
    parts: list[Markup] = []
    at = top
    for index, point in enumerate(quantities):
        parts += _cited(item, point, window, at, at + QUANTITY_PX)
        parts.append(_quantity(point, index, at, window, scene))
        at += QUANTITY_PX + GAP_PX
    for index, point in enumerate(lanes, len(quantities)):
        parts += _cited(item, point, window, at, at + LANE_PX)
        parts.append(_lane(point, index, at, window, scene))
        at += LANE_PX + GAP_PX
    bottom = at - GAP_PX
    over = together(
        *_spans(item, scene.trace, points, window, top, bottom),
        *_events(events, window, bottom, scene),
    )
    box = f"0 0 {WIDTH} {_n(bottom + AXIS_PX)}"
    facts = {"class": "plot", "viewBox": box, "role": "img", "aria-label": item.say.in_(scene.lang)}
    return tag("svg", facts, _grid(window, top, bottom), over, *parts)


def cited_points(item: Item, scene: Scene) -> list[str]:
    """Return the points that an item cites, in the kit's order."""
    cited = {cite.channel for cite in item.cites}
    return [name for name in scene.order if name in cited and name in scene.trace.channels]


def window_of(item: Item, trace: Trace) -> Window:
    """Return what is shown: what is cited and some more, inside the recording."""
    begin, end = trace.span_us
    from_us = max(begin, min((c.from_us for c in item.cites), default=begin))
    to_us = min(end, max((c.to_us for c in item.cites), default=end))
    pad = max(LEAST_US // 2, int((to_us - from_us) * MARGIN))
    return Window(max(begin, from_us - pad), min(end, max(to_us, from_us) + pad), LEFT, RIGHT)


def _grid(window: Window, top: float, bottom: float) -> Markup:
    """Return the time axis: lines at round seconds, with their times beneath."""
    parts = []
    for second in steps_of(window.from_us / 1e6, window.to_us / 1e6, 8):
        x = _n(window.x(round(second * 1e6)))
        line = {"class": "grid", "x1": x, "x2": x, "y1": _n(top), "y2": _n(bottom + 4)}
        parts.append(tag("line", line))
        is_last = window.x(round(second * 1e6)) > RIGHT - 20
        place = {"x": x, "y": _n(bottom + 17), "text-anchor": "end" if is_last else "middle"}
        parts.append(tag("text", place, clock_text(round(second * 1e6))))
    return together(*parts)


def _spans(
    item: Item, trace: Trace, points: Sequence[str], window: Window, top: float, bottom: float
) -> list[Markup]:
    """Return the stretches behind the curves: gaps, what was kept, what was broken or is open."""
    own = [gap for point in points for gap in trace.channels[point].gaps_us]
    parts = [_area("gap", *gap, window, top, bottom) for gap in {*trace.gaps_us, *own}]
    parts += [
        _area("held", e.from_us, e.to_us, window, top, bottom)
        for e in item.episodes
        if e.outcome == Outcome.MET and 0 < e.to_us - e.from_us < LONGEST_EPISODE_US
    ]
    return [part for part in parts if part]


def _cited(item: Item, point: str, window: Window, top: float, bottom: float) -> list[Markup]:
    """Return what an item cites of one point: hatched where it was not as it had to be."""
    tone = _BROKEN.get(item.outcome)
    parts = []
    for cite in item.cites[:MOST_CITES]:
        if cite.channel != point or tone is None:
            continue
        name, edge = ("broken", tone) if tone == "fail" else ("open", tone)
        if tone == "fail" and is_as_expected(cite):
            name, edge = "context", ""
        parts.append(_area(name, cite.from_us, cite.to_us, window, top, bottom, edge))
    return [part for part in parts if part]


def is_as_expected(cite: Cite) -> bool:
    """Whether what was seen is what was expected there, as far as the words of a cite tell."""
    told = _COMPARED.match(cite.expected)
    if told is None:
        return cite.expected == cite.seen
    seen = [float(number) for number in _NUMBER.findall(cite.seen)]
    holds, bound = _COMPARISONS[told[1]], float(told[2])
    return bool(seen) and all(holds(value, bound) for value in seen)


def _area(
    name: str,
    from_us: int,
    to_us: int,
    window: Window,
    top: float,
    bottom: float,
    edge: str = "",
) -> Markup:
    if to_us < window.from_us or from_us > window.to_us:
        return Markup()
    left, right = window.x(from_us), window.x(to_us)
    width, height = max(2.0, right - left), bottom - top
    place = {"class": name, "x": _n(left), "y": _n(top), "width": _n(width), "height": _n(height)}
    parts = [tag("rect", place)]
    for x in (left, left + width) if edge else ():
        line = {"class": f"edge-{edge}", "x1": _n(x), "x2": _n(x), "y1": _n(top), "y2": _n(bottom)}
        parts.append(tag("line", line))
    return together(*parts)


def _quantity(point: str, series: int, top: float, window: Window, scene: Scene) -> Markup:
    channel, gaps = scene.trace.channels[point], scene.trace.gaps_us
    shown = [thinned(piece, window) for piece in pieces(channel, gaps, window)]
    limits = [t for t in scene.thresholds if t.point == point]
    values = [float(v) for _, y in shown for v in y] + [t.value for t in limits]
    low, high = _range(values)

    def y_of(value: float) -> float:
        return top + QUANTITY_PX * (1 - (value - low) / (high - low))

    parts = []
    for value in steps_of(low, high, 4):
        y = _n(y_of(value))
        parts.append(tag("line", {"class": "grid", "x1": LEFT, "x2": RIGHT, "y1": y, "y2": y}))
        place = {"x": LEFT - 6, "y": _n(y_of(value) + 4), "text-anchor": "end"}
        parts.append(tag("text", place, f"{value:g}"))
    for limit in limits:
        parts.append(_limit(limit, y_of(limit.value), scene.lang))
    for t, values_of in shown:
        dots = (
            f"{_n(window.x(int(a)))},{_n(y_of(float(v)))}"
            for a, v in zip(t, values_of, strict=True)
        )
        parts.append(
            tag("polyline", {"class": f"curve s{series % SERIES}", "points": " ".join(dots)})
        )
    title = {"class": f"t{series % SERIES}", "x": LEFT + 6, "y": _n(top + 13)}
    return together(_frame(top, QUANTITY_PX), *parts, tag("text", title, scene.name(point)))


def _range(values: Sequence[float]) -> tuple[float, float]:
    """Return what the axis has to show, with some room; never without extent."""
    finite = [value for value in values if np.isfinite(value)]
    low, high = min(finite, default=0.0), max(finite, default=1.0)
    least = 0.1 * max(abs(low), abs(high)) or 1.0  # a flat line is drawn flat, not as its noise
    pad = max((high - low) * 0.12, (least - (high - low)) / 2)
    return low - pad, high + pad


def _limit(limit: Threshold, y: float, lang: Lang) -> Markup:
    line = {"class": "limit", "x1": LEFT, "x2": RIGHT, "y1": _n(y), "y2": _n(y)}
    place = {"class": "limit-name", "x": RIGHT - 6, "y": _n(y - 4), "text-anchor": "end"}
    return together(tag("line", line), tag("text", place, limit.label.in_(lang)))


def _lane(point: str, series: int, top: float, window: Window, scene: Scene) -> Markup:
    """Return a state over time: a block where it is on, a low line where it is off."""
    channel = scene.trace.channels[point]
    number, base = series % SERIES, top + LANE_PX - 4
    highest = max(1, len(channel.states) - 1)
    parts = []
    for from_us, to_us, value in runs(channel, scene.trace.gaps_us, window):
        left, right = window.x(from_us), window.x(to_us)
        y = base - (LANE_PX - 10) * min(max(value / highest, 0.0), 1.0)
        block = {"x": _n(left), "y": _n(y), "width": _n(right - left), "height": _n(base - y)}
        parts.append(tag("rect", {"class": f"on f{number}", **block}) if y < base else Markup())
        path = f"M{_n(left)} {_n(base)}V{_n(y)}H{_n(right)}V{_n(base)}"
        parts.append(tag("path", {"class": f"curve s{number}", "d": path}))
    title = {"class": f"t{number}", "x": LEFT + 6, "y": _n(top + 13)}
    states = tag("text", {"x": LEFT - 6, "y": _n(base), "text-anchor": "end"}, _lowest(channel))
    return together(_frame(top, LANE_PX), *parts, states, tag("text", title, scene.name(point)))


def _lowest(channel: Channel) -> str:
    return channel.states[0][:8] if channel.states else ""


def _frame(top: float, height: float) -> Markup:
    path = f"M{LEFT} {_n(top)}V{_n(top + height)}H{RIGHT}"
    return tag("path", {"class": "axis", "d": path})


def _shown_events(scene: Scene, window: Window) -> list[Event]:
    inside = [
        event
        for event in scene.events
        if event.kind in _EVENT_KINDS and window.from_us <= event.t_us <= window.to_us
    ]
    return inside[:MOST_EVENTS]


def _events(events: Sequence[Event], window: Window, bottom: float, scene: Scene) -> list[Markup]:
    """Return a line for each event, and its name above where there is room for it."""
    parts, free = [], 0.0
    for event in events:
        x = window.x(event.t_us)
        line = {"class": "event", "x1": _n(x), "x2": _n(x), "y1": 4, "y2": _n(bottom)}
        said = event_words(event, scene.trace).in_(scene.lang)
        parts.append(tag("line", line, tag("title", "", f"{clock_text(event.t_us)} {said}")))
        short = said if len(said) <= 24 else said[:23] + "…"
        room = sum(11.5 if ord(sign) > 0x2E80 else 6.5 for sign in short) + 10
        starts = x + 3 if x + room < RIGHT else x - room
        if starts >= free:
            parts.append(tag("text", {"x": _n(starts), "y": 13}, short))
            free = starts + room
    return parts


def event_words(event: Event, trace: Trace) -> Text:
    """Return an event in a few words, points by their names."""
    facts: Mapping[str, object] = event.data
    match event.kind:
        case "mark":
            return same(str(facts.get("id", "")))
        case "write":
            return _write_words(facts, trace)
        case "stimulus":
            return same(str(facts.get("do", "")))
        case "program":
            state = facts.get("state", "")
            return Text(f"程序 {state}", f"program {state}")
        case "link":
            return Text(f"连接 {facts.get('state', '')}", f"link {facts.get('state', '')}")
    return same(event.kind)


def _write_words(facts: Mapping[str, object], trace: Trace) -> Text:
    channel, value = trace.channels.get(str(facts.get("point"))), facts.get("value")
    name = same(str(facts.get("point")))
    said = f"{value:g}" if isinstance(value, float | int) else str(value)
    if channel is not None:
        name = channel.name or name
        if isinstance(value, float | int) and value in range(len(channel.states)):
            said = channel.states[int(value)]
    said += "" if facts.get("result") in ("done", "verified") else " ?"
    return Text(f"{name.zh} = {said}", f"{name.en} = {said}")


def _n(number: float) -> str:
    """Return a coordinate with one decimal, without a needless one."""
    return f"{number:.1f}".removesuffix(".0")
