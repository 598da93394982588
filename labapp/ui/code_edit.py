"""A small code editor: line numbers, colours, marked lines, spaces for tabs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String, Token
from PySide6.QtCore import QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from labapp.model.text import Text
from labapp.ui.look import Look
from labapp.ui.theme import CAPTION, READING

INDENT = 4
_GUTTER_PAD, _MARK_PX = 10, 14
# Which token of the theme each kind of word is painted in; the first that fits counts.
_TONES = (
    (Keyword, "p4", True),
    (Name.Builtin, "p0", False),
    (Name.Decorator, "p3", False),
    (Name.Function, "p0", True),
    (String, "pass", False),
    (Number, "warn", False),
    (Comment, "text3", False),
    (Operator.Word, "p4", True),
    (Token, "text", False),
)


class CodeEdit(QPlainTextEdit):
    """Edits one program. ``mark_lines`` shows which lines have problems, with their words."""

    def __init__(self, look: Look, name: Text, *, colours: bool = True) -> None:
        super().__init__()
        self._look, self._name = look, name
        self._marks: dict[int, Text] = {}
        self._gutter = _Gutter(self)
        self._colours = PythonColours(look, self.document()) if colours else None
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(False)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.blockCountChanged.connect(self._fit_gutter)
        self.updateRequest.connect(self._scroll_gutter)
        look.theme.changed.connect(self.restyle)
        look.say.changed.connect(self.reword)
        self.restyle()
        self.reword()

    @property
    def look(self) -> Look:
        """Theme and language."""
        return self._look

    @property
    def marks(self) -> Mapping[int, Text]:
        """The marked lines, counted from 1, with what is wrong there."""
        return self._marks

    def mark_lines(self, marks: Mapping[int, Text]) -> None:
        """Mark these lines, counted from 1, and no others."""
        self._marks = dict(marks)
        self._paint_marks()
        self._gutter.update()
        self.reword()

    def go_to(self, line: int, column: int = 1) -> None:
        """Put the cursor at a line and column, counted from 1, and show it."""
        block = self.document().findBlockByNumber(line - 1)
        if not block.isValid():
            return
        cursor = QTextCursor(block)
        cursor.movePosition(
            QTextCursor.MoveOperation.Right,
            QTextCursor.MoveMode.MoveAnchor,
            min(column - 1, max(0, block.length() - 1)),
        )
        self.setTextCursor(cursor)
        self.centerCursor()

    def replace_in_line(self, line: int, wrong: str, right: str) -> None:
        """Put one word for another in a line, counted from 1, in a way that can be undone."""
        block = self.document().findBlockByNumber(line - 1)
        at = block.text().find(wrong)
        if at < 0:
            return
        cursor = self.textCursor()
        cursor.setPosition(block.position() + at)
        cursor.setPosition(block.position() + at + len(wrong), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(right)
        self.setFocus()

    def replace_all(self, text: str) -> None:
        """Put another text in the place of everything, in a way that can be undone."""
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)

    @Slot()
    def restyle(self) -> None:
        """Take fonts and colours from the theme again."""
        theme = self._look.theme
        self.setFont(theme.font(READING, mono=True))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, theme.color("surface"))
        palette.setColor(QPalette.ColorRole.Text, theme.color("text"))
        self.setPalette(palette)
        self.setCursorWidth(2)
        self._fit_gutter()
        self._paint_marks()

    @Slot()
    def reword(self) -> None:
        """Say the name, and what is wrong on marked lines, in the current language."""
        said = [f"{line}: {self._look.say(text)}" for line, text in sorted(self._marks.items())]
        self.setAccessibleName(self._look.say(self._name))
        self.setAccessibleDescription("; ".join(said))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Indent with spaces, and keep the indentation on a new line."""
        if event.key() == Qt.Key.Key_Tab and not self.isReadOnly():
            self._indent(+1)
        elif event.key() == Qt.Key.Key_Backtab and not self.isReadOnly():
            self._indent(-1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.isReadOnly():
            self._new_line()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the line numbers at the left edge."""
        super().resizeEvent(event)
        inside = self.contentsRect()
        self._gutter.setGeometry(inside.left(), inside.top(), self.gutter_width(), inside.height())

    def gutter_width(self) -> int:
        """Return how wide the column of line numbers is."""
        digits = max(2, len(str(self.blockCount())))
        room = self.fontMetrics().horizontalAdvance("9") * digits
        return room + self._look.theme.px(_MARK_PX) + 2 * _GUTTER_PAD

    def visible_lines(self) -> list[tuple[int, QRectF]]:
        """Return the lines on the screen, counted from 1, with where they stand."""
        lines, block = [], self.firstVisibleBlock()
        offset = self.contentOffset()
        while block.isValid():
            box = self.blockBoundingGeometry(block).translated(offset)
            if box.top() > self.viewport().height():
                break
            lines.append((block.blockNumber() + 1, box))
            block = block.next()
        return lines

    def _indent(self, steps: int) -> None:
        cursor = self.textCursor()
        first, last = self._lines_of(cursor)
        if first == last and steps > 0 and not cursor.hasSelection():
            cursor.insertText(" " * (INDENT - cursor.positionInBlock() % INDENT))
            return
        cursor.beginEditBlock()
        for number in range(first, last + 1):
            line = QTextCursor(self.document().findBlockByNumber(number))
            if steps > 0:
                line.insertText(" " * INDENT)
                continue
            text = line.block().text()
            spaces = min(INDENT, len(text) - len(text.lstrip(" ")))
            for _ in range(spaces):
                line.deleteChar()
        cursor.endEditBlock()

    def _lines_of(self, cursor: QTextCursor) -> tuple[int, int]:
        document = self.document()
        first = document.findBlock(cursor.selectionStart()).blockNumber()
        last = document.findBlock(cursor.selectionEnd()).blockNumber()
        return first, last

    def _new_line(self) -> None:
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        depth = len(before) - len(before.lstrip(" "))
        if before.rstrip().endswith(":"):
            depth += INDENT
        cursor.insertText("\n" + " " * depth)
        self.ensureCursorVisible()

    @Slot()
    def _fit_gutter(self) -> None:
        self.setViewportMargins(self.gutter_width() + 6, 0, 0, 0)
        inside = self.contentsRect()
        self._gutter.setGeometry(inside.left(), inside.top(), self.gutter_width(), inside.height())

    @Slot(QRect, int)
    def _scroll_gutter(self, rect: QRect, dy: int) -> None:
        if dy:
            self._gutter.scroll(0, dy)
        else:
            self._gutter.update(0, rect.y(), self._gutter.width(), rect.height())

    def _paint_marks(self) -> None:
        selections = []
        for line in self._marks:
            block = self.document().findBlockByNumber(line - 1)
            if block.isValid():
                selection = QTextEdit.ExtraSelection()
                selection.format.setBackground(self._look.theme.color("failBg"))
                selection.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
                selection.cursor = QTextCursor(block)
                selections.append(selection)
        self.setExtraSelections(selections)


class _Gutter(QWidget):
    """The line numbers and marks of one editor."""

    def __init__(self, edit: CodeEdit) -> None:
        super().__init__(edit)
        self._edit = edit

    def sizeHint(self) -> QSize:
        """Return the width of the numbers."""
        return QSize(self._edit.gutter_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint numbers and marks beside the lines on the screen."""
        look, edit = self._edit.look, self._edit
        theme = look.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("app"))
        painter.setFont(theme.font(CAPTION, mono=True))
        for line, box in edit.visible_lines():
            is_marked = line in edit.marks
            painter.setPen(theme.color("fail" if is_marked else "text3"))
            room = QRectF(0, box.top(), self.width() - _GUTTER_PAD, box.height())
            align = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(room, align, str(line))
            if is_marked:
                glyph = theme.pixmap("close-octagon", "fail", _MARK_PX)
                top = int(box.top() + (box.height() - theme.px(_MARK_PX)) / 2)
                painter.drawPixmap(5, top, glyph)
        painter.end()


