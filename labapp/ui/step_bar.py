"""The buttons under a step: back, hint, the one action, forward."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from labapp.model.text import Text, same
from labapp.ui.lesson import Action
from labapp.ui.look import Look
from labapp.ui.theme import CAPTION
from labapp.ui.widgets.buttons import Button
from labapp.ui.widgets.labels import NOTHING, RIGHT, Label
from labapp.ui.widgets.layout import STRETCH, column, row

BACK = Text("上一步", "Back")
NEXT = Text("下一步", "Next")
FINISH = Text("完成", "Finish")
HINT_TIP = Text("看一条提示", "Show a hint")
GRADED_AT_END = Text("结束后自动评分", "Graded when it ends")


class StepBar(QWidget):
    """Back and hint at the left, the action and forward at the right; one of them is the primary.

    ``action_chosen`` carries the ``Action`` that was shown.
    """

    back_chosen = Signal()
    next_chosen = Signal()
    hint_chosen = Signal()
    action_chosen = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._action: Action | None = None
        self._stop: Action | None = None
        self.stop = Button(look, NEXT, "danger", "stop", tip=same("Shift+F5"))
        self.back = Button(look, BACK, glyph="arrow-left", tip=Text("Alt+左", "Alt+Left"))
        self.hint = Button(look, HINT_TIP, glyph="lightbulb-on-outline", tip=HINT_TIP)
        self.reason = Label(look, NOTHING, CAPTION, tone="text2", wrap=True, align=RIGHT)
        self.action = Button(look, NEXT, "primary")
        self.next = Button(look, NEXT)
        buttons = row(self.stop, self.back, self.hint, STRETCH, self.action, self.next)
        self.setLayout(column(self.reason, buttons, gap=6))
        self.back.clicked.connect(self.back_chosen)
        self.next.clicked.connect(self.next_chosen)
        self.hint.clicked.connect(self.hint_chosen)
        self.action.clicked.connect(self._act)
        self.stop.clicked.connect(self.halt)
        self.stop.hide()

    @property
    def running(self) -> bool:
        """Whether an attempt is under way, so that stopping is what can be done."""
        return self._stop is not None

    def show_action(self, action: Action | None, stop: Action | None, *, passed: bool) -> None:
        """Show what to do next; once the step is passed, going on is the main thing.

        Stopping has a place of its own, so that a double click on Start never stops.
        """
        self._action, self._stop = action, stop
        if action is not None:
            calm = passed and stop is None
            self.action.become(action.text, "default" if calm else "primary", action.glyph)
            self.action.setEnabled(action.why_not is None)
            tip = Text(f"{action.text.zh} (F5)", f"{action.text.en} (F5)")
            self.action.set_tip(action.why_not or tip)
        if stop is not None:
            self.stop.become(stop.text, "danger", stop.glyph)
        reason = action.why_not if action is not None else GRADED_AT_END
        self.reason.set_text(reason or NOTHING)
        self.reason.setVisible(reason is not None)
        self.action.setVisible(action is not None)
        self.stop.setVisible(stop is not None)
        for button in (self.back, self.hint):
            button.setVisible(stop is None)

    def show_ways(self, *, first: bool, last: bool, open_next: bool, passed: bool) -> None:
        """Say whether there are steps before and after, and whether the next one is open."""
        self.back.setEnabled(not first)
        main = passed and not self.running
        self.next.become(FINISH if last else NEXT, "primary" if main else "default")
        self.next.setEnabled(open_next and not self.running)
        locked = Text("先通过本步", "Pass this step first")
        self.next.set_tip(Text("Alt+右", "Alt+Right") if open_next else locked)

    def show_hints(self, seen: int, total: int) -> None:
        """Say how many of the step's hints were seen; a step without any has no button."""
        self.hint.setVisible(total > 0 and not self.running)
        words = Text(f"提示 {seen}/{total}", f"Hint {seen}/{total}")
        self.hint.become(words, "default", "lightbulb-on-outline")

    @Slot()
    def act(self) -> None:
        """Do what the action button does, if it can be done now (F5)."""
        if self._action is not None and self.action.isEnabled():
            self._act()

    @Slot()
    def halt(self) -> None:
        """Stop the attempt under way, if there is one (Shift+F5)."""
        if self._stop is not None:
            self.action_chosen.emit(self._stop)

    @Slot()
    def _act(self) -> None:
        if self._action is not None:
            self.action_chosen.emit(self._action)
