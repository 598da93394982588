"""The plot that proves a verdict: what the criterion looked at, with the allowed and the overrun time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from labapp.model.text import Text, same
from labapp.model.trace import Channel, Trace
from labapp.model.verdict import Cite, Outcome
from labapp.model.work import Item
from labapp.packs.pack import Threshold
from labapp.profiles.profile import Profile
from labapp.ui.look import Look
from labapp.ui.plots.analogue import AnaloguePlot
from labapp.ui.plots.axis import left_width
from labapp.ui.plots.lanes import LogicLanes
from labapp.ui.value_panel import shown_unit

MARGIN = 0.6
"""How much is shown before and after what is cited, as a share of its length."""
LEAST_S = 6.0
LEAST_SPAN_US = 20_000
LONGEST_ALLOWED_US = 60_000_000
MOST_SPANS = 8
ALLOWED, BROKEN = Text("允许", "allowed"), Text("未达要求", "not kept")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the plot draws: a sealed trace and the kit that it is of."""

    trace: Trace
    profile: Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the item's criterion is about: the points it names, and the step's limits."""

    points: frozenset[str] = frozenset()
    limits: tuple[Threshold, ...] = ()


class EvidencePlot(QWidget):
    """Draws one item of a grade over its own seconds. Qt thread."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._shown: tuple[Item, Evidence, About] | None = None
        self._shown_s = (0.0, 0.0)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self._rows: list[AnaloguePlot | LogicLanes] = []
        look.theme.changed.connect(self._again)
        look.say.changed.connect(self._again)

    def show_item(self, item: Item, evidence: Evidence, about: About) -> None:
        """Draw the points of the item's criterion, around the first violation or the whole run."""
        self._shown = (item, evidence, about)
        self._clear()
        self._shown_s = _stretch(item, evidence.trace)
        names = _named(item, evidence, about)
        quantities = [name for name in names if not evidence.trace.channels[name].states][:2]
        signals = [name for name in names if evidence.trace.channels[name].states][:4]
        for index, name in enumerate(quantities):
            self._add_quantity(
                name, f"p{index}", evidence, about, last=not signals and name == quantities[-1]
            )
        if signals:
            self._add_signals(signals, evidence)
        self._show_times(item, evidence)
        self.setAccessibleName(self._look.words(item.say))

    @Slot()
    def _again(self) -> None:
        if self._shown is not None:
            self.show_item(*self._shown)

    def _clear(self) -> None:
        for old in self._rows:
            self._box.removeWidget(old)
            old.close()
            old.deleteLater()
        self._rows = []

    def _add_quantity(
        self, name: str, token: str, evidence: Evidence, about: About, *, last: bool
    ) -> None:
        channel = evidence.trace.channels[name]
        point = evidence.profile.point(name)
        title = same(name) if point is None else point.name
        shown = channel.unit if point is None else shown_unit(point)
        unit = f" / {shown}" if shown not in ("", "1") else ""
        plot = AnaloguePlot(
            self._look,
            Text(title.zh + unit, title.en + unit),
            token,
            _least_span(channel),
            last=last,
        )
        plot.show_limits(
            [
                (limit.value, f"{self._look.words(limit.label)} {limit.value:g} {shown}".strip())
                for limit in about.limits
                if limit.point == name
            ]
        )
        plot.show_curve(*self._drawn_now(channel, evidence.trace))
        self._box.addWidget(plot, 1)
        self._rows.append(plot)

    def _add_signals(self, names: Sequence[str], evidence: Evidence) -> None:
        points = [evidence.profile.point(name) for name in names]
        titles = tuple(
            same(name) if point is None else point.name
            for name, point in zip(names, points, strict=True)
        )
        lanes = LogicLanes(self._look, titles)
        for index, name in enumerate(names):
            lanes.show_lane(index, *_drawn(evidence.trace.channels[name], evidence.trace))
        width = left_width(self._look, [self._look.words(title) for title in titles])
        for row in (*self._rows, lanes):
            row.set_left_width(width)
        self._box.addWidget(lanes)
        self._rows.append(lanes)

    def _drawn_now(self, channel: Channel, trace: Trace) -> tuple[np.ndarray, np.ndarray]:
        """Return what is drawn in the stretch that is shown, so that the value axis fits it."""
        t_s, y = _drawn(channel, trace)
        from_s, to_s = self._shown_s
        first = max(0, int(np.searchsorted(t_s, from_s)) - 1)
        last = int(np.searchsorted(t_s, to_s, side="right")) + 1
        return t_s[first:last], y[first:last]

    def _show_times(self, item: Item, evidence: Evidence) -> None:
        from_s, to_s = self._shown_s
        gaps = [(a / 1e6, b / 1e6, "borderS") for a, b in _gaps(evidence.trace)]
        allowed, broken = allowed_spans(item), broken_spans(item)
        spans = gaps + [(a, b, "pass") for a, b in allowed] + [(a, b, "fail") for a, b in broken]
        for row in self._rows:
            row.show_times(from_s, to_s)
            row.show_spans(spans)
        first = self._rows[0] if self._rows else None
        if isinstance(first, AnaloguePlot):
            first.name_spans(self._span_names(allowed, broken))

    def _span_names(
        self, allowed: list[tuple[float, float]], broken: list[tuple[float, float]]
    ) -> list[tuple[float, float, str, str]]:
        if not broken:
            return []
        named = [(a, b, ALLOWED, "pass") for a, b in allowed[:1]]
        named += [(a, b, BROKEN, "fail") for a, b in broken[:1]]
        say = self._look.words
        return [(a, b, f"{say(words)} {b - a:.1f} s", token) for a, b, words, token in named]


