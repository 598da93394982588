"""Past attempts at a step, the newest first, each with its report."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from labapp.app.states import Finished
from labapp.model.bench import BenchKind
from labapp.model.text import Text, same
from labapp.model.work import Grade, marks
from labapp.ui.look import Look
from labapp.ui.theme import CAPTION
from labapp.ui.widgets.buttons import Button
from labapp.ui.widgets.empty import EmptyState
from labapp.ui.widgets.labels import RIGHT, IconLabel, Label
from labapp.ui.widgets.layout import STRETCH, clear, column, row
from labapp.ui.widgets.panels import Line, ScrollColumn
from labapp.ui.widgets.status import status_of

BENCH_WORDS: dict[str, Text] = {
    BenchKind.HARDWARE.value: Text("真实套件", "real kit"),
    BenchKind.TWIN.value: Text("仿真套件", "simulated kit"),
    BenchKind.REPLAY.value: Text("回放", "played back"),
}
NO_KIT = Text("没有用套件", "no kit used")
NO_RECORDS = Text("还没有记录", "No attempts yet")
HOW = Text(
    "做完一次，这里会留下得分、录制和报告。",
    "Each attempt leaves its score, recording and report here.",
)
_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})-(\d{2})(\d{2})(\d{2})")


class RecordRow(QWidget):
    """One attempt: how it ended, when, on which bench, what it earned."""

    open_chosen = Signal(object)

    def __init__(self, look: Look, finished: Finished, number: int) -> None:
        super().__init__()
        self._finished = finished
        grade = finished.grade
        status = status_of(grade.outcome)
        open_report = Button(look, Text("看报告", "Report"), dense=True)
        open_report.clicked.connect(self._ask)
        score = same(f"{marks(grade.points)} / {marks(grade.max)}")
        title = Text(
            f"第 {number} 次，{status.word.zh}", f"Attempt {number}: {status.word.en.lower()}"
        )
        words = column(
            Label(look, title, bold=True, wrap=True),
            Label(look, about_words(finished), CAPTION, tone="text2", wrap=True), gap=1,
        )  # fmt: skip
        line = row(
            IconLabel(look, status.glyph, status.tone, 20, status.word), (words, 1),
            Label(look, score, bold=True, align=RIGHT), open_report, margins=(4, 8, 4, 8), gap=12,
        )  # fmt: skip
        self.setLayout(column(line, Line(look), gap=0))

    @Slot()
    def _ask(self) -> None:
        self.open_chosen.emit(self._finished)


class RecordsView(QWidget):
    """A list of attempts; ``open_chosen`` carries the ``Finished`` whose report is wanted."""

    open_chosen = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._shown: tuple[Finished, ...] = ()
        self._rows = column(gap=0)
        inner = QWidget()
        inner.setLayout(column(self._rows, STRETCH, gap=0, margins=(0, 0, 6, 0)))
        self._pages = QStackedWidget()
        self._pages.addWidget(EmptyState(look, "history", NO_RECORDS, HOW))
        self._pages.addWidget(ScrollColumn(look, inner))
        self.setLayout(column((self._pages, 1), margins=(0, 0, 0, 0)))

    def show_records(self, records: Sequence[Finished]) -> None:
        """Show these attempts; the last one given is the newest and stands first."""
        if tuple(records) == self._shown:
            return
        self._shown = tuple(records)
        clear(self._rows)
        for number in range(len(records), 0, -1):
            line = RecordRow(self._look, records[number - 1], number)
            line.open_chosen.connect(self.open_chosen)
            self._rows.addWidget(line)
        self._pages.setCurrentIndex(int(bool(records)))


def when_words(finished: Finished) -> str:
    """Return when the attempt was made, as far as its folder's name says so."""
    found = _STAMP.search(finished.evidence.parent.name)
    if found is None:
        return ""
    year, month, day, hour, minute, second = found.groups()
    return f"{year}-{month}-{day} {hour}:{minute}:{second}"


def bench_of(grade: Grade) -> Text:
    """Return on which kind of bench the attempt was made."""
    if grade.bench.get("clock") == "none":
        return NO_KIT
    return BENCH_WORDS.get(str(grade.bench.get("kind", "")), NO_KIT)


def about_words(finished: Finished) -> Text:
    """Return when and on which bench, in one line."""
    when, bench = when_words(finished), bench_of(finished.grade)
    if not when:
        return bench
    return Text(f"{when}，{bench.zh}", f"{when}, {bench.en}")
