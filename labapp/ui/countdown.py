"""The time that is left in a challenge, or that a run has taken."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QSizePolicy

from labapp.model.text import Text, same
from labapp.ui.look import Look
from labapp.ui.theme import CAPTION, H2
from labapp.ui.widgets.labels import NOTHING, IconLabel, Label
from labapp.ui.widgets.layout import row
from labapp.ui.widgets.panels import Panel

URGENT_SHARE = 0.25
SPOKEN_S = (60, 30, 10)


def clock_text(us: int) -> str:
    """Return microseconds as ``mm:ss``; never below zero."""
    seconds = max(0, us) // 1_000_000
    return f"{seconds // 60:02d}:{seconds % 60:02d}"


class Countdown(Panel):
    """Counts down to zero, red in the last quarter, spoken at 60, 30 and 10 s."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, bg="sunken", radius=6)
        self._icon = IconLabel(look, "timer-outline", "text2", 18)
        self._what = Label(look, NOTHING, CAPTION, tone="text2")
        self._time = Label(look, NOTHING, H2, bold=True)
        self._spoken: set[int] = set()
        self.setLayout(row(self._icon, self._what, self._time, margins=(10, 3, 12, 3), gap=6))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        self.hide()

    def rest(self) -> None:
        """Show nothing: no attempt runs."""
        self._spoken.clear()
        self.hide()

    def show_left(self, elapsed_us: int, total_us: int) -> None:
        """Show what is left of ``total_us``."""
        left_us = max(0, total_us - elapsed_us)
        urgent = left_us <= total_us * URGENT_SHARE
        self._show(Text("剩余", "Left"), left_us, "fail" if urgent else "text")
        self.set_tokens("failBg" if urgent else "sunken")
        self._icon.set_glyph("timer-outline", "fail" if urgent else "text2")
        self._speak(left_us // 1_000_000)

    def show_taken(self, elapsed_us: int) -> None:
        """Show how long an attempt without an end of its own has run."""
        self._show(Text("已进行", "Elapsed"), elapsed_us, "text")
        self.set_tokens("sunken")
        self._icon.set_glyph("timer-outline", "text2")

    def _show(self, what: Text, us: int, tone: str) -> None:
        words = clock_text(us)
        self._what.set_text(what)
        self._time.set_text(same(words))
        self._time.set_tone(tone)
        self.setAccessibleName(f"{self.look.say(what)} {words}")
        self.show()

    def _speak(self, left_s: int) -> None:
        for mark in SPOKEN_S:
            if left_s == mark and mark not in self._spoken:
                self._spoken.add(mark)
                words = Text(f"还剩 {mark} 秒", f"{mark} seconds left")
                event = QAccessibleAnnouncementEvent(self, self.look.say(words))
                QAccessible.updateAccessibility(event)
