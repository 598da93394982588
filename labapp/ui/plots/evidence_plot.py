"""The plot that proves a verdict: what the criterion looked at, with the allowed and the overrun time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from labapp.model.text import Text, same
from labapp.model.trace import Channel, Trace
from labapp.model.verdict import Outcome
from labapp.model.work import Item
from labapp.profiles.profile import Profile
from labapp.ui.look import Look
from labapp.ui.plots.analogue import AnaloguePlot
from labapp.ui.plots.lanes import LogicLanes

MARGIN = 0.6
"""How much is shown before and after what is cited, as a share of its length."""
LEAST_S = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the plot draws: a sealed trace and the kit that it is of."""

    trace: Trace
    profile: Profile


class EvidencePlot(QWidget):
    """Draws one item of a grade over its own seconds. Qt thread."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._shown: tuple[Item, Evidence] | None = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self._rows: list[AnaloguePlot | LogicLanes] = []
        look.theme.changed.connect(self._again)
        look.say.changed.connect(self._again)

    def show_item(self, item: Item, evidence: Evidence) -> None:
        """Draw the points that ``item`` cites, around the first violation or the whole run."""
        self._shown = (item, evidence)
        self._clear()
        names = _cited(item, evidence)
        quantities = [name for name in names if not evidence.trace.channels[name].states][:2]
        signals = [name for name in names if evidence.trace.channels[name].states][:4]
        for index, name in enumerate(quantities):
            self._add_quantity(
                name, f"p{index}", evidence, last=not signals and name == quantities[-1]
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

    def _add_quantity(self, name: str, token: str, evidence: Evidence, *, last: bool) -> None:
        channel = evidence.trace.channels[name]
        point = evidence.profile.point(name)
        title = same(name) if point is None else point.name
        unit = f" / {channel.unit}" if channel.unit != "1" else ""
        plot = AnaloguePlot(
            self._look,
            Text(title.zh + unit, title.en + unit),
            token,
            _least_span(channel),
            last=last,
        )
        plot.show_curve(*_drawn(channel, evidence.trace))
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
        self._box.addWidget(lanes)
        self._rows.append(lanes)

    def _show_times(self, item: Item, evidence: Evidence) -> None:
        from_s, to_s = _stretch(item, evidence.trace)
        spans = [(a / 1e6, b / 1e6, "borderS") for a, b in _gaps(evidence.trace)]
        cited = [(c.from_us / 1e6, max(c.to_us, c.from_us + 20_000) / 1e6) for c in item.cites]
        token = "fail" if item.outcome is Outcome.NOT_MET else "pass"
        allowed = [
            (e.from_us / 1e6, e.to_us / 1e6, "pass")
            for e in item.episodes
            if e.to_us > e.from_us and e.to_us - e.from_us < 60_000_000
        ]
        for row in self._rows:
            row.show_times(from_s, to_s)
            broken = [(a, b, token) for a, b in cited[:8] if token == "fail"]
            row.show_spans(spans + allowed + broken)


def _cited(item: Item, evidence: Evidence) -> list[str]:
    """Return the points that the item cites, in the kit's order; all plotted ones where it cites none."""
    cited = {cite.channel for cite in item.cites}
    known = [p.id for p in evidence.profile.points if p.id in evidence.trace.channels]
    return [name for name in known if name in cited] or known[:4]


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
