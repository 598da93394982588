"""What a person does with mouse and keyboard, typed (pytest-qt's own are not)."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


def click(widget: QWidget, at: QPoint | None = None) -> None:
    """Click on a widget, in its middle or at a place."""
    QTest.mouseClick(widget, LEFT, NONE, at if at is not None else widget.rect().center())


def drag(widget: QWidget, start: QPoint, end: QPoint) -> None:
    """Press at one place, move, and let go at another."""
    QTest.mousePress(widget, LEFT, NONE, start)
    QTest.mouseMove(widget, (start + end) / 2)
    QTest.mouseMove(widget, end)
    QTest.mouseRelease(widget, LEFT, NONE, end)


def press(widget: QWidget, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    """Press and release a key."""
    QTest.keyClick(widget, key, held)


def type_in(widget: QWidget, words: str) -> None:
    """Type letters; ASCII only."""
    QTest.keyClicks(widget, words)