class PythonColours(QSyntaxHighlighter):
    """Paints Python: lexed line by line, with the state of a long string carried over."""

    def __init__(self, look: Look, document: QTextDocument) -> None:
        super().__init__(document)
        self._look = look
        self._lexer = PythonLexer(ensurenl=False, stripnl=False)
        look.theme.changed.connect(self.rehighlight)

    def highlightBlock(self, text: str) -> None:
        """Paint one line; ``\"\"\"`` strings keep their colour to their end."""
        opened = {1: '"""', 2: "'''"}.get(self.previousBlockState())
        prefix = opened or ""
        at = -len(prefix)
        for kind, word in self._lexer.get_tokens(prefix + text):
            start, end = max(at, 0), at + len(word)
            if end > start:
                self.setFormat(start, end - start, self._format(kind))
            at += len(word)
        self.setCurrentBlockState(_state_after(prefix + text))

    def _format(self, kind: Any) -> QTextCharFormat:
        form = QTextCharFormat()
        for known, token, bold in _TONES:
            if kind in known:
                form.setForeground(QColor(self._look.theme.hex(token)))
                form.setFontWeight(700 if bold else 400)
                break
        return form


def _state_after(text: str) -> int:
    """Return 1 or 2 where a string of three quotes is still open at the end of ``text``."""
    state, at = 0, 0
    while at < len(text):
        three = text[at : at + 3]
        if state == 0 and text[at] == "#":
            break
        if state == 0 and three in ('"""', "'''"):
            state, at = (1 if three == '"""' else 2), at + 3
        elif state and three == ('"""' if state == 1 else "'''"):
            state, at = 0, at + 3
        else:
            at += 1
    return state
