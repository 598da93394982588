"""The right column: the bench while there is one, else how to get one, or the step's figure."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from labapp.app.desk import Desk
from labapp.app.states import BenchPhase, BenchState
from labapp.model.text import Text
from labapp.packs.pack import Pack, Step
from labapp.ui.bench_column import BenchColumn
from labapp.ui.connect_view import ConnectView
from labapp.ui.figure_view import FigureView
from labapp.ui.lesson import BENCH_KINDS
from labapp.ui.look import Look
from labapp.ui.theme import CAPTION, H3
from labapp.ui.widgets.labels import Label
from labapp.ui.widgets.layout import STRETCH, column, row
from labapp.ui.widgets.panels import Panel, card
from labapp.ui.wiring_board import WiringBoard
from labapp.ui.wiring_view import WiringView

LIVE = (BenchPhase.ONLINE, BenchPhase.DEGRADED, BenchPhase.LOST)
WIRING = Text("接线图", "Wiring")
DRAG = Text(
    "从一个端子拖到另一个端子；键盘：方向键、回车、Delete",
    "Drag from terminal to terminal; keys: arrows, Enter, Delete",
)
FIGURE = Text("本步的图", "Figure")


class BenchPane(QStackedWidget):
    """Shows one of: bench, connect screen, wiring figure, figure.

    Signals:
        opened: another of them is shown.
        fill_chosen: measured values are wanted in the answers; statistics by point.
    """

    opened = Signal()
    fill_chosen = Signal(dict)

    def __init__(self, look: Look, desk: Desk, on_export: Callable[[], None] | None = None) -> None:
        super().__init__()
        self._look, self._pack = look, desk.pack
        self._desk, self._on_export = desk, on_export
        self._bench: BenchColumn | None = None
        self.connect_view = ConnectView(look, desk.profile)
        self._step: Step = desk.step
        self._board: WiringBoard | None = None
        self._phase = BenchPhase.NONE
        self._asked = False
        self._own: dict[str, QWidget] = {}
        self.addWidget(self.connect_view)
        self._turn()

    @property
    def bench(self) -> BenchColumn:
        """Twin, values and plots; made when they are needed first, for a quick first picture."""
        if self._bench is None:
            self._bench = BenchColumn(self._look, self._desk, self._on_export)
            self._bench.show_step(self._step)
            self._bench.fill_chosen.connect(self.fill_chosen)
            self.addWidget(self._bench)
        return self._bench

    @property
    def connecting(self) -> bool:
        """Whether the connect screen is shown."""
        return self.currentWidget() is self.connect_view

    def show_step(self, step: Step, board: WiringBoard | None) -> None:
        """Show what belongs to a step; ``board`` has the wires of a wiring step."""
        self._board = board
        if step is not self._step:
            self._step, self._asked = step, False
        if self._bench is not None:
            self._bench.show_step(step)
        self._turn()

    def show_bench(self, state: BenchState) -> None:
        """Show the bench once it is there, and the connect screen when it is gone."""
        came = state.phase in LIVE and self._phase not in LIVE
        failed = state.phase == BenchPhase.GAVE_UP and self._phase != BenchPhase.GAVE_UP
        self._phase = state.phase
        if came:
            self._asked = False
        elif failed:
            self._asked = True
        self.connect_view.show_bench(state)
        self._turn()

    def ask_connect(self, *, asked: bool | None = None) -> None:
        """Open the connect screen, or close it again where there is something else to show."""
        self._asked = not self.connecting if asked is None else asked
        self._turn()

    @Slot()
    def _turn(self) -> None:
        before = self.currentWidget()
        self.setCurrentWidget(self._wanted())
        if self.currentWidget() is not before:
            self.opened.emit()

    def _wanted(self) -> QWidget:
        if self._asked or self._phase == BenchPhase.CONNECTING:
            return self.connect_view
        own = self._own_page()
        if own is not None:
            return own
        return self.bench if self._phase in LIVE else self.connect_view

    def _own_page(self) -> QWidget | None:
        """Return the page that the step brings along: its wiring figure, or its figure."""
        step = self._step
        if step.id not in self._own:
            page = self._make(self._pack, step)
            if page is None:
                return None
            self._own[step.id] = page
            self.addWidget(page)
        return self._own[step.id]

    def _make(self, pack: Pack, step: Step) -> QWidget | None:
        figure = pack.figure(step.figure) if step.figure is not None else None
        if step.connections:
            if self._board is None:
                return None
            view = WiringView(self._look, self._board, figure)
            return _framed(self._look, WIRING, DRAG, view)
        if figure is not None and step.kind not in BENCH_KINDS:
            return _framed(self._look, FIGURE, None, FigureView(self._look, figure, step.title))
        return None


def _framed(look: Look, title: Text, about: Text | None, inner: QWidget) -> QWidget:
    hint = Label(look, about, CAPTION, tone="text2", wrap=True) if about is not None else None
    head = row(
        Label(look, title, H3, bold=True), (hint, 1) if hint is not None else STRETCH,
        margins=(12, 8, 12, 4), gap=10,
    )  # fmt: skip
    body = card(look, column(head, (inner, 1), margins=(8, 1, 8, 8), gap=4))
    return Panel(look, column((body, 1), margins=(10, 10, 10, 10)), bg="app")
