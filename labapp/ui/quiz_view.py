"""Questions, one a page: answer, hand in, read why, answer again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from labapp.model.text import Text
from labapp.model.verdict import Outcome
from labapp.model.work import Item
from labapp.packs.pack import Question
from labapp.ui.look import Look
from labapp.ui.question_page import QuestionPage
from labapp.ui.widgets.buttons import Button
from labapp.ui.widgets.labels import NOTHING, Label
from labapp.ui.widgets.layout import STRETCH, column, row
from labapp.ui.widgets.panels import ScrollColumn
from labapp.ui.widgets.progress import ThinBar


class QuizView(QWidget):
    """All questions of a step. ``changed`` says: an answer was changed.

    Args:
        look: theme and language.
        questions: in the pack's order, at least one.
    """

    changed = Signal()

    def __init__(self, look: Look, questions: Sequence[Question]) -> None:
        super().__init__()
        self._look = look
        self.pages = [QuestionPage(look, question) for question in questions]
        self._stack = QStackedWidget()
        for page in self.pages:
            self._stack.addWidget(ScrollColumn(look, page))
            page.changed.connect(self._change)
        self._place = Label(look, NOTHING, bold=True, tone="text2")
        self._bar = ThinBar(look, NOTHING, height=4)
        self.back = Button(look, Text("上一题", "Previous"), glyph="chevron-left", dense=True)
        self.forth = Button(look, Text("下一题", "Next"), glyph="chevron-right", dense=True)
        self.back.clicked.connect(self._go_back)
        self.forth.clicked.connect(self._go_forth)
        head = row(self._place, STRETCH, self.back, self.forth)
        self.setLayout(column(head, self._bar, (self._stack, 1), gap=8, margins=(0, 2, 0, 0)))
        self._tell()

    @property
    def choices(self) -> dict[str, list[str]]:
        """The chosen options by question, as they are handed in."""
        return {page.question.id: list(page.chosen) for page in self.pages if page.chosen}

    @property
    def missing(self) -> int:
        """How many questions are not answered yet."""
        return sum(not page.chosen for page in self.pages)

    @property
    def at(self) -> int:
        """The number of the page shown, from 0."""
        return self._stack.currentIndex()

    def choose(self, choices: Mapping[str, Sequence[str]]) -> None:
        """Fill in answers given before."""
        for page in self.pages:
            page.choose(tuple(choices.get(page.question.id, ())))
        self._tell()

    def judge(self, items: Sequence[Item]) -> None:
        """Show the verdicts and go to the first question that is not right yet."""
        judged = {item.id: item for item in items}
        for page in self.pages:
            page.judge(judged.get(page.question.id) if page.chosen else None)
        wrong = [
            index
            for index, page in enumerate(self.pages)
            if page.question.id in judged and judged[page.question.id].outcome != Outcome.MET
        ]
        if wrong:
            self.go(wrong[0])

    def go(self, index: int) -> None:
        """Show the question of that number, from 0."""
        self._stack.setCurrentIndex(max(0, min(index, len(self.pages) - 1)))
        self._tell()

    @Slot()
    def _go_back(self) -> None:
        self.go(self.at - 1)

    @Slot()
    def _go_forth(self) -> None:
        self.go(self.at + 1)

    @Slot()
    def _change(self) -> None:
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        at, total = self.at + 1, len(self.pages)
        self._place.set_text(Text(f"第 {at} 题，共 {total} 题", f"Question {at} of {total}"))
        done = total - self.missing
        self._bar.show_share(
            done, total, Text(f"已答 {done} 题，共 {total} 题", f"{done} of {total} answered")
        )
        self.back.setEnabled(at > 1)
        self.forth.setEnabled(at < total)
