"""The wiring figure: drag or click from terminal to terminal, or use arrows and Enter."""

from __future__ import annotations

import math
from typing import cast

from PySide6.QtCore import QByteArray, QEvent, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from labapp.model.text import Text
from labapp.ui.look import Look
from labapp.ui.wiring_board import WiringBoard
from labapp.ui.wiring_paint import REACH_PX, paint_terminal, paint_wire, wire_path, wire_token

_PAD_PX = 12
_DRAG_PX = 8
_STEPS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, -1.0),
    Qt.Key.Key_Down: (0.0, 1.0),
}
NAME = Text("接线图", "Wiring figure")
KEYS = Text(
    "方向键在端子之间移动，回车取线或接线，Delete 拆线，Esc 放下。",
    "Arrows move between terminals, Enter picks up or connects, Delete takes off, Esc lets go.",
)


class WiringView(QWidget):
    """Draws figure, terminals and wires, always on a light ground as figures are drawn for it."""

    def __init__(self, look: Look, board: WiringBoard, figure: bytes | None) -> None:
        super().__init__()
        self._look, self._board = look, board
        self._renderer = QSvgRenderer(QByteArray(figure or b""), self)
        self._focused: str | None = next(iter(board.terminals), None)
        self._hot: str | None = None
        self._pressed_at: QPointF | None = None
        self._pointer: QPointF | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 220)
        board.changed.connect(self.retell)
        look.theme.changed.connect(self.retell)
        look.say.changed.connect(self.retell)
        self.retell()

    @property
    def focused(self) -> str | None:
        """The terminal that the keys act on."""
        return self._focused

    def spot(self, terminal: str) -> QPointF:
        """Return where a terminal lies in this widget."""
        box, view = self._box(), self._view()
        x, y = self._board.terminals[terminal].at
        factor = box.width() / view.width()
        return QPointF(box.x() + (x - view.x()) * factor, box.y() + (y - view.y()) * factor)

    @Slot()
    def retell(self) -> None:
        """Paint again, and say which terminal is focused and what it is wired to."""
        self.setAccessibleName(self._look.say(NAME))
        self.setAccessibleDescription(
            f"{self._spoken(self._focused)} {self._look.say(KEYS)}".strip()
        )
        self.update()

    def _view(self) -> QRectF:
        if self._renderer.isValid() and not self._renderer.viewBoxF().isEmpty():
            return self._renderer.viewBoxF()
        points = [t.at for t in self._board.terminals.values()] or [(0.0, 0.0)]
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        around = QRectF(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
        return around.adjusted(-40, -40, 40, 40)

    def _box(self) -> QRectF:
        view = self._view()
        wide, high = self.width() - 2 * _PAD_PX, self.height() - 2 * _PAD_PX
        factor = max(0.05, min(wide / view.width(), high / view.height()))
        size = QPointF(view.width() * factor, view.height() * factor)
        left, top = (self.width() - size.x()) / 2, (self.height() - size.y()) / 2
        return QRectF(left, top, size.x(), size.y())

    def _at(self, where: QPointF) -> str | None:
        near = [
            (math.dist(where.toTuple(), self.spot(t).toTuple()), t) for t in self._board.terminals
        ]
        found = min(near, default=None)
        return found[1] if found is not None and found[0] <= self._look.theme.px(REACH_PX) else None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, figure, wires, terminals, and the wire that is being placed."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.theme.paper)
        painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        if self._renderer.isValid():
            self._renderer.render(painter, self._box())
        for index, (a, b) in enumerate(self._board.wires):
            hot = self._hot in (a, b)
            path = wire_path(self.spot(a), self.spot(b))
            paint_wire(painter, path, wire_token(index), bold=hot)
        held = self._board.held
        if held is not None and self._pointer is not None:
            paint_wire(painter, wire_path(self.spot(held), self._pointer), "accent", dashed=True)
        for name in self._board.terminals:
            paint_terminal(
                painter,
                self.spot(name),
                wired=bool(self._board.partners(name)),
                held=name == held,
                hot=name == self._hot,
                focused=self.hasFocus() and name == self._focused,
            )
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a terminal or connect to it; a press beside all of them lets go."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        found = self._at(event.position())
        self._pressed_at = event.position()
        if found is None:
            self._board.let_go()
            return
        self._focused = found
        self._board.touch(found)
        self._speak()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer with the wire, and name the terminal under it."""
        self._pointer = event.position()
        found = self._at(event.position())
        if found != self._hot:
            self._hot = found
            over = Qt.CursorShape.PointingHandCursor if found else Qt.CursorShape.ArrowCursor
            self.setCursor(over)
            words = self._look.say(self._board.terminals[found].name) if found else ""
            QToolTip.showText(event.globalPosition().toPoint(), words, self)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag: on another terminal it places the wire."""
        start, self._pressed_at = self._pressed_at, None
        if start is None or self._board.held is None:
            return
        dragged = math.dist(start.toTuple(), event.position().toTuple()) > _DRAG_PX
        found = self._at(event.position())
        if dragged and found is not None and found != self._board.held:
            self._focused = found
            self._board.touch(found)
        elif dragged and found is None:
            self._board.let_go()

    def event(self, event: QEvent) -> bool:
        """Take Esc for itself while a wire is held; else it is the window's."""
        if event.type() == QEvent.Type.ShortcutOverride and self._board.held is not None:
            pressed = cast("QKeyEvent", event)
            if pressed.key() == Qt.Key.Key_Escape:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move between terminals, connect them, take wires off, let go."""
        key = Qt.Key(event.key())
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if self._focused is None or plain != Qt.KeyboardModifier.NoModifier:
            super().keyPressEvent(event)
            return
        match key:
            case _ if key in _STEPS:
                self._step(*_STEPS[key])
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space:
                self._pointer = self.spot(self._focused)
                self._board.touch(self._focused)
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self._board.take_off_all(self._focused)
            case Qt.Key.Key_Escape if self._board.held is not None:
                self._board.let_go()
            case _:
                super().keyPressEvent(event)
                return
        self._speak()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show which terminal the keys act on."""
        super().focusInEvent(event)
        self.retell()

    def _step(self, dx: float, dy: float) -> None:
        """Focus the nearest terminal in a direction: ahead counts once, aside counts twice."""
        if self._focused is None:
            return
        x, y = self._board.terminals[self._focused].at
        best: tuple[float, str] | None = None
        for name, terminal in self._board.terminals.items():
            ahead = (terminal.at[0] - x) * dx + (terminal.at[1] - y) * dy
            aside = abs((terminal.at[0] - x) * dy) + abs((terminal.at[1] - y) * dx)
            if ahead > 0 and (best is None or ahead + 2 * aside < best[0]):
                best = (ahead + 2 * aside, name)
        if best is not None:
            self._focused = best[1]
            self._pointer = self.spot(best[1])
            self.retell()

    def _spoken(self, terminal: str | None) -> str:
        if terminal is None:
            return ""
        say, names = self._look.say, self._board.terminals
        words = say(names[terminal].name)
        partners = say(Text("、", ", ")).join(
            say(names[p].name) for p in self._board.partners(terminal)
        )
        if partners:
            words += say(Text("，已接到 ", ", wired to ")) + partners
        if self._board.held == terminal:
            words += say(Text("，已取线", ", wire picked up"))
        return words + say(Text("。", "."))

    def _speak(self) -> None:
        self.retell()
        event = QAccessibleAnnouncementEvent(self, self._spoken(self._focused))
        QAccessible.updateAccessibility(event)
