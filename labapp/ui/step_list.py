"""The project's steps on the left: groups, locks, what was passed, and how far you are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFontMetrics, QPainter, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from labapp.coach.walkthrough import StepStatus
from labapp.model.text import Text
from labapp.ui.lesson import StepRow
from labapp.ui.look import Look
from labapp.ui.theme import BODY, CAPTION, H3
from labapp.ui.widgets.buttons import ToolButton
from labapp.ui.widgets.labels import NOTHING, Label
from labapp.ui.widgets.layout import STRETCH, column, row
from labapp.ui.widgets.panels import Line, Panel
from labapp.ui.widgets.progress import ThinBar
from labapp.ui.widgets.status import CANNOT_TELL, LOCKED, NOT_PASSED, PASSED, WAITING, Status

ROW_ROLE = Qt.ItemDataRole.UserRole
WIDTH_PX, WIDE_WIDTH_PX = 232, 264
_STATUS: dict[StepStatus, Status] = {
    StepStatus.PASSED: PASSED,
    StepStatus.FAILED: NOT_PASSED,
    StepStatus.INCONCLUSIVE: CANNOT_TELL,
    StepStatus.LOCKED: LOCKED,
    StepStatus.READY: WAITING,
    StepStatus.CURRENT: WAITING,
}
_LEFT, _ICON, _TEXT_LEFT, _RIGHT_PAD = 20, 22, 52, 14
_ANY_INDEX = QModelIndex | QPersistentModelIndex
_WRAP = int(Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
REPORT = Text("报告", "Report")
REPORT_TIP = Text("查看最近一次报告", "Open the latest report")


class StepDelegate(QStyledItemDelegate):
    """Paints a step: number or status, title (wrapped, never cut), and a note."""

    def __init__(self, look: Look, parent: QListWidget) -> None:
        super().__init__(parent)
        self._look, self._list = look, parent

    def title_box(self, step: StepRow) -> QRect:
        """Return the room that the title needs, from its own top left."""
        width = self._list.viewport().width() - self._look.theme.px(_TEXT_LEFT) - _RIGHT_PAD
        metrics = QFontMetrics(self._look.theme.font(BODY, step.current))
        words = self._look.say(step.title)
        return metrics.boundingRect(QRect(0, 0, max(60, width), 400), _WRAP, words)

    def sizeHint(self, option: QStyleOptionViewItem, index: _ANY_INDEX) -> QSize:
        """Return room for the wrapped title, the note, and the group's title above."""
        theme = self._look.theme
        step: StepRow = index.data(ROW_ROLE)
        notes = QFontMetrics(theme.font(CAPTION)).height()
        height = max(self.title_box(step).height() + notes + 12, theme.px(46))
        return QSize(10, height + (theme.px(28) if step.group is not None else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _ANY_INDEX) -> None:
        """Paint one step."""
        step: StepRow = index.data(ROW_ROLE)
        box = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if step.group is not None:
            self._paint_group(painter, box, step.group)
            box.setTop(box.top() + self._look.theme.px(28))
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        self._paint_face(painter, box, step, focused)
        self._paint_mark(painter, box, step)
        self._paint_words(painter, box, step)
        painter.restore()

    def _paint_group(self, painter: QPainter, box: QRectF, group: Text) -> None:
        theme = self._look.theme
        painter.setFont(theme.font(CAPTION, True))
        painter.setPen(theme.color("text3"))
        room = QRectF(box.left() + 16, box.top() + 6, box.width() - 24, theme.px(22))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), self._look.say(group))

    def _paint_face(self, painter: QPainter, box: QRectF, step: StepRow, focused: bool) -> None:
        theme, face = self._look.theme, box.adjusted(8, 1, -8, -1)
        if step.current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("select"))
            painter.drawRoundedRect(face, 6, 6)
            painter.setBrush(theme.color("accent"))
            edge = QRectF(box.left() + 8, box.top() + 9, 3, box.height() - 18)
            painter.drawRoundedRect(edge, 1.5, 1.5)
        if focused:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRoundedRect(face.adjusted(1, 1, -1, -1), 6, 6)

    def _paint_mark(self, painter: QPainter, box: QRectF, step: StepRow) -> None:
        theme, side = self._look.theme, self._look.theme.px(_ICON)
        middle = box.center().y()
        spot = QRectF(box.left() + theme.px(_LEFT), middle - side / 2, side, side)
        unfinished = step.status in (StepStatus.CURRENT, StepStatus.READY)
        if step.current and unfinished:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent"))
            painter.drawEllipse(spot)
            painter.setPen(theme.color("onAccent"))
            painter.setFont(theme.font(CAPTION, True))
            painter.drawText(spot, int(Qt.AlignmentFlag.AlignCenter), str(step.number))
            return
        status = _STATUS[step.status]
        at = QPoint(int(spot.left()) + 1, int(spot.top()) + 1)
        painter.drawPixmap(at, theme.pixmap(status.glyph, status.tone, _ICON - 2))

    def _paint_words(self, painter: QPainter, box: QRectF, step: StepRow) -> None:
        theme = self._look.theme
        title = self.title_box(step)
        notes = QFontMetrics(theme.font(CAPTION)).height()
        # Chinese fonts leave more room above the letters than below.
        top = box.center().y() - (title.height() + notes) / 2 - 1.5
        width = box.width() - self._look.theme.px(_TEXT_LEFT) - _RIGHT_PAD
        painter.setFont(theme.font(BODY, step.current))
        painter.setPen(theme.color("text3" if step.status == StepStatus.LOCKED else "text"))
        room = QRectF(box.left() + theme.px(_TEXT_LEFT), top, width, title.height() + 1)
        painter.drawText(room, _WRAP, self._look.say(step.title))
        painter.setFont(theme.font(CAPTION))
        tone = {StepStatus.INCONCLUSIVE: "warn", StepStatus.FAILED: "fail"}.get(
            step.status, "text3"
        )
        painter.setPen(theme.color(tone))
        note = QRectF(room.left(), room.bottom(), width, notes + 2)
        painter.drawText(note, int(Qt.AlignmentFlag.AlignVCenter), self._look.say(step.note))


