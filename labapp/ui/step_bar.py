"""The buttons under a step: back, hint, the one action, forward."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from labapp.model.text import Text
from labapp.ui.lesson import Action
from labapp.ui.look import Look
from labapp.ui.theme import CAPTION
from labapp.ui.widgets.buttons import Button
from labapp.ui.widgets.labels import NOTHING, RIGHT, Label
from labapp.ui.widgets.layout import row

BACK = Text("上一步", "Back")
NEXT = Text("下一步", "Next")
FINISH = Text("完成", "Finish")
HINT_TIP = Text("看一条提示", "Show a hint")
GRADED_AT_END = Text("结束后自动评分", "Graded when it ends")


class StepBar(QWidget):
    """At most three buttons and one primary among them: the action, or 下一步 once it is passed."""

    back_chosen = Signal()
    next_chosen = Signal()
    hint_chosen = Signal()
    action_chosen = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._action: Action | None = None
        self.back = Button(look, BACK, glyph="arrow-left", tip=Text("Alt+左", "Alt+Left"))
        self.hint = Button(look, HINT_TIP, glyph="lightbulb-on-outline", tip=HINT_TIP)
        self.reason = Label(look, NOTHING, CAPTION, tone="text2", wrap=True, align=RIGHT)
        self.action = Button(look, NEXT, "primary")
        self.next = Button(look, NEXT)
        self.setLayout(row(self.back, self.hint, (self.reason, 1), self.action, self.next))
        self.back.clicked.connect(self.back_chosen)
        self.next.clicked.connect(self.next_chosen)
        self.hint.clicked.connect(self.hint_chosen)
        self.action.clicked.connect(self._act)

    def show_action(self, action: Action, *, passed: bool) -> None:
        """Show what to do next; once the step is passed, going on is the main thing."""
        self._action = action
        running = action.danger
        kind = "danger" if running else "default" if passed else "primary"
        self.action.become(action.text, kind, action.glyph)
        self.action.setEnabled(action.why_not is None)
        tip = action.why_not or Text(f"{action.text.zh} (F5)", f"{action.text.en} (F5)")
        self.action.set_tip(Text("Shift+F5", "Shift+F5") if running else tip)
        reason = GRADED_AT_END if running else action.why_not
        self.reason.set_text(reason or NOTHING)
        for button in (self.back, self.hint):
            button.setVisible(not running)

    def show_ways(self, *, first: bool, last: bool, open_next: bool, passed: bool) -> None:
        """Say whether there are steps before and after, and whether the next one is open."""
        self.back.setEnabled(not first)
        running = self._action is not None and self._action.danger
        kind = "primary" if passed and not running else "default"
        self.next.become(FINISH if last else NEXT, kind)
        self.next.setEnabled(open_next and not running)
        locked = Text("先通过本步", "Pass this step first")
        self.next.set_tip(Text("Alt+右", "Alt+Right") if open_next else locked)

    def show_hints(self, seen: int, total: int) -> None:
        """Say how many of the step's hints were seen; a step without any has no button."""
        self.hint.setVisible(total > 0 and not (self._action is not None and self._action.danger))
        words = Text(f"提示 {seen}/{total}", f"Hint {seen}/{total}")
        self.hint.become(words, "default", "lightbulb-on-outline")

    @Slot()
    def act(self) -> None:
        """Do what the action button does, if it can be done now (F5)."""
        if self.action.isEnabled():
            self._act()

    @Slot()
    def _act(self) -> None:
        if self._action is not None:
            self.action_chosen.emit(self._action.name)
