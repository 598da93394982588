"""The details of a report: one line an item; choosing a line shows its evidence."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFontMetricsF, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from labapp.model.text import Text
from labapp.ui.look import Look
from labapp.ui.report_facts import ItemRow
from labapp.ui.theme import BODY, CAPTION, LARGE_TEXT
from labapp.ui.widgets.labels import RIGHT, Label
from labapp.ui.widgets.layout import row

ROW_PX, ICON_PX, LEFT_PX, TEXT_LEFT_PX, RIGHT_PX, GAP_PX = 32, 18, 14, 40, 14, 12
MOST_ROWS, FEW_ROWS = 6.5, 2.5
"""How many lines are seen at once; half a line says that there are more."""
COLUMNS = (
    ("measured", Text("实测", "Measured"), 96),
    ("required", Text("要求", "Required"), 104),
    ("points", Text("得分", "Points"), 72),
    ("at", Text("时刻", "At"), 64),
)
ROW_ROLE = Qt.ItemDataRole.UserRole
_AnyIndex = QModelIndex | QPersistentModelIndex
_NAME = Text("评分明细", "Details")


class _Delegate(QStyledItemDelegate):
    """Paints a line; numbers stand in columns, the title gives way."""

    def __init__(self, look: Look, parent: QListWidget) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: _AnyIndex) -> QSize:
        return QSize(10, self._look.theme.px(ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AnyIndex) -> None:
        theme, item = self._look.theme, index.data(ROW_ROLE)
        box = QRectF(option.rect)
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(box, theme.color("select" if chosen else "surface"))
        painter.fillRect(QRectF(box.left(), box.top(), box.width(), 1), theme.color("border"))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRoundedRect(box.adjusted(2, 2, -2, -2), 4, 4)
        at = QPoint(
            int(box.left()) + theme.px(LEFT_PX), int(box.center().y() - theme.px(ICON_PX) / 2)
        )
        painter.drawPixmap(at, theme.pixmap(item.status.glyph, item.status.tone, ICON_PX))
        right, left = self._numbers(painter, box, item), theme.px(TEXT_LEFT_PX)
        painter.setFont(theme.font(BODY, chosen))
        painter.setPen(theme.color("text"))
        room = QRectF(box.left() + left, box.top(), right - left - GAP_PX, box.height())
        words = QFontMetricsF(painter.font()).elidedText(
            self._look.say(item.title), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), words)
        painter.restore()

    def _numbers(self, painter: QPainter, box: QRectF, item: ItemRow) -> float:
        """Paint the columns from the right; return where the title has to end."""
        theme, right = self._look.theme, box.right() - RIGHT_PX
        for name, _, width in reversed(COLUMNS):
            value = getattr(item, name)
            words = value if isinstance(value, str) else self._look.say(value)
            tone = {"measured": _strong(item.status.tone), "at": "accent", "required": "text2"}
            painter.setFont(
                theme.font(CAPTION if name == "at" else BODY, name in ("measured", "points"))
            )
            painter.setPen(theme.color(tone.get(name, "text")))
            room = QRectF(right - theme.px(width), box.top(), theme.px(width), box.height())
            painter.drawText(room, int(RIGHT), words)
            right = room.left() - GAP_PX
        return right


def _strong(tone: str) -> str:
    return tone if tone in ("fail", "warn") else "text"


class ItemRows(QListWidget):
    """The lines; ``chosen`` carries the id of the item that was chosen by mouse or keys."""

    chosen = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setItemDelegate(_Delegate(look, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.currentRowChanged.connect(self._choose)
        look.theme.changed.connect(self.restyle)
        look.say.changed.connect(self.reword)
        self.restyle()

    def show_rows(self, rows: Sequence[ItemRow]) -> None:
        """Show these lines; none is chosen yet."""
        self.clear()
        for line in rows:
            item = QListWidgetItem()
            item.setData(ROW_ROLE, line)
            self.addItem(item)
        self.reword()
        self.restyle()

    def choose(self, item_id: str) -> None:
        """Choose the line of an item."""
        for index in range(self.count()):
            if self.item(index).data(ROW_ROLE).id == item_id:
                self.setCurrentRow(index)

    @Slot()
    def restyle(self) -> None:
        """Take colours and heights from the theme again."""
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, self._look.theme.color("surface"))
        self.setPalette(palette)
        most = MOST_ROWS if self._look.theme.scale < LARGE_TEXT else FEW_ROWS
        shown = min(max(1, self.count()), most)
        self.setFixedHeight(round(self._look.theme.px(ROW_PX) * shown) + 2)
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    @Slot()
    def reword(self) -> None:
        """Say every line in the current language."""
        say = self._look.say
        self.setAccessibleName(say(_NAME))
        for index in range(self.count()):
            line: ItemRow = self.item(index).data(ROW_ROLE)
            parts = [say(line.title), say(line.status.word), say(line.measured), line.points]
            self.item(index).setData(
                Qt.ItemDataRole.AccessibleTextRole, ", ".join(part for part in parts if part)
            )
            self.item(index).setToolTip(say(line.title))
        self.viewport().update()

    @Slot(int)
    def _choose(self, index: int) -> None:
        if index >= 0:
            self.chosen.emit(self.item(index).data(ROW_ROLE).id)


class RowsHead(QWidget):
    """The captions over the columns."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        first = Label(look, Text("评分项", "Item"), CAPTION, tone="text3")
        self._labels = [
            Label(look, text, CAPTION, tone="text3", align=RIGHT) for _, text, _ in COLUMNS
        ]
        self.setLayout(
            row((first, 1), *self._labels, margins=(TEXT_LEFT_PX, 2, RIGHT_PX, 4), gap=GAP_PX)
        )
        look.theme.changed.connect(self._resize)
        self._resize()

    @Slot()
    def _resize(self) -> None:
        box = self.layout()
        if box is not None:
            box.setContentsMargins(self._look.theme.px(TEXT_LEFT_PX), 2, RIGHT_PX, 4)
        for label, (_, _, width) in zip(self._labels, COLUMNS, strict=True):
            label.setFixedWidth(self._look.theme.px(width))