class StepRows(QListWidget):
    """The scrolling list itself; ``chosen`` carries the id of a step that is not locked."""

    chosen = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setItemDelegate(StepDelegate(look, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.itemClicked.connect(self._choose)
        self.itemActivated.connect(self._choose)
        look.theme.changed.connect(self.restyle)
        look.say.changed.connect(self.reword)
        self.restyle()

    def show_rows(self, rows: Sequence[StepRow]) -> None:
        """Show the steps; keeps the scroll position and brings the current one into view."""
        while self.count() > len(rows):
            self.takeItem(self.count() - 1)
        for index, step in enumerate(rows):
            fresh = index >= self.count()
            item = QListWidgetItem() if fresh else self.item(index)
            item.setData(ROW_ROLE, step)
            if fresh:  # with its step already: adding asks for the size
                self.addItem(item)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            if step.current:
                self.setCurrentItem(item)
                self.scrollToItem(item)
        self.reword()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap the titles anew."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    @Slot()
    def restyle(self) -> None:
        """Take colours and sizes from the theme again."""
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, self._look.theme.color("surface"))
        self.setPalette(palette)
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    @Slot()
    def reword(self) -> None:
        """Say every step in the current language."""
        for index in range(self.count()):
            item = self.item(index)
            step: StepRow = item.data(ROW_ROLE)
            words = self._look.say
            spoken = f"{step.number}. {words(step.title)}, {words(step.note)}"
            if step.status == StepStatus.LOCKED:
                spoken += f", {words(LOCKED.word)}"
            item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
            item.setToolTip(f"{words(step.title)}\n{words(step.note)}")
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    @Slot(QListWidgetItem)
    def _choose(self, item: QListWidgetItem) -> None:
        step: StepRow = item.data(ROW_ROLE)
        if not step.current:
            self.chosen.emit(step.id)


class StepList(Panel):
    """The left column: heading with progress, the steps, and the way to the report."""

    report_chosen = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look, edges="r")
        self._count = Label(look, NOTHING, bold=True, tone="accent")
        self._bar = ThinBar(look, NOTHING)
        self._points = Label(look, NOTHING, CAPTION, tone="text2")
        self.rows = StepRows(look)
        self._report = ToolButton(look, "chart-box-outline", REPORT_TIP, REPORT)
        self._report.clicked.connect(self.report_chosen)
        head = column(
            row(Label(look, Text("实训步骤", "Steps"), H3, bold=True), STRETCH, self._count),
            self._bar, self._points, margins=(16, 14, 16, 8), gap=8,
        )  # fmt: skip
        foot = row(self._report, STRETCH, margins=(10, 6, 10, 8), gap=2)
        self.setLayout(column(head, (self.rows, 1), Line(look), foot, gap=0, margins=(0, 0, 1, 0)))
        look.theme.changed.connect(self._resize)
        self._resize()

    def show_steps(self, rows: Sequence[StepRow], earned: str, total: str) -> None:
        """Show the steps and what they earned so far, of ``total`` points."""
        done = sum(step.status == StepStatus.PASSED for step in rows)
        words = f"{done} / {len(rows)}"
        self._count.set_text(Text(words, words))
        spoken = Text(f"已完成 {words} 步", f"{done} of {len(rows)} steps done")
        self._bar.show_share(done, len(rows), spoken, "pass" if done == len(rows) else "accent")
        self._points.set_text(
            Text(f"已得 {earned} 分，满分 {total} 分", f"{earned} of {total} points earned")
        )
        self.rows.show_rows(rows)

    def show_report(self, available: bool) -> None:
        """Say whether there is a report to open."""
        self._report.setEnabled(available)

    @Slot()
    def _resize(self) -> None:
        theme = self.look.theme
        width = WIDE_WIDTH_PX if theme.is_wide else WIDTH_PX
        self.setFixedWidth(max(width, round(width * theme.scale**0.5)))
