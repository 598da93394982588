"""The box under a program: what is wrong with it, or what it printed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from labapp.app.states import ProgramState
from labapp.model.text import Text, same
from labapp.model.trouble import Problem
from labapp.ui.look import Look
from labapp.ui.style_sizes import CARD_RADIUS
from labapp.ui.theme import BODY, CAPTION
from labapp.ui.widgets.buttons import Button
from labapp.ui.widgets.labels import IconLabel, Label
from labapp.ui.widgets.layout import STRETCH, column, row
from labapp.ui.widgets.panels import Panel

MOST_OUTPUT = 20_000
_MEANT = re.compile(r"Did you mean ([\w.]+)\?")
_NAME = re.compile(r"(?:called|named) ([\w.]+)|^([\w.]+) is")


class ProgramBox(QWidget):
    """Shows the first problem with its remedies, and below it the output, each only where there is one.

    Signals:
        go_to: line and column of the problem, when the user wants to see it.
        fix: line, the wrong name and the right one, when the user takes the proposal.
    """

    go_to = Signal(int, int)
    fix = Signal(int, str, str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._problem: Problem | None = None
        self._title = Label(look, same(""), BODY, bold=True, tone="fail", wrap=True)
        self._show = Button(look, Text("跳到这一行", "Show the line"), dense=True)
        self._mend = Button(look, same(""), dense=True)
        self._show.clicked.connect(self._tell_line)
        self._mend.clicked.connect(self._tell_fix)
        words = column(self._title, row(self._mend, self._show, STRETCH), gap=6)
        self._trouble = Panel(
            look,
            row(
                IconLabel(look, "alert-circle", "fail", 18),
                (words, 1),
                margins=(12, 8, 12, 8),
                gap=10,
            ),
            bg="failBg",
            radius=CARD_RADIUS,
        )
        self._heading = Label(look, Text("程序输出", "Output"), CAPTION, tone="text2")
        self._output = QPlainTextEdit()
        self._output.setReadOnly(True)
        self._output.setMaximumBlockCount(500)
        self._output.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self._output.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._shown_output = ""
        self._printed = Panel(
            look, column(self._heading, self._output, margins=(10, 6, 6, 6), gap=4),
            bg="sunken", radius=CARD_RADIUS,
        )  # fmt: skip
        self.setLayout(column(self._trouble, self._printed, gap=8))
        look.theme.changed.connect(self.restyle)
        look.say.changed.connect(self.reword)
        self._trouble.hide()
        self._printed.hide()
        self.restyle()
        self.reword()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show the first of them, or none."""
        self._show_problem(problems[0] if problems else None, len(problems))

    def show_state(self, state: ProgramState) -> None:
        """Show the output and the failure of a program that runs or ran."""
        if state.failure is not None:
            self._show_problem(state.failure, 1)
        elif state.phase == "running":
            self._show_problem(None, 0)
        self._show_output(state.output)

    @Slot()
    def restyle(self) -> None:
        """Take fonts and colours from the theme again."""
        theme = self._look.theme
        self._output.setFont(theme.font(CAPTION, mono=True))
        self._output.setFixedHeight(theme.px(84))
        palette = self._output.palette()
        palette.setColor(QPalette.ColorRole.Base, theme.color("sunken"))
        palette.setColor(QPalette.ColorRole.Text, theme.color("text"))
        self._output.setPalette(palette)

    @Slot()
    def reword(self) -> None:
        """Say names in the current language."""
        self._output.setAccessibleName(self._look.say(Text("程序输出", "Program output")))

    def _show_problem(self, problem: Problem | None, count: int) -> None:
        self._problem = problem
        self._trouble.setVisible(problem is not None)
        if problem is None:
            return
        self._title.set_text(_told(problem, count))
        self._show.setVisible(problem.line is not None)
        remedy = _remedy(problem)
        self._mend.setVisible(remedy is not None)
        if remedy is not None:
            self._mend.become(Text(f"改成 {remedy[1]}", f"Change to {remedy[1]}"), "default")

    def _show_output(self, output: str) -> None:
        self._printed.setVisible(bool(output))
        if output == self._shown_output:
            return
        self._shown_output = output
        self._output.setPlainText(output[-MOST_OUTPUT:])
        bar = self._output.verticalScrollBar()
        bar.setValue(bar.maximum())

    @Slot()
    def _tell_line(self) -> None:
        if self._problem is not None and self._problem.line is not None:
            self.go_to.emit(self._problem.line, self._problem.column or 1)

    @Slot()
    def _tell_fix(self) -> None:
        problem = self._problem
        remedy = None if problem is None else _remedy(problem)
        if problem is not None and problem.line is not None and remedy is not None:
            self.fix.emit(problem.line, *remedy)


def _told(problem: Problem, count: int) -> Text:
    more_zh = f"（还有 {count - 1} 处）" if count > 1 else ""
    more_en = f" ({count - 1} more)" if count > 1 else ""
    if problem.line is None or f"{problem.line}" in problem.message.zh.split("：")[0]:
        return Text(problem.message.zh + more_zh, problem.message.en + more_en)
    return Text(
        f"第 {problem.line} 行：{problem.message.zh}{more_zh}",
        f"Line {problem.line}: {problem.message.en}{more_en}",
    )


def _remedy(problem: Problem) -> tuple[str, str] | None:
    """Return the wrong and the right name where the problem proposes one for a known line."""
    meant = _MEANT.search(problem.message.en)
    wrong = _NAME.search(problem.message.en)
    if meant is None or wrong is None or problem.line is None:
        return None
    return next(name for name in wrong.groups() if name), meant[1]