def broken_spans(item: Item) -> list[tuple[float, float]]:
    """Return the seconds in which the criterion was broken; none of an item that was kept."""
    if item.outcome is not Outcome.NOT_MET:
        return []
    late = [(c.from_us, max(c.to_us, c.from_us + LEAST_SPAN_US)) for c in _driven_cites(item)]
    return [(a / 1e6, b / 1e6) for a, b in late[:MOST_SPANS]]


def allowed_spans(item: Item) -> list[tuple[float, float]]:
    """Return the seconds that were allowed: of a kept episode all, of a broken one until it broke."""
    found = []
    for episode in item.episodes:
        end = episode.to_us
        if episode.outcome is Outcome.NOT_MET:
            broke = [c.from_us for c in item.cites if episode.from_us < c.from_us < end]
            end = min(broke, default=episode.from_us)
        elif episode.outcome is not Outcome.MET:
            end = episode.from_us
        if 0 < end - episode.from_us < LONGEST_ALLOWED_US:
            found.append((episode.from_us / 1e6, end / 1e6))
    return found[:MOST_SPANS]


def _driven_cites(item: Item) -> list[Cite]:
    """Return where what was expected did not come; what triggered it is only a context."""
    long = [cite for cite in item.cites if cite.to_us - cite.from_us > LEAST_SPAN_US]
    return long or list(item.cites)


def _named(item: Item, evidence: Evidence, about: About) -> list[str]:
    """Return the points of the criterion, and those that the item cites, in the kit's order."""
    wanted = about.points | {cite.channel for cite in item.cites}
    known = [p.id for p in evidence.profile.points if p.id in evidence.trace.channels]
    return [name for name in known if name in wanted] or known[:4]


def _stretch(item: Item, trace: Trace) -> tuple[float, float]:
    """Return the seconds to show: what is cited and some more, inside the recording."""
    if not item.cites:
        return trace.span_us[0] / 1e6, trace.span_us[1] / 1e6
    from_s = min(cite.from_us for cite in item.cites) / 1e6
    to_s = max(cite.to_us for cite in item.cites) / 1e6
    pad = max(LEAST_S / 2, (to_s - from_s) * MARGIN)
    return max(trace.span_us[0] / 1e6, from_s - pad), min(trace.span_us[1] / 1e6, to_s + pad)


def _gaps(trace: Trace) -> list[tuple[int, int]]:
    own: Mapping[str, Channel] = trace.channels
    return sorted({*trace.gaps_us, *(gap for channel in own.values() for gap in channel.gaps_us)})


def _drawn(channel: Channel, trace: Trace) -> tuple[np.ndarray, np.ndarray]:
    """Return instants in seconds and values, with NaN where a gap breaks the line."""
    t = channel.t_us.astype(np.float64)
    y = channel.value.copy()
    for a, _ in (*trace.gaps_us, *channel.gaps_us):
        at = int(np.searchsorted(t, a))
        t = np.insert(t, at, float(a))
        y = np.insert(y, at, np.nan)
    return t / 1e6, y


def _least_span(channel: Channel) -> float:
    return 20.0 if channel.unit in ("%", "Cel", "ppm") else 5.0
