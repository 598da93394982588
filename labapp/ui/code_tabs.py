"""The two tabs that hold a program, and how they are run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance, Slot
from PySide6.QtWidgets import QWidget

from labapp.app.desk import Desk
from labapp.app.states import ProgramState
from labapp.model.work import Item
from labapp.ui.look import Look
from labapp.ui.python_editor import PythonEditor
from labapp.ui.rules_editor import RulesEditor

CodeKind = Literal["rules", "python"]


class CodeEditor(Protocol):
    """What both editors can do."""

    run_requested: SignalInstance

    def set_read_only(self, read_only: bool) -> None:
        """Let the program be read but not changed."""

    def show_state(self, state: ProgramState) -> None:
        """Show how the program runs."""

    def request_run(self) -> None:
        """Ask to run what stands there; nothing where it cannot run."""


class CodeTabs(QObject):
    """Both editors of a project.

    Signals:
        run_requested: kind and source of a program, already checked.
        tab_wanted: the kind of program whose tab should be opened.
    """

    run_requested = Signal(str, str)
    tab_wanted = Signal(str)

    def __init__(self, look: Look, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self.rules = RulesEditor(look, desk)
        self.python = PythonEditor(look, desk)
        for editor in (self.rules, self.python):
            editor.run_requested.connect(self.run_requested)
        self.rules.python_wanted.connect(self._go_on_in_python)

    @property
    def widgets(self) -> dict[str, QWidget]:
        """The editors by their tab."""
        return {"rules": self.rules, "python": self.python}

    def run(self, kind: str) -> None:
        """Run the program of a kind, if nothing keeps it from running."""
        self._editor(kind).request_run()

    def show_program(self, state: ProgramState, *, running: bool) -> None:
        """Show how the program runs; while it does nothing in it can be changed."""
        for editor in (self.rules, self.python):
            editor.set_read_only(running)
            editor.show_state(state)

    def show_verdicts(self, items: Sequence[Item]) -> None:
        """Let the rules show which checks they let fail."""
        self.rules.show_verdicts(items)

    @Slot(str)
    def _go_on_in_python(self, source: str) -> None:
        self.python.take(source)
        self.tab_wanted.emit("python")

    def _editor(self, kind: str) -> CodeEditor:
        return self.python if kind == "python" else self.rules
