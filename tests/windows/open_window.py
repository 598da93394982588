"""Under Windows Python: the window opens offscreen, is painted once, and closes."""

from __future__ import annotations

import sys

import PySide6
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from labapp.app.clock import SystemClock
from labapp.app.lab_app import LabApp
from labapp.app.paths import find_paths
from labapp.ui.main_window import MainWindow
from labapp.ui.run_window import Face, make_application

PATIENCE_MS = 60_000


class FirstPaint(QObject):
    """Quits the application after the first frame of a window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.seen = False
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See the request for a frame go by."""
        if event.type() == QEvent.Type.UpdateRequest and not self.seen:
            self.seen = True
            # Not quit(): under Wine that never returns, from the smallest application either.
            QTimer.singleShot(0, lambda: QApplication.exit(0))
        return super().eventFilter(watched, event)


def main() -> int:
    """Open the window on this user's data; return 0 once it was painted."""
    clock = SystemClock()
    began = clock.now_us()
    with LabApp(find_paths(), clock) as app:
        qt = make_application()
        qt.setQuitOnLastWindowClosed(False)
        face = Face(qt, app.settings)
        window = MainWindow(app, face.look)
        paint = FirstPaint(window)
        window.show()
        QTimer.singleShot(PATIENCE_MS, lambda: qt.exit(0))
        qt.exec()
        seconds = (clock.now_us() - began) / 1e6
        projects = [project.id for project in app.projects() if project.state != "broken"]
        picture = window.grab().toImage()
        colours = {picture.pixel(x, y) for x in range(0, picture.width(), 7) for y in range(0, 90)}
        window.close()
    print(
        f"painted after {seconds:.1f} s, {len(colours)} colours, projects {projects}, "
        f"PySide6 {PySide6.__version__}"
    )
    return 0 if paint.seen and len(colours) > 8 and "fire-alarm" in projects else 1


if __name__ == "__main__":
    sys.exit(main())
