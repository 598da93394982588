"""The pages of one step: what to read and where to answer; they keep what was typed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from labapp.model.work import Item
from labapp.packs.pack import Pack, Step
from labapp.ui.look import Look
from labapp.ui.measure_answers import MeasureAnswers
from labapp.ui.quiz_view import QuizView
from labapp.ui.records_view import RecordsView
from labapp.ui.widgets.layout import column
from labapp.ui.widgets.markdown import MarkdownView
from labapp.ui.wire_list import WireList
from labapp.ui.wiring_board import WiringBoard


class StepPages(QObject):
    """Pages by tab key. ``changed`` says: an answer was changed; ``link_chosen`` names a tab."""

    changed = Signal()
    link_chosen = Signal(str)

    def __init__(self, look: Look, pack: Pack, step: Step, parent: QObject) -> None:
        super().__init__(parent)
        self._look, self.step = look, step
        self.lesson = MarkdownView(look, pack.members.get)
        self.lesson.link_chosen.connect(self.link_chosen)
        self.records = RecordsView(look)
        self.quiz = QuizView(look, step.questions) if step.questions else None
        self.board = WiringBoard(step.terminals, self) if step.connections else None
        self.wires = WireList(look, self.board) if self.board is not None else None
        self.answers = MeasureAnswers(look, step.answers, pack.profile) if step.answers else None
        for part in (self.quiz, self.board, self.answers):
            if part is not None:
                part.changed.connect(self.changed)
        look.say.changed.connect(self._reword)
        self._reword()

    @property
    def widgets(self) -> dict[str, QWidget]:
        """The page of each tab, but for those of programs."""
        lesson = QWidget()
        lesson.setLayout(column((self.lesson, 1)))
        found = {
            "lesson": lesson,
            "quiz": self.quiz,
            "wires": self.wires,
            "answers": self.answers,
            "records": self.records,
        }
        return {key: page for key, page in found.items() if page is not None}

    @property
    def missing(self) -> int:
        """How many answers are still to be given before they can be handed in."""
        if self.quiz is not None:
            return self.quiz.missing
        if self.board is not None:
            return 0 if self.board.wires else 1
        return self.answers.missing if self.answers is not None else 0

    @property
    def given(self) -> dict[str, object]:
        """What was answered, in the form that is handed in."""
        answers: dict[str, object] = {}
        if self.quiz is not None:
            answers["choices"] = self.quiz.choices
        if self.board is not None:
            answers["wires"] = [list(wire) for wire in self.board.wires]
        if self.answers is not None:
            answers["numbers"] = self.answers.numbers
        return answers

    def judge(self, items: Sequence[Item]) -> None:
        """Show the verdicts beside the answers."""
        if self.quiz is not None:
            self.quiz.judge(items)
        if self.answers is not None:
            self.answers.judge(items)

    @Slot()
    def _reword(self) -> None:
        self.lesson.show_markdown(self._look.say(self.step.text))
