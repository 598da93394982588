"""Where the window stands and how its columns are divided, kept between runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from labapp.app.lab_app import LabApp
    from labapp.ui.main_window import MainWindow

USUAL = (1366, 700)


def restore_place(window: MainWindow, place: tuple[int, ...]) -> None:
    """Give the window the size it had, ``(width, height, maximised, content width)``."""
    width, height = (place[0], place[1]) if len(place) >= 2 else USUAL
    screen = QGuiApplication.primaryScreen()
    if screen is not None:
        room = screen.availableGeometry()
        width, height = min(width, room.width()), min(height, room.height())
    window.resize(width, height)
    if len(place) >= 3 and place[2]:
        window.showMaximized()


def content_width(place: tuple[int, ...]) -> int:
    """Return how wide the middle column was, 0 where it is not known."""
    return place[3] if len(place) >= 4 else 0


def keep_place(window: MainWindow, app: LabApp) -> None:
    """Remember size and columns."""
    usual = window.normalGeometry() if window.isMaximized() else window.geometry()
    old = content_width(app.settings.window)
    content = window.workspace.content_width if window.workspace is not None else old
    app.change(window=(usual.width(), usual.height(), int(window.isMaximized()), content))
