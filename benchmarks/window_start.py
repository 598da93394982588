"""From the start of a process to the first painted frame: labapp's window to a bare one."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

from benchmarks.measure import Ratio, pairs

FIRST_PAINT = """
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QLabel

class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.UpdateRequest:
            QTimer.singleShot(0, self.tell)
        return False

    def tell(self):
        print("painted", flush=True)
        QApplication.exit(0)
"""
BARE = (
    FIRST_PAINT
    + """
application = QApplication([])
window = QLabel("labapp")
window.resize(1366, 768)
paint = FirstPaint()
window.installEventFilter(paint)
window.show()
application.exec()
"""
)
OURS = (
    FIRST_PAINT
    + """
from labapp.app.clock import SystemClock
from labapp.app.lab_app import LabApp
from labapp.app.paths import find_paths
from labapp.ui.main_window import MainWindow
from labapp.ui.run_window import Face, make_application
with LabApp(find_paths(), SystemClock()) as app:
    application = make_application()
    face = Face(application, app.settings)
    window = MainWindow(app, face.look)
    paint = FirstPaint()
    window.installEventFilter(paint)
    window.show()
    application.exec()
    window.close()
"""
)


def measure() -> list[Ratio]:
    with tempfile.TemporaryDirectory() as folder:
        # The compiled modules are there, as in every start of an installed labapp but the first:
        # the pair that does not count writes them.
        environ = {**os.environ, "LABAPP_DATA": folder, "PYTHONPYCACHEPREFIX": f"{folder}/compiled"}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        environ.setdefault("QT_QPA_PLATFORM", "offscreen")

        def start(source: str) -> float:
            words = [sys.executable, "-c", source]
            began = time.perf_counter()
            with subprocess.Popen(words, env=environ, stdout=subprocess.PIPE) as process:
                assert process.stdout is not None
                painted = process.stdout.readline()
                taken = time.perf_counter() - began
            assert painted
            assert process.returncode == 0
            return taken

        return [
            pairs(
                "window: start to first frame",
                lambda: start(OURS),
                lambda: start(BARE),
                of="a bare PySide6 window",
                count=15,
            )
        ]
