"""The live plots: an event lane, quantities over one time axis, and logic lanes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from labapp.model.reading import Event
from labapp.model.text import Text
from labapp.ui.look import Look
from labapp.ui.plots.analogue import AnaloguePlot
from labapp.ui.plots.axis import left_width
from labapp.ui.plots.lanes import EVENT_LANE_PX, EventLane, LogicLanes
from labapp.ui.plots.measure import Ruler
from labapp.ui.plots.source import PlotSource, outline

FRAME_MS = 50
"""A frame every 50 ms: 20 a second, the rate that the design's budget names."""
LEAST_PLOT_PX, LEAST_PLOTS_PX = 76, 224
"""Height that a quantity, and all of them, keep before the lanes become lower."""
SPANS_S = (10, 20, 30, 60, 90, 180, 300, 600, 1800, 3600)


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A quantity to plot; ``token`` is the colour token that its value panel uses too.

    ``unit`` is the unit as people read it, ``limits`` are values with their whole labels.
    """

    point: str
    name: Text
    unit: str
    decimals: int
    token: str
    least_span: float
    limits: tuple[tuple[float, Text], ...] = ()

    @property
    def title(self) -> Text:
        """Name and unit, as they stand above the curve."""
        tail = f" / {self.unit}" if self.unit else ""
        return Text(self.name.zh + tail, self.name.en + tail)

    def shown(self, value: float) -> str:
        """Return a value with its unit."""
        return f"{value:.{min(self.decimals, 2)}f} {self.unit}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """An on-off signal to plot; ``full`` is the value at which the lane is full (100 for %)."""

    point: str
    name: Text
    full: float = 1.0


class LivePlots(QWidget):
    """Pulls from a source and draws; pausing freezes the picture, never the recording.

    Signals:
        view_changed: the stretch shown, or whether it follows, is new.
        measured: the measuring cursors came, moved or went.

    ``event_name`` gives an event's short name for the lane, an empty one for what is left out.
    """

    view_changed = Signal()
    measured = Signal()

    def __init__(
        self,
        look: Look,
        source: PlotSource,
        curves: Sequence[Curve],
        lanes: Sequence[Lane],
        event_name: Callable[[Event], Text],
    ) -> None:
        super().__init__()
        self._event_name = event_name
        self.ruler: Ruler | None = None
        self._look = look
        self._source = source
        self._curves = tuple(curves)
        self._lanes = tuple(lanes)
        self.span_s = 60.0
        self._end_s: float | None = None
        self._drag: tuple[float, float] | None = None
        self._violations: list[tuple[str, float, float]] = []
        self._build()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.draw)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        look.theme.changed.connect(self._dress)
        look.say.changed.connect(self._retell)
        self._retell()

    def _build(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 0, 10, 4)
        box.setSpacing(0)
        self._event_lane = EventLane(self._look)
        box.addWidget(self._event_lane)
        self._plots = []
        for index, curve in enumerate(self._curves):
            last = not self._lanes and index == len(self._curves) - 1
            plot = AnaloguePlot(self._look, curve.title, curve.token, curve.least_span, last=last)
            self._plots.append(plot)
            box.addWidget(plot, 1)
        self._logic = LogicLanes(self._look, tuple(lane.name for lane in self._lanes))
        box.addWidget(self._logic)
        self._logic.setVisible(bool(self._lanes))
        for row in self._rows:
            row.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def _rows(self) -> list[AnaloguePlot | LogicLanes | EventLane]:
        return [self._event_lane, *self._plots, self._logic]

    @property
    def is_following(self) -> bool:
        """Whether the newest reading stays at the right edge."""
        return self._end_s is None

    @property
    def shown_s(self) -> tuple[float, float]:
        """The stretch of time shown, seconds."""
        end = self._source.now_us() / 1e6 if self._end_s is None else self._end_s
        if self._end_s is None:  # at first the picture fills from the left
            end = max(end, self.span_s)
        return end - self.span_s, end + 0.04 * self.span_s

    def pause(self) -> None:
        """Freeze the picture where it is."""
        self._look_at(self._source.now_us() / 1e6 if self._end_s is None else self._end_s)

    def follow(self) -> None:
        """Keep the newest reading in sight again."""
        self.measure(False)
        self._look_at(None)

    def show_span(self, from_s: float, to_s: float) -> None:
        """Show one stretch with half its length before and after, and stop following."""
        self.span_s = max(4.0, 2 * (to_s - from_s))
        self._look_at((from_s + to_s) / 2 + self.span_s / 2)

    def show_all(self) -> None:
        """Show the whole sitting."""
        self.span_s = max(10.0, self._source.now_us() / 1e6)
        self._look_at(None)

    def zoom(self, step: int) -> None:
        """Show a longer (positive) or shorter stretch."""
        now = min(range(len(SPANS_S)), key=lambda i: abs(SPANS_S[i] - self.span_s))
        self.span_s = float(SPANS_S[min(max(0, now + step), len(SPANS_S) - 1)])
        self._look_at(self._end_s)

    def mark_violations(self, spans: Sequence[tuple[str, float, float]]) -> None:
        """Hatch where a criterion was broken: ``(point, from_s, to_s)``."""
        self._violations = list(spans)
        self.draw()

    def _look_at(self, end_s: float | None) -> None:
        self._end_s = end_s
        self.draw()
        self.view_changed.emit()

    def draw(self) -> None:
        """Pull and paint one frame. Qt thread."""
        from_s, to_s = self.shown_s
        columns = max(100, self.width() - 60)
        span_us = (int(from_s * 1e6), int(to_s * 1e6))
        for row in self._rows:
            row.show_times(from_s, to_s)
        for curve, plot in zip(self._curves, self._plots, strict=True):
            plot.show_curve(*outline(*self._source.window(curve.point, *span_us, columns)))
        for index, lane in enumerate(self._lanes):
            t_us, _, high = self._source.window(lane.point, *span_us, columns)
            if t_us.size:
                self._logic.show_lane(index, t_us / 1e6, np.clip(high / lane.full, 0, 1))
        self._draw_notes(from_s, to_s)
        self._draw_cursors()

    # ------------------------------------------------------------------ measuring

    def measure(self, on: bool) -> None:
        """Put two cursors on the frozen picture, or take them away."""
        if on == (self.ruler is not None):
            return
        if on:
            self.pause()
            from_s, end = self.shown_s[0], self._end_s or 0.0
            points = [curve.point for curve in self._curves]
            self.ruler = Ruler(
                self._source, points, from_s + 0.3 * self.span_s, end - 0.2 * self.span_s
            )
            self.ruler.put(self.ruler.a_s)
            self.ruler.put(self.ruler.b_s)
        else:
            self.ruler = None
        self._cursors_moved()

    def _cursors_moved(self) -> None:
        self._draw_cursors()
        self.measured.emit()

    def _draw_cursors(self) -> None:
        ruler = self.ruler
        instants = [] if ruler is None else [ruler.a_s, ruler.b_s]
        self._logic.show_cursors(instants)
        for curve, plot in zip(self._curves, self._plots, strict=True):
            values = [] if ruler is None else [ruler.value_at(curve.point, t) for t in instants]
            words = [f"{name} {curve.shown(v)}" for name, v in zip("AB", values, strict=False)]
            plot.show_cursors(instants, values, words)

    def _draw_notes(self, from_s: float, to_s: float) -> None:
        told = [
            (e.t_us / 1e6, name)
            for e in self._source.events()
            if from_s * 1e6 <= e.t_us <= to_s * 1e6
            and (name := self._look.words(self._event_name(e)))
        ]
        self._event_lane.show_events(told, to_s, self.span_s)
        instants = [instant for instant, _ in told]
        gaps = [(g.from_us / 1e6, g.to_us / 1e6, "borderS") for g in self._source.gaps()]
        seen = [gap for gap in gaps if gap[1] > from_s and gap[0] < to_s]
        for curve, plot in zip(self._curves, self._plots, strict=True):
            plot.show_marks(instants)
            plot.show_spans(seen + self._broken(curve.point))
        self._logic.show_marks(instants)
        points = {lane.point for lane in self._lanes}
        self._logic.show_spans(
            seen + [(a, b, "fail") for point, a, b in self._violations if point in points]
        )

    def _broken(self, point: str) -> list[tuple[float, float, str]]:
        return [(a, b, "fail") for name, a, b in self._violations if name == point]

    def _dress(self) -> None:
        for row in self._rows:
            row.dress()
        self._retell()

    def _retell(self) -> None:
        width = left_width(self._look, [self._look.words(lane.name) for lane in self._lanes])
        for row in self._rows:
            row.retell()
            row.set_left_width(width)
        for curve, plot in zip(self._curves, self._plots, strict=True):
            plot.show_limits([(value, self._look.words(label)) for value, label in curve.limits])
        self.setAccessibleName(self._look.words(Text("实时曲线", "Live plots")))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the lanes give way to the curves where there is little height."""
        super().resizeEvent(event)
        wanted = min(LEAST_PLOT_PX * len(self._plots), LEAST_PLOTS_PX)
        room = event.size().height() - EVENT_LANE_PX - wanted
        self._logic.set_room(room)

    def showEvent(self, event: QShowEvent) -> None:
        """Draw only while somebody can see it."""
        self._timer.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop drawing while hidden."""
        self._timer.stop()
        super().hideEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll through time; with Ctrl, zoom."""
        steps = event.angleDelta().y() / 120
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(-1 if steps > 0 else 1)
        elif steps:
            self._scroll(-steps * 0.1 * self.span_s)
        event.accept()

    def _scroll(self, by_s: float) -> None:
        newest = self._source.now_us() / 1e6
        end = (newest if self._end_s is None else self._end_s) + by_s
        self._look_at(None if end >= newest else max(end, min(newest, self.span_s)))

    def _instant_at(self, x: float) -> float:
        from_s, to_s = self.shown_s
        left, right = self._event_lane.times_between()
        return from_s + (x - left) / max(1.0, right - left) * (to_s - from_s)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the picture to drag it through time; while measuring, of a cursor."""
        if self.ruler is not None:
            self.ruler.put(self._instant_at(event.position().x()))
            self._cursors_moved()
            self.setFocus()
            return
        newest = self._source.now_us() / 1e6
        self._drag = (event.position().x(), newest if self._end_s is None else self._end_s)
        self.setFocus()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the picture through time, or a cursor."""
        if self.ruler is not None:
            self.ruler.move_to(self._instant_at(event.position().x()))
            self._cursors_moved()
        if self._drag is None:
            return
        x, end = self._drag
        moved = (x - event.position().x()) / max(1, self.width()) * self.span_s
        if abs(moved) * self.width() > 3 * self.span_s:
            newest = self._source.now_us() / 1e6
            self._look_at(None if end + moved >= newest else end + moved)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._drag = None

    def _measure_key(self, event: QKeyEvent) -> bool:
        """Move the active cursor by a reading, with Shift by ten; up and down change cursors."""
        ruler = self.ruler
        if ruler is None:
            return False
        far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        match event.key():
            case Qt.Key.Key_Left:
                ruler.step(-far)
            case Qt.Key.Key_Right:
                ruler.step(far)
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                ruler.active = "a" if ruler.active == "b" else "b"
            case Qt.Key.Key_Escape:
                self.measure(False)
            case _:
                return False
        self._cursors_moved()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space pauses, End follows, Home shows all, + and - zoom, arrows scroll, M measures."""
        if self.ruler is not None and self._measure_key(event):
            return
        match event.key():
            case Qt.Key.Key_M:
                self.measure(self.ruler is None)
            case Qt.Key.Key_Space:
                self.pause() if self.is_following else self.follow()
            case Qt.Key.Key_End:
                self.follow()
            case Qt.Key.Key_Home:
                self.show_all()
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(-1)
            case Qt.Key.Key_Minus:
                self.zoom(1)
            case Qt.Key.Key_Left:
                self._scroll(-0.1 * self.span_s)
            case Qt.Key.Key_Right:
                self._scroll(0.1 * self.span_s)
            case _:
                super().keyPressEvent(event)
