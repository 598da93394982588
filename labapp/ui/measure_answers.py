"""Numbers that the student reads off the own recording, and how they were judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from labapp.coach.mark_answers import parse_number
from labapp.model.text import Text, same
from labapp.model.units import convert, find_unit
from labapp.model.work import Item, marks
from labapp.packs.pack import Answer, Statistic
from labapp.profiles.profile import Profile
from labapp.ui.look import Look
from labapp.ui.theme import CAPTION
from labapp.ui.widgets.empty import EmptyState
from labapp.ui.widgets.fields import Field
from labapp.ui.widgets.labels import NOTHING, IconLabel, Label
from labapp.ui.widgets.layout import STRETCH, column, row
from labapp.ui.widgets.panels import ScrollColumn, card
from labapp.ui.widgets.status import PASSED, status_of

FIELD_PX, UNIT_PX = 108, 44
STATISTICS: dict[Statistic, Text] = {
    "mean": Text("平均值", "mean"),
    "median": Text("中位数", "median"),
    "min": Text("最小值", "lowest value"),
    "max": Text("最大值", "highest value"),
    "first": Text("第一个值", "first value"),
    "final": Text("最后一个值", "last value"),
}
NOT_A_NUMBER = Text("这不是一个数。写成 24.5 这样。", "This is not a number. Write it like 24.5.")
RECORD_FIRST = Text("先录一段，再填读数", "Record first, then fill in")
RECORD_WHY = Text(
    "读数要从你自己录的这一段里读。点“开始测量”，录完回到这里。",
    "The numbers are read off your own recording. Choose Start measuring, then come back here.",
)


class AnswerRow(QWidget):
    """One number: what it is, a field with its unit, and the verdict."""

    changed = Signal()

    def __init__(self, look: Look, answer: Answer, about: Text) -> None:
        super().__init__()
        self._look, self.answer = look, answer
        unit = find_unit(answer.unit)
        ghost = "0" if not answer.decimals else "0." + "0" * answer.decimals
        self.field = Field(look, answer.title, same(ghost))
        self.field.setFixedWidth(look.theme.px(FIELD_PX))
        self.field.setMaxLength(20)
        self.field.textEdited.connect(self._edit)
        self._icon = IconLabel(look, PASSED.glyph, PASSED.tone, 20)
        self._why = Label(look, NOTHING, CAPTION, wrap=True)
        shown = answer.unit if unit is None else unit.shown
        words = column(
            Label(look, answer.title, bold=True, wrap=True),
            Label(look, about, CAPTION, tone="text2", wrap=True), gap=2,
        )  # fmt: skip
        unit_label = Label(look, same(shown), tone="text2")
        unit_label.setMinimumWidth(look.theme.px(UNIT_PX))
        typed = row(self._icon, self.field, unit_label)
        inner = column(row((words, 1), typed, gap=12), self._why, margins=(14, 12, 14, 12), gap=6)
        self.setLayout(column(card(look, inner), gap=0))
        self.judge(None)

    @property
    def typed(self) -> str:
        """What stands in the field."""
        return self.field.text().strip()

    @property
    def is_number(self) -> bool:
        """Whether what stands in the field is a number."""
        return parse_number(self.typed) is not None

    def take(self, value: float, unit: str) -> None:
        """Fill in a measured value, given in the point's unit, as precisely as is asked for."""
        source, target = find_unit(unit), find_unit(self.answer.unit)
        if source is not None and target is not None and source.dimension == target.dimension:
            value = float(convert(Fraction(value), source, target))
        self.field.setText(f"{value:.{self.answer.decimals}f}")
        self._edit()

    def judge(self, item: Item | None) -> None:
        """Show the verdict; ``None`` takes it away."""
        self._icon.setVisible(item is not None)
        self._why.setVisible(item is not None)
        if item is not None:
            status = status_of(item.outcome)
            self._icon.set_glyph(status.glyph, status.tone, status.word)
            got = f"{marks(item.points)} / {marks(item.max)}"
            points = Text(f"{got} 分。", f"{got} points. ")
            self._why.set_text(Text(points.zh + item.say.zh, points.en + item.say.en))
            self._why.set_tone(status.tone)

    @Slot()
    def _edit(self) -> None:
        self.judge(None)
        if self.typed and not self.is_number:
            self._why.set_text(NOT_A_NUMBER)
            self._why.set_tone("warn")
            self._why.show()
        self.changed.emit()


class MeasureAnswers(QWidget):
    """The numbers of a step. ``changed`` says: a number was changed."""

    changed = Signal()

    def __init__(self, look: Look, answers: Sequence[Answer], profile: Profile) -> None:
        super().__init__()
        self.rows = [AnswerRow(look, answer, _about(answer, profile)) for answer in answers]
        self._units = {point.id: point.unit for point in profile.points}
        for line in self.rows:
            line.changed.connect(self.changed)
        inner = QWidget()
        inner.setLayout(column(*self.rows, STRETCH, gap=8, margins=(0, 0, 6, 0)))
        self._pages = QStackedWidget()
        self._pages.addWidget(EmptyState(look, "record-circle-outline", RECORD_FIRST, RECORD_WHY))
        self._pages.addWidget(ScrollColumn(look, inner))
        self.setLayout(column((self._pages, 1), margins=(0, 2, 0, 0)))

    @property
    def numbers(self) -> dict[str, str]:
        """What was typed, by answer, as it is handed in."""
        return {line.answer.id: line.typed for line in self.rows if line.typed}

    @property
    def missing(self) -> int:
        """How many numbers are still to be typed."""
        return sum(not line.is_number for line in self.rows)

    def allow(self, recorded: bool) -> None:
        """Say whether there is a recording to read the numbers off."""
        self._pages.setCurrentIndex(int(recorded))

    def fill(self, numbers: Mapping[str, str]) -> None:
        """Fill in numbers typed before."""
        for line in self.rows:
            line.field.setText(numbers.get(line.answer.id, ""))

    def take(self, measured: Mapping[str, Mapping[str, float]]) -> None:
        """Fill in what was measured, by point and statistic; other numbers stay as they are."""
        for line in self.rows:
            value = measured.get(line.answer.point, {}).get(line.answer.statistic)
            if value is not None:
                line.take(value, self._units[line.answer.point])

    def judge(self, items: Sequence[Item]) -> None:
        """Show the verdicts."""
        judged = {item.id: item for item in items}
        for line in self.rows:
            line.judge(judged.get(line.answer.id) if line.typed else None)


def _about(answer: Answer, profile: Profile) -> Text:
    point, what = profile.point(answer.point), STATISTICS[answer.statistic]
    name = same(answer.point) if point is None else point.name
    digits = answer.decimals
    gap = " " if name.zh[-1:].isascii() else ""
    zh = f"{name.zh}{gap}的{what.zh}，保留 {digits} 位小数"
    return Text(
        zh, f"{what.en.capitalize()} of {name.en}, {digits} decimal{'' if digits == 1 else 's'}"
    )
