"""Opens the window and stays until it is closed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTranslator, Slot
from PySide6.QtWidgets import QApplication

from labapp.app.lab_app import LabApp
from labapp.app.settings import Settings
from labapp.model.text import Lang
from labapp.ui.first_frame import FirstFrame
from labapp.ui.look import Look
from labapp.ui.main_window import MainWindow
from labapp.ui.say import Say
from labapp.ui.style import LabStyle
from labapp.ui.theme import Theme

SWITCH_S = 0.0005
"""How long the window's thread may keep the link's from running: with Python's 5 ms, readings
come up to 127 ms late while the window is busy; with this, 8 ms (measured, 100 Hz lines)."""


def run_window(app: LabApp, on_painted: Callable[[MainWindow], None] | None = None) -> int:
    """Show the window until it is closed; return 0. Main thread only.

    ``on_painted`` is called once, after the first frame was painted: a benchmark's place to
    read its clock, to measure further frames, or to close the window.
    """
    sys.setswitchinterval(SWITCH_S)
    qt = make_application()
    face = Face(qt, app.settings)
    window = MainWindow(app, face.look)
    if on_painted is not None:
        FirstFrame(window.top, lambda: on_painted(window))
    if not window.isVisible():
        window.show()
    code = qt.exec()
    window.deleteLater()
    return code


def make_application() -> QApplication:
    """Return the one Qt application, made anew where there is none yet."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    # The wheels bring no plug-in of fcitx, but fcitx answers ibus' protocol too.
    if os.environ.get("QT_IM_MODULE") in ("fcitx", "fcitx5"):
        os.environ["QT_IM_MODULE"] = "ibus"
    application = QApplication(sys.argv[:1])
    application.setApplicationName("labapp")
    application.setDesktopFileName("labapp")
    return application


class Face(QObject):
    """Style, palette, font and Qt's own words of an application; they follow theme and language.

    Keeps a reference to the style: Qt owns it, but Python has to as well.
    """

    def __init__(self, application: QApplication, settings: Settings) -> None:
        super().__init__(application)
        self._application = application
        theme = Theme(settings.theme, settings.text_percent, self)
        self.look = Look(theme, Say(settings.lang, self))
        self._style = LabStyle(theme)
        self._translator = QTranslator(self)
        application.setStyle(self._style)
        theme.changed.connect(self.restyle)
        self.look.say.changed.connect(self.reword)
        application.styleHints().colorSchemeChanged.connect(self.follow_system)
        self.restyle()
        self.reword()

    @Slot()
    def restyle(self) -> None:
        """Give the application the theme's palette and font."""
        self._application.setPalette(self.look.theme.palette())
        self._application.setFont(self.look.theme.font())

    @Slot()
    def reword(self) -> None:
        """Let Qt's own dialogs and numbers speak the window's language."""
        QLocale.setDefault(QLocale(_locale(self.look.say.lang)))
        self._application.removeTranslator(self._translator)
        if self.look.say.lang == "zh":
            folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
            if self._translator.load("qtbase_zh_CN", folder):
                self._application.installTranslator(self._translator)

    @Slot()
    def follow_system(self) -> None:
        """Ask the theme again after the system changed from light to dark or back."""
        self.look.theme.refresh()


def _locale(lang: Lang) -> str:
    return "zh_CN" if lang == "zh" else "en_US"
