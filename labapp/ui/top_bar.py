"""The bar at the top: where you are, what the bench is, who you are."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QWidget

from labapp.app.states import BenchPhase, BenchState
from labapp.model.bench import BenchKind
from labapp.model.text import Text, same
from labapp.ui.countdown import Countdown
from labapp.ui.look import Look
from labapp.ui.theme import CAPTION, H3
from labapp.ui.widgets.buttons import ToolButton
from labapp.ui.widgets.chip import Chip
from labapp.ui.widgets.labels import NOTHING, ElidedLabel, IconLabel, Label
from labapp.ui.widgets.layout import STRETCH, column, row
from labapp.ui.widgets.panels import Line, Panel

HEIGHT_PX = 52
APP_NAME = Text("物联网实训台", "IoT Lab Bench")
BACK = Text("返回项目列表 (Ctrl+O)", "Back to the projects (Ctrl+O)")
SETTINGS = Text("设置 (Ctrl+,)", "Settings (Ctrl+,)")
KEYS = Text("快捷键 (Shift+F1)", "Keyboard shortcuts (Shift+F1)")
NOBODY = Text("未填姓名", "No name yet")


@dataclass(frozen=True, slots=True)
class BenchWords:
    """How a bench state looks in the top bar."""

    text: Text
    glyph: str
    tone: str
    strong: bool = False


def bench_words(state: BenchState, kit: Text) -> BenchWords:
    """Return the chip for a bench state; a simulation is violet and never green."""
    kind = state.bench.kind if state.bench is not None else None
    match state.phase:
        case BenchPhase.NONE:
            return BenchWords(
                Text("未连接套件", "No kit connected"), "power-plug-off-outline", "idle"
            )
        case BenchPhase.CONNECTING:
            return BenchWords(Text("正在连接", "Connecting"), "progress-clock", "accent")
        case BenchPhase.LOST:
            tries = f" {state.attempts}" if state.attempts else ""
            zh, en = f"连接中断，正在重连{tries}", f"Link lost, reconnecting{tries}"
            return BenchWords(Text(zh, en), "link-variant-off", "fail")
        case BenchPhase.GAVE_UP:
            return BenchWords(Text("没有连上套件", "Not connected"), "link-variant-off", "fail")
        case _ if kind == BenchKind.TWIN:
            return BenchWords(Text("仿真套件", "Simulated kit"), "cube-scan", "sim", strong=True)
        case _ if kind == BenchKind.REPLAY:
            return BenchWords(Text("回放录制", "Replay"), "movie-open-play-outline", "idle")
        case BenchPhase.DEGRADED:
            zh, en = f"{kit.zh}连接不稳", f"{kit.en}: unsteady link"
            return BenchWords(Text(zh, en), "signal-cellular-1", "warn")
        case _:
            return BenchWords(Text(f"{kit.zh}已连接", f"{kit.en} connected"), "usb", "pass")


class TopBar(Panel):
    """Title on the left; countdown, bench, settings and student on the right.

    A page may put tools of its own there instead of bench and student.
    """

    back_chosen = Signal()
    keys_chosen = Signal()
    settings_chosen = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look, edges="b")
        self._back = ToolButton(look, "view-grid-outline", BACK)
        self._logo = IconLabel(look, "flask-outline", "accent", 26)
        self._title = ElidedLabel(look, APP_NAME, H3, bold=True)
        self._subtitle = ElidedLabel(look, NOTHING, CAPTION, tone="text2")
        self._back_line = Line(look, upright=True)
        self.countdown = Countdown(look)
        self.bench = Chip(look, NOTHING, height=26)
        self._tools: QWidget | None = None
        self._tools_box = row(gap=0)
        self._usual = self._right(look)
        titles = column(STRETCH, self._title, self._subtitle, STRETCH, gap=0)
        self.setLayout(
            row(
                self._back, self._logo, self._back_line, (titles, 1), self.countdown,
                self._tools_box, self._usual, margins=(10, 0, 14, 0), gap=10,
            )
        )  # fmt: skip
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._back.clicked.connect(self.back_chosen)
        look.theme.changed.connect(self._resize)
        self._resize()
        self.show_home()

    def _right(self, look: Look) -> QWidget:
        keys = ToolButton(look, "keyboard-outline", KEYS)
        settings = ToolButton(look, "cog-outline", SETTINGS)
        self._student = Label(look, NOBODY)
        self._seat = Label(look, NOTHING, CAPTION, tone="text3")
        keys.clicked.connect(self.keys_chosen)
        settings.clicked.connect(self.settings_chosen)
        box = QWidget()
        box.setLayout(
            row(
                self.bench, keys, settings, Line(look, upright=True),
                IconLabel(look, "account-circle", "text2", 24), self._student, self._seat, gap=10,
            )
        )  # fmt: skip
        return box

    @Slot()
    def _resize(self) -> None:
        self.setFixedHeight(max(HEIGHT_PX, self.look.theme.px(HEIGHT_PX)))

    def show_home(self) -> None:
        """Show the product's name and no bench."""
        self._show(APP_NAME, NOTHING, None, at_home=True)

    def show_place(
        self, title: Text, subtitle: Text, *, back: Text = BACK, glyph: str = "view-grid-outline",
        tools: QWidget | None = None,
    ) -> None:  # fmt: skip
        """Show a project or a page of it, with a way back and perhaps tools of its own."""
        self._back.become(glyph, back)
        self._show(title, subtitle, tools, at_home=False)

    def show_bench(self, words: BenchWords) -> None:
        """Show how the bench stands."""
        self.bench.become(words.text, words.glyph, words.tone, strong=words.strong)

    def show_student(self, name: str, seat: str) -> None:
        """Show who sits here."""
        self._student.set_text(same(name) if name else NOBODY)
        self._student.set_tone("text" if name else "text3")
        self._seat.set_text(Text(f"{seat} 号机", f"Seat {seat}") if seat else NOTHING)
        self._seat.setVisible(bool(seat))

    def _show(self, title: Text, subtitle: Text, tools: QWidget | None, *, at_home: bool) -> None:
        self._title.set_text(title)
        self._subtitle.set_text(subtitle)
        self._subtitle.setVisible(subtitle != NOTHING)
        self._logo.setVisible(at_home)
        for widget in (self._back, self._back_line, self.bench):
            widget.setVisible(not at_home)
        if self._tools is not tools:
            if self._tools is not None:
                self._tools_box.removeWidget(self._tools)
                self._tools.hide()
            if tools is not None:
                self._tools_box.addWidget(tools)
                tools.show()
            self._tools = tools
        self._usual.setVisible(tools is None)
