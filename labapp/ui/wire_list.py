"""The wires as a list, and two fields to place one: the way without a pointer."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from labapp.model.text import Text, same
from labapp.ui.look import Look
from labapp.ui.widgets.buttons import Button, ToolButton
from labapp.ui.widgets.empty import EmptyState
from labapp.ui.widgets.fields import Choice
from labapp.ui.widgets.labels import IconLabel, Label
from labapp.ui.widgets.layout import STRETCH, clear, column, row
from labapp.ui.widgets.panels import Line, ScrollColumn
from labapp.ui.wiring_board import WiringBoard
from labapp.ui.wiring_paint import wire_token

FROM = Text("从", "From")
TO = Text("到", "To")
NO_WIRES = Text("还没有接线", "No wires yet")
HOW = Text(
    "在右边的图上从一个端子拖到另一个端子，或者在上面选两个端子再点“接上”。",
    "Drag from terminal to terminal in the figure, or choose two above and press Connect.",
)


class WireRow(QWidget):
    """One wire: its colour, its ends, and a way to take it off."""

    off_chosen = Signal(str, str)

    def __init__(self, look: Look, a: str, b: str, names: tuple[Text, Text], token: str) -> None:
        super().__init__()
        self._ends = (a, b)
        words = Text(f"{names[0].zh}  —  {names[1].zh}", f"{names[0].en}  —  {names[1].en}")
        off = ToolButton(look, "close", Text(f"拆掉：{words.zh}", f"Take off: {words.en}"))
        off.clicked.connect(self._off)
        line = row(
            IconLabel(look, "minus-thick", token, 20),
            (Label(look, words, wrap=True), 1),
            off,
            margins=(2, 3, 2, 3),
            gap=10,
        )
        self.setLayout(column(line, Line(look), gap=0))

    @Slot()
    def _off(self) -> None:
        self.off_chosen.emit(*self._ends)


class WireList(QWidget):
    """Works on the same board as the figure beside it."""

    def __init__(self, look: Look, board: WiringBoard) -> None:
        super().__init__()
        self._look, self._board = look, board
        options = [(terminal.id, terminal.name) for terminal in board.terminals.values()]
        self.start, self.end = Choice(look, FROM, options), Choice(look, TO, options)
        for choice in (self.start, self.end):
            choice.setMinimumContentsLength(8)
            choice.setSizeAdjustPolicy(
                Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            choice.picked.connect(self._allow)
        if len(options) > 1:
            self.end.choose(options[1][0])
        self.place = Button(look, Text("接上", "Connect"), glyph="plus", dense=True)
        self.place.clicked.connect(self._place)
        self._count = Label(look, same(""), tone="text2")
        self._clear = ToolButton(
            look,
            "delete-outline",
            Text("拆掉所有的线", "Take all wires off"),
            Text("全部拆掉", "Clear"),
        )
        self._clear.clicked.connect(self._take_all_off)
        self._rows = column(gap=0)
        self._empty = EmptyState(look, "cable-data", NO_WIRES, HOW)
        inner = QWidget()
        inner.setLayout(column(self._rows, (self._empty, 1), STRETCH, gap=0, margins=(0, 0, 6, 0)))
        ends = row(
            (self.start, 1), IconLabel(look, "arrow-right", "text3", 16), (self.end, 1), self.place
        )
        head = row(self._count, STRETCH, self._clear)
        self.setLayout(
            column(
                ends, head, Line(look), (ScrollColumn(look, inner), 1), gap=6, margins=(0, 2, 0, 0)
            )
        )
        board.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        clear(self._rows)
        names = {terminal.id: terminal.name for terminal in self._board.terminals.values()}
        for index, (a, b) in enumerate(self._board.wires):
            line = WireRow(self._look, a, b, (names[a], names[b]), wire_token(index))
            line.off_chosen.connect(self._board.take_off)
            self._rows.addWidget(line)
        count = len(self._board.wires)
        self._count.set_text(
            Text(f"已接 {count} 根", f"{count} wire{'' if count == 1 else 's'} placed")
        )
        self._clear.setEnabled(count > 0)
        self._empty.setVisible(count == 0)
        self._allow()

    @Slot()
    def _allow(self) -> None:
        a, b = self.start.key, self.end.key
        self.place.setEnabled(bool(a and b) and a != b and not self._board.has(a, b))

    @Slot()
    def _place(self) -> None:
        self._board.connect_ends(self.start.key, self.end.key)

    @Slot()
    def _take_all_off(self) -> None:
        self._board.take_off_all()
