"""Rows and columns in one expression."""

from __future__ import annotations

from typing import Final, Literal, TypeVar

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

STRETCH: Final = "stretch"
Item = QWidget | QLayout | int | tuple[QWidget | QLayout, int] | Literal["stretch"] | None
Margins = tuple[int, int, int, int]
_Box = TypeVar("_Box", bound=QBoxLayout)


def row(*items: Item, margins: Margins = (0, 0, 0, 0), gap: int = 8) -> QHBoxLayout:
    """Return items side by side.

    An integer is extra space in pixels, ``STRETCH`` takes what is left, a pair
    ``(item, n)`` stretches with factor n, and ``None`` is left out.
    """
    return _filled(QHBoxLayout(), items, margins, gap)


def column(*items: Item, margins: Margins = (0, 0, 0, 0), gap: int = 8) -> QVBoxLayout:
    """Return items one below the other; see ``row``."""
    return _filled(QVBoxLayout(), items, margins, gap)


def clear(layout: QLayout) -> None:
    """Take every widget and layout out of ``layout`` and delete it later."""
    while layout.count():
        item = layout.takeAt(0)
        if item is None:
            return
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        elif inner is not None:
            clear(inner)
            inner.deleteLater()


def _filled(layout: _Box, items: tuple[Item, ...], margins: Margins, gap: int) -> _Box:
    layout.setContentsMargins(*margins)
    layout.setSpacing(gap)
    for item in items:
        _add(layout, item)
    return layout


def _add(layout: QBoxLayout, item: Item, stretch: int = 0) -> None:
    match item:
        case None:
            pass
        case "stretch":
            layout.addStretch(1)
        case int():
            layout.addSpacing(item)
        case tuple():
            _add(layout, item[0], item[1])
        case QWidget():
            layout.addWidget(item, stretch)
        case QLayout():
            layout.addLayout(item, stretch)
