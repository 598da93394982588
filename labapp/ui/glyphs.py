"""The icon font: Material Design Icons, as the qtawesome package ships them.

Only that one font is loaded and qtawesome itself is not imported: it would load and hash
twelve fonts before the first paint.
"""

from __future__ import annotations

import importlib.util
import json
from functools import cache, lru_cache
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPainter, QPixmap, QRawFont

_FONT = "materialdesignicons6-webfont-[0-9]*.ttf"
_CHARMAP = "materialdesignicons6-webfont-charmap-*.json"


def draw_glyph(name: str, color: QColor, px: int, ratio: float = 1.0) -> QPixmap:
    """Return a square pixmap of ``px`` logical pixels with the glyph of that name.

    Raises:
        KeyError: the font has no such glyph.
    """
    charmap()[name]  # before anything is painted
    pixmap = QPixmap(round(px * ratio), round(px * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_glyph(painter, name, color, QRectF(0, 0, px, px))
    painter.end()
    return pixmap


def paint_glyph(painter: QPainter, name: str, color: QColor, box: QRectF) -> None:
    """Paint the glyph of that name, filling a square ``box``.

    Raises:
        KeyError: the font has no such glyph.
    """
    letter = chr(int(charmap()[name], 16))
    raw = _font(box.height())
    path = raw.pathForGlyph(raw.glyphIndexesForString(letter)[0])
    bounds = path.boundingRect()
    # The font's em is 24 units wide and its glyphs are drawn around the em's centre.
    centre = QPointF(box.center().x() - bounds.center().x(), box.center().y() - bounds.center().y())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(centre)
    painter.fillPath(path, color)
    painter.restore()


@lru_cache(maxsize=32)
def _font(px: float) -> QRawFont:
    font = QRawFont(_any_size())
    font.setPixelSize(px)
    return font


@cache
def _any_size() -> QRawFont:
    """Return the font read from its file, in some size: that takes longer than to change the size."""
    return QRawFont(str(_folder_file(_FONT)), 16.0)


@cache
def charmap() -> dict[str, str]:
    """Return the glyphs' names and their code points in hexadecimal."""
    text = _folder_file(_CHARMAP).read_text(encoding="utf-8")
    names: dict[str, str] = json.loads(text)
    return names


def has_chinese() -> bool:
    """Return whether a font on this machine has simplified Chinese."""
    return bool(QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese))


def chinese_sample(font: QFont) -> bool:
    """Return whether ``font`` itself, or what stands in for it, has the letter 验."""
    return QRawFont.fromFont(font).supportsCharacter("验")


@cache
def _folder_file(pattern: str) -> Path:
    spec = importlib.util.find_spec("qtawesome")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the qtawesome package with the icon font is not installed")
    found = sorted((Path(spec.origin).parent / "fonts").glob(pattern))
    if not found:
        raise FileNotFoundError(f"qtawesome has no {pattern}")
    return found[-1]
