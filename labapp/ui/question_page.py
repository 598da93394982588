"""One question: its words, its options, and once it was judged why."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QWidget

from labapp.model.text import Text
from labapp.model.verdict import Outcome
from labapp.model.work import Item, marks
from labapp.packs.pack import Question
from labapp.ui.lesson import points_words
from labapp.ui.look import Look
from labapp.ui.style_sizes import CONTROL_RADIUS
from labapp.ui.theme import CAPTION, H3
from labapp.ui.widgets.labels import NOTHING, IconLabel, Label
from labapp.ui.widgets.layout import STRETCH, column, row
from labapp.ui.widgets.options import Option
from labapp.ui.widgets.panels import Panel
from labapp.ui.widgets.status import NOT_PASSED, PASSED, status_of

PICK_ONE = Text("选一个", "Choose one")
PICK_MANY = Text("选出所有对的", "Choose all that apply")


class QuestionPage(QWidget):
    """A question with its options. ``changed`` says: another option was chosen."""

    changed = Signal()

    def __init__(self, look: Look, question: Question) -> None:
        super().__init__()
        self._look, self.question = look, question
        self.options = {
            option.id: Option(look, option.text, many=question.many) for option in question.options
        }
        self._why = _Why(look)
        words = PICK_MANY if question.many else PICK_ONE
        worth = points_words(question.points)
        about = Text(f"{words.zh}，{worth.zh}", f"{words.en}, {worth.en}")
        self.setLayout(
            column(
                Label(look, question.text, H3, bold=True, wrap=True),
                Label(look, about, CAPTION, tone="text2"),
                *self.options.values(), self._why, STRETCH, margins=(0, 2, 6, 2), gap=8,
            )
        )  # fmt: skip
        for option in self.options.values():
            option.clicked.connect(self._choose)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The ids of the chosen options, in the question's order."""
        return tuple(name for name, option in self.options.items() if option.isChecked())

    def choose(self, chosen: tuple[str, ...]) -> None:
        """Choose these options, without telling anybody."""
        for name, option in self.options.items():
            option.setChecked(name in chosen)

    def judge(self, item: Item | None) -> None:
        """Show how the answer was judged; ``None`` takes the verdict away."""
        self._why.setVisible(item is not None)
        if item is None:
            for option in self.options.values():
                option.judge(None)
            return
        for name, option in self.options.items():
            right = name in self.question.key
            option.judge((PASSED if right else NOT_PASSED) if option.isChecked() else None)
        self._why.show_item(item)

    @Slot()
    def _choose(self) -> None:
        self.judge(None)
        self.changed.emit()


class _Why(Panel):
    """The verdict on one answer, and the explanation."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, radius=CONTROL_RADIUS)
        self._icon = IconLabel(look, PASSED.glyph, PASSED.tone, 20)
        self._head = Label(look, NOTHING, bold=True)
        self._say = Label(look, NOTHING, wrap=True)
        words = column(self._head, self._say, gap=2)
        icon = column(self._icon, STRETCH, gap=0)
        self.setLayout(row(icon, (words, 1), margins=(12, 10, 12, 10), gap=10))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.hide()

    def show_item(self, item: Item) -> None:
        status = status_of(item.outcome)
        self.set_tokens(f"{status.tone}Bg")
        self._icon.set_glyph(status.glyph, status.tone, status.word)
        word = status.word if item.outcome != Outcome.NOT_MET or not item.points else _PARTLY
        got, most = marks(item.points), marks(item.max)
        self._head.set_text(
            Text(f"{word.zh}，{got} / {most} 分", f"{word.en}, {got} of {most} points")
        )
        self._head.set_tone(status.tone)
        self._say.set_text(item.say)


_PARTLY = Text("部分答对", "Partly right")
