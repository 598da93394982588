"""The live plots with their toolbar: pause, follow, span, violations, fit, export."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from labapp.model.reading import Event
from labapp.model.text import Text, same
from labapp.ui.look import Look
from labapp.ui.plots.live_plots import Curve, Lane, LivePlots
from labapp.ui.plots.measure import stretch_words, times_words
from labapp.ui.plots.measure_strip import MeasureStrip
from labapp.ui.plots.source import PlotSource
from labapp.ui.style_sizes import CARD_RADIUS
from labapp.ui.theme import CAPTION, H3
from labapp.ui.widgets.buttons import ToolButton
from labapp.ui.widgets.chip import Chip
from labapp.ui.widgets.labels import Label
from labapp.ui.widgets.layout import STRETCH, row
from labapp.ui.widgets.panels import Panel

PAUSE = Text("暂停画面，录制不停（空格）", "Freeze the picture; recording goes on (Space)")
FROZEN = Text("画面暂停，录制继续", "Frozen, still recording")
FROZEN_SHORT = Text("画面暂停", "Frozen")
MEASURE = Text("量两点之间的差（曲线上按 M）", "Measure between two points (M on the plots)")
RESUME = Text("继续画面（空格）", "Resume the picture (Space)")


class PlotCard(Panel):
    """A card with the live plots.

    Args:
        look: theme and language.
        source: where readings come from.
        curves: quantities, top first, at most four.
        lanes: on-off signals.
        event_name: the short name of an event, empty for one that is left out.
        on_export: called when the user asks for the readings as a file; ``None`` hides the button.

    Signals:
        fill_chosen: what lies between the cursors is wanted in the answers; by point.
    """

    fill_chosen = Signal(dict)

    def __init__(
        self,
        look: Look,
        source: PlotSource,
        curves: Sequence[Curve],
        lanes: Sequence[Lane],
        event_name: Callable[[Event], Text],
        on_export: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(look, radius=CARD_RADIUS, border="border")
        self._curves = tuple(curves)
        self._is_simulated = False
        self.plots = LivePlots(look, source, curves, lanes, event_name)
        self.strip = MeasureStrip(look)
        self.strip.hide()
        self.strip.fill.hide()
        self._violations: list[tuple[str, float, float]] = []
        self._next = 0
        self._tools(look, on_export)
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 1, 1, 1)
        box.setSpacing(0)
        box.addLayout(self._bar)
        box.addWidget(self.strip)
        box.addWidget(self.plots, 1)
        self.plots.view_changed.connect(self._tell)
        self.plots.measured.connect(self._tell_measure)
        self.strip.fill_chosen.connect(self.fill_answers)
        self.strip.copy_chosen.connect(self.copy_values)
        self._tell()

    def _tools(self, look: Look, on_export: Callable[[], None] | None) -> None:
        self._span = Label(look, same(""), CAPTION, tone="text2")
        self._simulated = Chip(look, Text("仿真数据", "Simulated"), "cube-scan", "sim")
        self._simulated.hide()
        self._frozen = Chip(
            look, Text("画面暂停，录制继续", "Frozen, still recording"), "pause", "warn"
        )
        export = None
        if on_export is not None:
            export = ToolButton(
                look, "tray-arrow-down", Text("导出数据（Ctrl+E）", "Export the readings (Ctrl+E)")
            )
            export.clicked.connect(on_export)
        title = Label(look, Text("实时曲线", "Live plots"), H3, bold=True)
        about = (title, self._span, self._simulated, self._frozen)
        tools = (*self._time_tools(look), *self._value_tools(look), export)
        self._bar = row(*about, STRETCH, *tools, margins=(12, 6, 8, 2), gap=4)

    def _time_tools(self, look: Look) -> tuple[ToolButton, ...]:
        """Make the buttons that choose the stretch of time that is seen."""
        newest = Text("跟随最新（End）", "Follow the newest (End)")
        self._pause = ToolButton(look, "pause", PAUSE)
        self._pause.clicked.connect(self._toggle_pause)
        self._follow = ToolButton(look, "arrow-collapse-right", newest, checkable=True)
        self._follow.clicked.connect(self.plots.follow)
        self._shorter = ToolButton(
            look, "magnify-plus-outline", Text("时间放大（+）", "Zoom in (+)")
        )
        self._shorter.clicked.connect(self._zoom_in)
        self._longer = ToolButton(
            look, "magnify-minus-outline", Text("时间缩小（-）", "Zoom out (-)")
        )
        self._longer.clicked.connect(self._zoom_out)
        return self._pause, self._follow, self._shorter, self._longer

    def _value_tools(self, look: Look) -> tuple[ToolButton, ...]:
        """Make the buttons that look at values: measure, violations, the whole run."""
        short = Text("测量", "Measure")
        over = Text("跳到超限处（Ctrl+G）", "Go to a violation (Ctrl+G)")
        whole = Text("显示全程（Home）", "Show the whole run (Home)")
        self.measure = ToolButton(look, "arrow-split-vertical", MEASURE, short, checkable=True)
        self.measure.clicked.connect(self.plots.measure)
        self._jump = ToolButton(look, "crosshairs-gps", over, same("0"))
        self._jump.clicked.connect(self.next_violation)
        self._fit_all = ToolButton(look, "fit-to-page-outline", whole)
        self._fit_all.clicked.connect(self.plots.show_all)
        return self.measure, self._jump, self._fit_all

    @property
    def _spare(self) -> tuple[QWidget, ...]:
        """What is left out first where there is no room."""
        return self._longer, self._shorter, self._span, self._fit_all

    def show_simulated(self, simulated: bool) -> None:
        """Say whether the readings come from a simulated kit."""
        if simulated != self._is_simulated:
            self._is_simulated = simulated
            self._simulated.setVisible(simulated)
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave tools out where there is no room for all."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show what fits: states always, then measuring and limits, zoom and span last."""
        for spare in self._spare:
            spare.show()
        self._frozen.become(FROZEN, "pause", "warn")
        for spare in self._spare:
            if self._bar.minimumSize().width() <= self.width() - 2:
                return
            spare.hide()
        if self._bar.minimumSize().width() > self.width() - 2:
            self._frozen.become(FROZEN_SHORT, "pause", "warn")

    def show_violations(self, spans: Sequence[tuple[str, float, float]]) -> None:
        """Hatch where criteria were broken: ``(point, from_s, to_s)``."""
        if list(spans) == self._violations:
            return
        self._violations = list(spans)
        self.plots.mark_violations(spans)
        self._tell()

    def offer_fill(self, offered: bool) -> None:
        """Say whether there are answers that measured values can be filled into."""
        self.strip.fill.setVisible(offered)

    @Slot()
    def fill_answers(self) -> None:
        """Ask for what lies between the cursors to be filled into the answers."""
        ruler = self.plots.ruler
        if ruler is not None and not self.strip.fill.isHidden():
            self.fill_chosen.emit({each.point: each.statistics for each in ruler.stretches()})

    @Slot()
    def copy_values(self) -> None:
        """Put what the cursors measure on the clipboard."""
        if self.plots.ruler is not None:
            QGuiApplication.clipboard().setText(self.strip.words)

    @Slot()
    def _tell_measure(self) -> None:
        ruler = self.plots.ruler
        self.measure.setChecked(ruler is not None)
        self.strip.setVisible(ruler is not None)
        if ruler is None:
            return
        apart = abs(ruler.b_s - ruler.a_s)
        words = tuple(
            stretch_words(stretch, curve.name, curve.unit, curve.decimals, apart)
            for stretch, curve in zip(ruler.stretches(), self._curves, strict=True)
        )
        self.strip.show_words(times_words(ruler), words)

    @Slot()
    def next_violation(self) -> None:
        """Show the next place where a criterion was broken."""
        if self._violations:
            _, from_s, to_s = self._violations[self._next % len(self._violations)]
            self._next += 1
            self.plots.show_span(from_s, max(to_s, from_s + 1))

    @Slot()
    def _toggle_pause(self) -> None:
        if self.plots.is_following:
            self.plots.pause()
        else:
            self.plots.follow()

    @Slot()
    def _zoom_in(self) -> None:
        self.plots.zoom(-1)

    @Slot()
    def _zoom_out(self) -> None:
        self.plots.zoom(1)

    @Slot()
    def _tell(self) -> None:
        following = self.plots.is_following
        span = f"{self.plots.span_s:.0f} s"
        self._span.set_text(
            Text(f"最近 {span}", f"Last {span}")
            if following
            else Text(f"共 {span}", f"{span} shown")
        )
        self._frozen.setVisible(not following)
        self._fit()
        self._follow.setChecked(following)
        self._pause.become("pause" if following else "play", PAUSE if following else RESUME)
        count = len(self._violations)
        self._jump.setEnabled(count > 0)
        self._jump.become(
            "crosshairs-gps",
            Text("跳到超限处（Ctrl+G）", "Go to a violation (Ctrl+G)"),
            Text(f"超限 {count}", f"Limits {count}"),
            "fail" if count else "text2",
        )
