"""Strips under the top bar: the lost link with what to do, and the last thing worth reading."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QWidget

from labapp.app.states import BenchPhase, BenchState
from labapp.model.text import Text
from labapp.model.trouble import Problem
from labapp.ui.look import Look
from labapp.ui.widgets.banner import Banner
from labapp.ui.widgets.buttons import Button
from labapp.ui.widgets.layout import column

KEPT = Text(
    "检查 USB 线和套件电源指示灯；插回后会自动重连。断线前的数据都已保存，断线时段不会扣分。",
    "Check the USB cable and the power light; it reconnects by itself. What was recorded is saved, "
    "and the gap costs no points.",
)


class Notices(QWidget):
    """Nothing while all is well.

    Signals:
        reconnect_chosen, simulate_chosen, checks_chosen: the lost link's three ways on.
    """

    reconnect_chosen = Signal()
    simulate_chosen = Signal()
    checks_chosen = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        reconnect = Button(look, Text("立即重连", "Reconnect now"), "primary")
        simulate = Button(look, Text("改用仿真", "Simulate instead"))
        checks = Button(look, Text("排查步骤", "Troubleshoot"))
        self.lost = Banner(
            look, "fail", "link-variant-off", KEPT, KEPT, (checks, simulate, reconnect)
        )
        self.told = Banner(look, "warn", "alert-circle-outline", KEPT, None, closable=True)
        self.setLayout(column(self.lost, self.told, gap=0))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        reconnect.clicked.connect(self.reconnect_chosen)
        simulate.clicked.connect(self.simulate_chosen)
        checks.clicked.connect(self.checks_chosen)
        self.told.closed.connect(self.told.hide)
        self.lost.hide()
        self.told.hide()

    def show_bench(self, state: BenchState) -> None:
        """Show the lost link, until it is back."""
        lost = state.phase == BenchPhase.LOST
        self.lost.setVisible(lost)
        if lost:
            self.lost.say(state.message, KEPT)

    def tell(self, problem: Problem) -> None:
        """Show a problem until it is read or another one comes."""
        self.told.say(problem.message, None)
        self.told.show()

    @Slot()
    def clear(self) -> None:
        """Take everything away, as when another project is opened."""
        self.lost.hide()
        self.told.hide()
