"""The live plots with their toolbar: pause, follow, span, violations, fit, export."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout

from labapp.model.text import Text, same
from labapp.ui.look import Look
from labapp.ui.plots.live_plots import Curve, Lane, LivePlots
from labapp.ui.plots.source import PlotSource
from labapp.ui.style_sizes import CARD_RADIUS
from labapp.ui.theme import CAPTION, H3
from labapp.ui.widgets.buttons import ToolButton
from labapp.ui.widgets.chip import Chip
from labapp.ui.widgets.labels import Label
from labapp.ui.widgets.layout import STRETCH, row
from labapp.ui.widgets.panels import Panel

PAUSE = Text("暂停画面，录制不停（空格）", "Freeze the picture; recording goes on (Space)")
RESUME = Text("继续画面（空格）", "Resume the picture (Space)")


class PlotCard(Panel):
    """A card with the live plots.

    Args:
        look: theme and language.
        source: where readings come from.
        curves: quantities, top first, at most four.
        lanes: on-off signals.
        on_export: called when the user asks for the readings as a file; ``None`` hides the button.
    """

    def __init__(
        self,
        look: Look,
        source: PlotSource,
        curves: Sequence[Curve],
        lanes: Sequence[Lane],
        on_export: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(look, radius=CARD_RADIUS, border="border")
        self.plots = LivePlots(look, source, curves, lanes)
        self._violations: list[tuple[str, float, float]] = []
        self._next = 0
        self._tools(look, on_export)
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 1, 1, 1)
        box.setSpacing(0)
        box.addLayout(self._bar)
        box.addWidget(self.plots, 1)
        self.plots.view_changed.connect(self._tell)
        self._tell()

    def _tools(self, look: Look, on_export: Callable[[], None] | None) -> None:
        self._span = Label(look, same(""), CAPTION, tone="text2")
        self._simulated = Chip(look, Text("仿真数据", "Simulated"), "cube-scan", "sim")
        self._frozen = Chip(look, Text("画面暂停", "Frozen"), "pause", "warn")
        self._pause = ToolButton(look, "pause", PAUSE)
        self._pause.clicked.connect(self._toggle_pause)
        self._follow = ToolButton(
            look,
            "arrow-collapse-right",
            Text("跟随最新（End）", "Follow the newest (End)"),
            checkable=True,
        )
        self._follow.clicked.connect(self.plots.follow)
        self._shorter = ToolButton(
            look, "magnify-plus-outline", Text("时间放大（+）", "Zoom in (+)")
        )
        self._shorter.clicked.connect(self._zoom_in)
        self._longer = ToolButton(
            look, "magnify-minus-outline", Text("时间缩小（-）", "Zoom out (-)")
        )
        self._longer.clicked.connect(self._zoom_out)
        self._jump = ToolButton(
            look,
            "crosshairs-gps",
            Text("跳到超限处（Ctrl+G）", "Go to a violation (Ctrl+G)"),
            same("0"),
        )
        self._jump.clicked.connect(self.next_violation)
        fit = ToolButton(
            look, "fit-to-page-outline", Text("显示全程（Home）", "Show the whole run (Home)")
        )
        fit.clicked.connect(self.plots.show_all)
        export = None
        if on_export is not None:
            export = ToolButton(
                look, "tray-arrow-down", Text("导出数据（Ctrl+E）", "Export the readings (Ctrl+E)")
            )
            export.clicked.connect(on_export)
        self._bar = row(
            Label(look, Text("实时曲线", "Live plots"), H3, bold=True),
            self._span,
            self._simulated,
            self._frozen,
            STRETCH,
            self._pause,
            self._follow,
            self._shorter,
            self._longer,
            self._jump,
            fit,
            export,
            margins=(12, 6, 8, 2),
            gap=4,
        )

    def show_simulated(self, simulated: bool) -> None:
        """Say whether the readings come from a simulated kit."""
        self._simulated.setVisible(simulated)

    def show_violations(self, spans: Sequence[tuple[str, float, float]]) -> None:
        """Hatch where criteria were broken: ``(point, from_s, to_s)``."""
        if list(spans) == self._violations:
            return
        self._violations = list(spans)
        self.plots.mark_violations(spans)
        self._tell()

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
