"""The Python tab: the program, what keeps it from running, and what it printed."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from labapp.app.desk import Desk
from labapp.app.states import ProgramState
from labapp.model.text import Text, same
from labapp.model.trouble import Problem
from labapp.ui.api_card import ApiCard
from labapp.ui.code_edit import CodeEdit
from labapp.ui.look import Look
from labapp.ui.program_box import ProgramBox
from labapp.ui.style_sizes import CARD_RADIUS
from labapp.ui.theme import CAPTION
from labapp.ui.widgets.buttons import ToolButton
from labapp.ui.widgets.labels import IconLabel, Label
from labapp.ui.widgets.layout import STRETCH, column, row
from labapp.ui.widgets.panels import Panel

CHECK_MS, SAVE_MS = 350, 800


class PythonEditor(QWidget):
    """Edits, checks and keeps one project's Python program.

    Signals:
        changed: the text is another one.
        run_requested: kind ``python`` and the text, when the user asks to run it here.
    """

    changed = Signal()
    run_requested = Signal(str, str)

    def __init__(self, look: Look, desk: Desk) -> None:
        super().__init__()
        self._look, self._desk = look, desk
        self._problems: tuple[Problem, ...] = ()
        self._edit = CodeEdit(look, Text("Python 程序", "Python program"))
        self._edit.setPlainText(desk.program_text("python"))
        self._state_icon = IconLabel(look, "check", "pass", 16)
        self._state = Label(look, same(""), CAPTION, tone="text2")
        self._box = ProgramBox(look)
        self._box.go_to.connect(self._go_to)
        self._box.fix.connect(self._fix)
        self._api = ApiCard(look, desk.profile)
        self._api.hide()
        self._build()
        self._checking = _after(self, CHECK_MS, self.check)
        self._saving = _after(self, SAVE_MS, self.save)
        self._edit.textChanged.connect(self._typed)
        self.check()

    def _build(self) -> None:
        look = self._look
        self._api_button = ToolButton(
            look,
            "book-open-variant",
            Text("接口速查：读什么，写什么", "What can be read and driven"),
            Text("接口速查", "Reference"),
            checkable=True,
        )
        self._api_button.toggled.connect(self._api.setVisible)
        reset = ToolButton(
            look,
            "restore",
            Text(
                "恢复成开始时的程序，可以用 Ctrl+Z 撤回",
                "Back to the first program; Ctrl+Z undoes it",
            ),
            Text("恢复模板", "Template"),
        )
        reset.clicked.connect(self._reset)
        tools = row(self._state_icon, self._state, STRETCH, self._api_button, reset, gap=6)
        paper = Panel(
            look, column(self._edit, margins=(1, 6, 1, 6)), radius=CARD_RADIUS, border="border"
        )
        self.setLayout(column(tools, self._api, (paper, 1), self._box, gap=8))

    # ------------------------------------------------------------------ what it holds

    @property
    def kind(self) -> str:
        """``python``."""
        return "python"

    def source(self) -> str:
        """Return the program as it stands."""
        return self._edit.toPlainText()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What keeps the program from running, as of the last check."""
        return self._problems

    def set_read_only(self, read_only: bool) -> None:
        """Let the program be read but not changed, as while it runs."""
        self._edit.setReadOnly(read_only)

    def show_state(self, state: ProgramState) -> None:
        """Show how the program runs, when it is a Python program."""
        if state.kind != "python":
            return
        self._box.show_state(state)
        line = state.failure.line if state.failure is not None else None
        marks = {} if line is None or state.failure is None else {line: state.failure.message}
        if state.failure is not None:
            self._edit.mark_lines(marks)

    def request_run(self) -> None:
        """Ask to run what stands here; nothing where it cannot run."""
        self.check()
        if not self._problems:
            self.save()
            self.run_requested.emit(self.kind, self.source())

    @Slot()
    def check(self) -> None:
        """Say whether the program can run."""
        self._checking.stop()
        self._problems = self._desk.check_program("python", self.source())
        self._edit.mark_lines({p.line: p.message for p in self._problems if p.line is not None})
        self._box.show_problems(self._problems)
        if self._problems:
            count = len(self._problems)
            self._state_icon.set_glyph("alert-circle", "fail")
            self._state.set_text(Text(f"有 {count} 处要改", f"{count} to mend"))
        else:
            self._state_icon.set_glyph("check", "pass")
            self._state.set_text(Text("语法正确", "No mistakes found"))

    @Slot()
    def save(self) -> None:
        """Keep the program."""
        self._saving.stop()
        self._desk.save_program("python", self.source())

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was typed before the tab goes out of sight."""
        if self._saving.isActive():
            self.save()
        super().hideEvent(event)

    # ------------------------------------------------------------------ what the user does

    @Slot()
    def _typed(self) -> None:
        self._checking.start()
        self._saving.start()
        self.changed.emit()

    def take(self, source: str) -> None:
        """Go on with another program; Ctrl+Z brings the one from before back."""
        self._edit.replace_all(source)

    @Slot()
    def _reset(self) -> None:
        self.take(self._desk.starter_text("python"))

    @Slot(int, int)
    def _go_to(self, line: int, column_number: int) -> None:
        self._edit.go_to(line, column_number)
        self._edit.setFocus()

    @Slot(int, str, str)
    def _fix(self, line: int, wrong: str, right: str) -> None:
        self._edit.replace_in_line(line, wrong, right)


def _after(owner: QWidget, milliseconds: int, then: object) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(then)
    return timer
