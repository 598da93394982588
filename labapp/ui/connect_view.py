"""How to get readings: a real kit, the simulated one, or a recording played back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from labapp.app.states import BenchPhase, BenchState
from labapp.model.text import Text
from labapp.model.trouble import Problem
from labapp.profiles.profile import Profile
from labapp.ui.connect_cards import CheckList, OfferCard, ProgressCard, TroubleCard, kit_words
from labapp.ui.link_form import FoundPort, LinkForm
from labapp.ui.look import Look
from labapp.ui.theme import H2
from labapp.ui.widgets.buttons import Button, ToolButton
from labapp.ui.widgets.labels import NOTHING, Label
from labapp.ui.widgets.layout import STRETCH, column, row
from labapp.ui.widgets.panels import ScrollColumn

TITLE = Text("连接实训套件，开始采集数据", "Connect a kit to start measuring")
SWITCH = Text("换一个套件", "Change the kit")
REAL = Text("连接真实套件", "Connect a real kit")
TWIN = Text("先用仿真套件", "Use the simulated kit")
TWIN_ABOUT = Text(
    "手边没有套件时使用。数据会标记“仿真”，判分方法和真实套件一样。",
    "For when no kit is at hand. Readings are marked as simulated and judged in the same way.",
)


class ConnectView(QWidget):
    """Two ways to readings, the progress of connecting, and what to do when it does not work."""

    url_chosen = Signal(str)
    twin_chosen = Signal()
    cancel_chosen = Signal()
    scan_chosen = Signal()

    def __init__(self, look: Look, profile: Profile) -> None:
        super().__init__()
        self._look = look
        self._title = Label(look, TITLE, H2, bold=True, wrap=True)
        self._need = Label(look, kit_words(profile), tone="text2", wrap=True)
        self.form = LinkForm(look, profile)
        self.connect_button = Button(look, Text("连接", "Connect"), "primary")
        self.twin_button = Button(look, Text("用仿真", "Simulate"))
        self._cards = self._offers()
        self.progress = ProgressCard(look)
        self.trouble = TroubleCard(look)
        self.checks = CheckList(look)
        self._scan = ToolButton(
            look, "refresh", Text("重新扫描串口 (Ctrl+Shift+K)", "Scan ports again (Ctrl+Shift+K)"),
            Text("重新扫描", "Scan again"),
        )  # fmt: skip
        self._lay_out()
        self._bind()
        self._allow()

    def _offers(self) -> QWidget:
        look = self._look
        real = OfferCard(look, "usb", "accent", REAL, NOTHING, self.connect_button,
                         inner=self.form, main=True)  # fmt: skip
        twin = OfferCard(look, "cube-scan", "sim", TWIN, TWIN_ABOUT, self.twin_button)
        box = QWidget()
        box.setLayout(column(real, twin, gap=10))
        return box

    def _lay_out(self) -> None:
        look = self._look
        self._help = ToolButton(
            look, "stethoscope", Text("连不上时逐项检查", "What to check when it does not connect"),
            Text("排查步骤", "Troubleshoot"), checkable=True,
        )  # fmt: skip
        lost = Label(look, Text("找不到套件？", "Kit not found?"), tone="text2")
        self._foot = QWidget()
        self._foot.setLayout(row(lost, self._help, self._scan, STRETCH, gap=12))
        inner = QWidget()
        inner.setMaximumWidth(760)
        inner.setLayout(
            column(
                STRETCH, self._title, self._need, 6, self.trouble, self.progress, self._cards,
                self._foot, self.checks, STRETCH, gap=10, margins=(28, 24, 28, 24),
            )
        )  # fmt: skip
        middle = QWidget()
        middle.setLayout(row(STRETCH, (inner, 1000), STRETCH, gap=0))
        self.setLayout(column((ScrollColumn(look, middle, bg="app"), 1), gap=0))

    def _bind(self) -> None:
        self.form.changed.connect(self._allow)
        self.form.confirmed.connect(self._connect)
        self.connect_button.clicked.connect(self._connect)
        self.twin_button.clicked.connect(self.twin_chosen)
        self.progress.cancel.clicked.connect(self.cancel_chosen)
        self.trouble.retry.clicked.connect(self._retry)
        self._help.toggled.connect(self.checks.setVisible)
        self._scan.clicked.connect(self.scan_chosen)

    def show_ports(self, ports: Sequence[FoundPort] | None) -> None:
        """Offer these serial ports; ``None`` while they are looked for."""
        self.form.show_ports(ports)

    def show_bench(self, state: BenchState) -> None:
        """Show how connecting goes, or why it did not work."""
        busy = state.phase == BenchPhase.CONNECTING
        self.progress.setVisible(busy)
        self._cards.setVisible(not busy)
        self._foot.setVisible(not busy)
        if busy:
            self.progress.show_state(state)
        gave_up = state.phase == BenchPhase.GAVE_UP
        self.trouble.setVisible(gave_up)
        if gave_up:
            self.trouble.show_state(state)
            self.form.show_url(state.url)
        online = state.phase in (BenchPhase.ONLINE, BenchPhase.DEGRADED)
        self._title.set_text(SWITCH if online else TITLE)

    def show_problem(self, problem: Problem) -> None:
        """Show why an address cannot be used."""
        self.trouble.show_problem(problem)
        self.trouble.show()

    def show_checks(self) -> None:
        """Unfold the troubleshooting steps."""
        self._help.setChecked(True)

    @Slot()
    def _allow(self) -> None:
        self.connect_button.setEnabled(bool(self.form.url))

    @Slot()
    def _connect(self) -> None:
        if self.form.url:
            self.trouble.hide()
            self.url_chosen.emit(self.form.url)

    @Slot()
    def _retry(self) -> None:
        url = self.trouble.url
        if url:
            self.url_chosen.emit(url)
        else:
            self._connect()
