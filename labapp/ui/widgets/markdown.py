"""Lesson text: Markdown in the window's own type, with figures out of the pack and nothing else.

``loadResource`` serves pack members only and links are never opened, so a pack cannot reach
files, shares or the network through its text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt, QUrl, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QImage,
    QPainter,
    QPalette,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFragment,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QFrame, QTextBrowser

from labapp.ui.look import Look
from labapp.ui.theme import H2, H3, MONO_FAMILIES, READING

Members = Callable[[str], bytes | None]
_LINE_HEIGHT = 1.62  # of the reading size: Chinese needs air
_LARGEST_FIGURE_PX = 4096
_HEADING_PX = {1: H2, 2: H3}


class MarkdownView(QTextBrowser):
    """Shows Markdown; ``link_chosen`` carries the target of a link that was clicked."""

    link_chosen = Signal(str)

    def __init__(self, look: Look, members: Members) -> None:
        super().__init__()
        self._look, self._members, self._markdown = look, members, ""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.anchorClicked.connect(self._chosen)
        look.theme.changed.connect(self.restyle)

    def show_markdown(self, markdown: str) -> None:
        """Show another text from its beginning."""
        self._markdown = markdown
        self.restyle()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    @Slot()
    def restyle(self) -> None:
        """Lay the text out anew in the current look."""
        theme = self._look.theme
        document = self.document()
        document.setDocumentMargin(0)
        document.setDefaultFont(theme.font(READING))
        document.setIndentWidth(24)
        features = QTextDocument.MarkdownFeature
        document.setMarkdown(
            self._markdown, features.MarkdownDialectGitHub | features.MarkdownNoHTML
        )
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Text, theme.color("text"))
        palette.setColor(QPalette.ColorRole.Base, theme.color("surface"))
        self.setPalette(palette)
        for block in _blocks(document):
            self._style_block(block)
        for table in _tables(document):
            self._style_table(table)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the figures into the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            for block in _blocks(self.document()):
                for fragment in _fragments(block):
                    if fragment.charFormat().isImageFormat():
                        self._fit_image(fragment)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Return a figure out of the pack; nothing else is ever loaded."""
        source = self._members(name.toString() if isinstance(name, QUrl) else name)
        if source is None:
            return None
        image = QImage.fromData(source)
        drawn = draw_svg(source, self._room(), self.devicePixelRatioF())
        return drawn if drawn is not None else image

    @Slot(QUrl)
    def _chosen(self, url: QUrl) -> None:
        self.link_chosen.emit(url.toString())

    def _room(self) -> int:
        return max(120, self.viewport().width() - 12)

    def _style_block(self, block: QTextBlock) -> None:
        theme = self._look.theme
        block_format = block.blockFormat()
        level = block_format.headingLevel()
        has_figure = any(f.charFormat().isImageFormat() for f in _fragments(block))
        line = QTextBlockFormat.LineHeightTypes.MinimumHeight.value
        block_format.setLineHeight(round(theme.px(READING) * _LINE_HEIGHT), line)
        block_format.setTopMargin(6 if level else 4 if has_figure else 0)
        block_format.setBottomMargin(4 if level or block.textList() is not None else 8)
        cursor = QTextCursor(block)
        cursor.setBlockFormat(block_format)
        if level:
            heading = QTextCharFormat()
            heading.setFont(theme.font(_HEADING_PX.get(level, READING), True))
            heading.setProperty(int(QTextFormat.Property.FontSizeAdjustment.value), 0)
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            cursor.mergeCharFormat(heading)
        for fragment in list(_fragments(block)):
            self._style_fragment(fragment)

    def _style_fragment(self, fragment: QTextFragment) -> None:
        theme, found = self._look.theme, fragment.charFormat()
        if found.isImageFormat():
            self._fit_image(fragment)
            return
        change = QTextCharFormat()
        if found.fontFixedPitch() or "mono" in "".join(found.fontFamilies() or []).lower():
            change.setFontFamilies(MONO_FAMILIES)
            change.setBackground(theme.color("sunken"))
        elif found.isAnchor():
            change.setForeground(theme.color("accent"))
            change.setFontUnderline(False)
        else:
            return
        _select(self.document(), fragment).mergeCharFormat(change)

    def _fit_image(self, fragment: QTextFragment) -> None:
        image_format = fragment.charFormat().toImageFormat()
        source = self._members(image_format.name())
        if source is None:
            return
        size = figure_size(source)
        if size.isEmpty():
            return
        width = min(self._room(), size.width())
        image_format.setWidth(width)
        image_format.setHeight(width * size.height() / size.width())
        _select(self.document(), fragment).setCharFormat(image_format)

    def _style_table(self, table: QTextTable) -> None:
        theme, shape = self._look.theme, table.format()
        shape.setBorder(1)
        shape.setBorderBrush(theme.color("border"))
        shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        shape.setBorderCollapse(True)
        shape.setCellPadding(5)
        shape.setCellSpacing(0)
        shape.setTopMargin(6)
        shape.setBottomMargin(8)
        shape.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        table.setFormat(shape)


def figure_size(source: bytes) -> QSize:
    """Return a figure's own size, for SVG at 100 %; empty where it cannot be read."""
    renderer = QSvgRenderer(QByteArray(source))
    if renderer.isValid():
        return renderer.defaultSize()
    return QImage.fromData(source).size()


def draw_svg(source: bytes, width: int, ratio: float = 1.0) -> QImage | None:
    """Return an SVG drawn ``width`` logical pixels wide on white, or ``None`` if it is none."""
    renderer = QSvgRenderer(QByteArray(source))
    size = renderer.defaultSize()
    if not renderer.isValid() or size.isEmpty():
        return None
    width = min(width, size.width(), _LARGEST_FIGURE_PX)
    height = min(round(width * size.height() / size.width()), _LARGEST_FIGURE_PX)
    # Twice the pixels: the view may show it larger after the window grows.
    ratio = max(2.0, ratio)
    image = QImage(
        round(width * ratio), round(height * ratio), QImage.Format.Format_ARGB32_Premultiplied
    )
    image.fill(QColor(0, 0, 0, 0))
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, width * ratio, height * ratio))
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


def _blocks(document: QTextDocument) -> Iterator[QTextBlock]:
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def _fragments(block: QTextBlock) -> Iterator[QTextFragment]:
    walk = block.begin()
    while not walk.atEnd():
        yield walk.fragment()
        walk += 1


def _tables(document: QTextDocument) -> Iterator[QTextTable]:
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            yield frame


def _select(document: QTextDocument, fragment: QTextFragment) -> QTextCursor:
    cursor = QTextCursor(document)
    cursor.setPosition(fragment.position())
    end = fragment.position() + fragment.length()
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    return cursor
