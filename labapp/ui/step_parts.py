"""The parts around a step's pages: its heading, a hint, and what the last attempt came to."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QWidget

from labapp.app.states import Finished
from labapp.model.text import Text
from labapp.model.work import marks
from labapp.packs.pack import Step
from labapp.ui.lesson import KIND_WORDS, minutes_words, points_words
from labapp.ui.look import Look
from labapp.ui.style_sizes import CONTROL_RADIUS
from labapp.ui.theme import CAPTION, H2
from labapp.ui.widgets.buttons import ToolButton
from labapp.ui.widgets.labels import NOTHING, IconLabel, Label
from labapp.ui.widgets.layout import STRETCH, column, row
from labapp.ui.widgets.panels import Panel
from labapp.ui.widgets.status import PASSED, status_of


class StepHead(QWidget):
    """Number and kind of the step, its title, and what it takes and gives."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._kind = Label(look, NOTHING, CAPTION, bold=True, tone="accent")
        self._about = Label(look, NOTHING, CAPTION, tone="text2")
        self._title = Label(look, NOTHING, H2, bold=True, wrap=True)
        self.setLayout(column(row(self._kind, STRETCH, self._about), self._title, gap=2))

    def show_step(self, step: Step, number: int) -> None:
        """Show another step."""
        kind, worth = KIND_WORDS[step.kind], points_words(step.points)
        self._kind.set_text(Text(f"步骤 {number}·{kind.zh}", f"Step {number} · {kind.en}"))
        takes = minutes_words(step.minutes)
        if step.kind == "challenge" and step.duration_us:
            seconds = step.duration_us // 1_000_000
            takes = Text(f"限时 {seconds} s", f"{seconds} s")
        self._about.set_text(Text(f"{takes.zh}，{worth.zh}", f"{takes.en}, {worth.en}"))
        self._title.set_text(step.title)


class HintCard(Panel):
    """One hint at a time; it can be put away again."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, bg="warnBg", radius=CONTROL_RADIUS)
        self._title = Label(look, NOTHING, bold=True, tone="warn")
        self._say = Label(look, NOTHING, wrap=True)
        away = ToolButton(look, "close", Text("收起提示", "Put the hint away"))
        away.clicked.connect(self.hide)
        icon = column(IconLabel(look, "lightbulb-on-outline", "warn", 20), STRETCH, gap=0)
        words = column(self._title, self._say, gap=2)
        side = column(away, STRETCH, gap=0)
        self.setLayout(row(icon, (words, 1), side, margins=(12, 8, 8, 10), gap=10))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.hide()

    def show_hint(self, hint: Text, number: int, total: int) -> None:
        """Show a hint."""
        self._title.set_text(Text(f"提示 {number} / {total}", f"Hint {number} of {total}"))
        self._say.set_text(hint)
        self.show()


class ResultStrip(Panel):
    """What the last attempt came to, with the way to its report."""

    report_chosen = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__(look, radius=CONTROL_RADIUS)
        self._finished: Finished | None = None
        self._icon = IconLabel(look, PASSED.glyph, PASSED.tone, 20)
        self._say = Label(look, NOTHING, bold=True, wrap=True)
        self._open = ToolButton(
            look, "chart-box-outline", Text("打开这一次的报告", "Open the report of this attempt"),
            Text("看报告", "Report"),
        )  # fmt: skip
        self._open.clicked.connect(self._ask)
        self.setLayout(row(self._icon, (self._say, 1), self._open, margins=(12, 4, 6, 4), gap=10))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.hide()

    def show_result(self, finished: Finished | None, *, passed: bool) -> None:
        """Show the result of an attempt, or nothing."""
        self._finished = finished
        self.setVisible(finished is not None)
        if finished is None:
            return
        grade = finished.grade
        status = PASSED if passed else status_of(grade.outcome)
        tone = status.tone
        self.set_tokens(f"{tone}Bg")
        self._icon.set_glyph(status.glyph, tone, status.word)
        score = f"{marks(grade.points)} / {marks(grade.max)}"
        self._say.set_text(
            Text(
                f"上次 {score} 分，{status.word.zh}", f"Last time {score} points: {status.word.en}"
            )
        )
        self._say.set_tone(tone)

    @Slot()
    def _ask(self) -> None:
        self.report_chosen.emit(self._finished)
