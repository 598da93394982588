"""The cards of a report: the verdict, the objectives, and the evidence of one item."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from labapp.app.states import Finished
from labapp.model.text import Text
from labapp.model.work import Item, marks
from labapp.packs.pack import Pack, Step
from labapp.ui.look import Look
from labapp.ui.plots.evidence_plot import About, Evidence, EvidencePlot
from labapp.ui.records_view import bench_of, when_words
from labapp.ui.report_facts import (
    Share,
    counting_words,
    hint_of,
    is_passed,
    main_sentence,
    undecided,
    verdict_status,
    verdict_words,
    waiting_points,
)
from labapp.ui.report_radar import Radar
from labapp.ui.style_sizes import CARD_RADIUS
from labapp.ui.theme import BODY, CAPTION, H3, READING
from labapp.ui.widgets.buttons import ToolButton
from labapp.ui.widgets.chip import Chip
from labapp.ui.widgets.empty import EmptyState
from labapp.ui.widgets.labels import NOTHING, RIGHT, BigNumber, Label
from labapp.ui.widgets.layout import STRETCH, column, row
from labapp.ui.widgets.panels import Line, Panel
from labapp.ui.widgets.status import PASSED, status_of

SCORE_PX, BAR_PX, ROW_PX = 34, 10, 34
LOADING = Text("正在读取录制", "Reading the recording")
LOADING_BODY = Text("马上就好。", "Nearly there.")


class VerdictCard(Panel):
    """Score, verdict, the one sentence that matters, and where it comes from."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, radius=CARD_RADIUS, border="border")
        self._score = BigNumber(look, SCORE_PX, READING)
        self._open = Label(look, NOTHING, CAPTION, tone="warn")
        self._verdict = Chip(look, NOTHING, PASSED.glyph, PASSED.tone, strong=True, height=26)
        self._unsure = Chip(look, NOTHING, "help-rhombus", "warn", height=26)
        self._say = Label(look, NOTHING, READING, bold=True, wrap=True)
        self._meta = [Label(look, NOTHING, CAPTION, tone="text2", align=RIGHT) for _ in range(3)]
        score = column(
            Label(look, Text("本次得分", "Score"), CAPTION, tone="text2"), self._score, self._open,
            STRETCH, gap=0,
        )  # fmt: skip
        words = column(row(self._verdict, self._unsure, STRETCH), self._say, STRETCH, gap=8)
        meta = column(*self._meta, STRETCH, gap=3)
        self.setLayout(row(score, (words, 1), meta, margins=(18, 12, 18, 12), gap=24))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_grade(self, finished: Finished, pack: Pack, who: Text) -> None:
        """Show another attempt."""
        grade = finished.grade
        passed = is_passed(grade, pack)
        full = marks(grade.max)
        self._score.show_value(marks(grade.points), Text(f"/ {full} 分", f"/ {full} points"))
        waiting = waiting_points(grade)
        self._open.setVisible(waiting is not None)
        self._open.set_text(waiting or NOTHING)
        status = verdict_status(grade, passed=passed)
        self._verdict.become(verdict_words(grade, pack), status.glyph, status.tone, strong=True)
        count = undecided(grade)
        plural = "" if count == 1 else "s"
        self._unsure.setVisible(count > 0)
        self._unsure.become(
            Text(f"{count} 项没有判分", f"{count} item{plural} not judged"), "help-rhombus", "warn"
        )
        self._say.set_text(main_sentence(grade))
        bench, digest = bench_of(grade), grade.recording.removeprefix("sha256:")
        short = f"{digest[:6]}…{digest[-4:]}"
        when = when_words(finished)
        self._meta[0].set_text(who)
        self._meta[1].set_text(Text(f"{bench.zh}  {when}", f"{bench.en}  {when}"))
        self._meta[2].set_text(
            Text(
                f"项目包 {grade.version}  录制 {short}", f"pack {grade.version}  recording {short}"
            )
        )


class ObjectivesCard(Panel):
    """The objectives of the step as a radar and as bars, with the pass mark across."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, radius=CARD_RADIUS, border="border")
        self._bars, self._radar = _Bars(look), Radar(look)
        head = row(
            Label(look, Text("目标达成", "Objectives"), H3, bold=True), STRETCH,
            Label(look, Text("本次", "This attempt"), CAPTION, tone="text2"),
        )  # fmt: skip
        self.setLayout(
            column(
                head, Line(look), self._radar, self._bars, STRETCH,
                margins=(16, 10, 16, 12), gap=8,
            )
        )  # fmt: skip

    def show_shares(self, shares: Sequence[Share], pass_share: float) -> None:
        """Show these objectives."""
        self._radar.show_shares(shares, pass_share)
        self._bars.show_shares(tuple(shares), pass_share)


class _Bars(QWidget):
    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._shares: tuple[Share, ...] = ()
        self._pass = 0.6
        look.theme.changed.connect(self.reword)
        look.say.changed.connect(self.reword)

    def show_shares(self, shares: tuple[Share, ...], pass_share: float) -> None:
        self._shares, self._pass = shares, pass_share
        self.reword()

    @Slot()
    def reword(self) -> None:
        say = self._look.say
        self.setAccessibleName(
            ", ".join(f"{say(s.title)} {round(s.share * 100)} %" for s in self._shares)
        )
        row_px = self._look.theme.px(ROW_PX + 14)
        self.setFixedHeight(row_px * len(self._shares) + self._look.theme.px(22))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, say = self._look.theme, self._look.say
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row_px, number = theme.px(ROW_PX + 14), theme.px(48)
        for index, each in enumerate(self._shares):
            top = index * row_px
            painter.setFont(theme.font(BODY))
            painter.setPen(theme.color("text"))
            words = QRectF(0, top, self.width() - number, row_px - theme.px(18))
            painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), say(each.title))
            painter.setFont(theme.font(BODY, True))
            amount = QRectF(self.width() - number, top, number, row_px - theme.px(18))
            painter.drawText(amount, int(RIGHT), f"{round(each.share * 100)} %")
            bar = QRectF(0, top + row_px - theme.px(18), self.width(), BAR_PX)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("sunken"))
            painter.drawRoundedRect(bar, 5, 5)
            reached = QRectF(bar)
            reached.setWidth(max(BAR_PX, bar.width() * float(each.share)))
            painter.setBrush(theme.color("accent" if each.share >= self._pass else "warn"))
            painter.drawRoundedRect(reached, 5, 5)
        self._paint_pass_mark(painter, row_px)
        painter.end()

    def _paint_pass_mark(self, painter: QPainter, row_px: int) -> None:
        theme = self._look.theme
        x, bottom = self.width() * self._pass, row_px * len(self._shares)
        painter.setPen(QPen(theme.color("warn"), 1.5, Qt.PenStyle.DashLine))
        for index in range(len(self._shares)):
            top = (index + 1) * row_px - theme.px(18)
            painter.drawLine(int(x), int(top) - 4, int(x), int(top) + BAR_PX + 4)
        painter.setFont(theme.font(CAPTION))
        words = Text(
            f"虚线：及格线 {round(self._pass * 100)} %",
            f"dashed: pass mark {round(self._pass * 100)} %",
        )
        box = QRectF(0, bottom, self.width(), theme.px(22))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), self._look.say(words))


class EvidenceCard(Panel):
    """One item: the stretch of the recording that proves it, and why it was judged so."""

    other_chosen = Signal(int)

    def __init__(self, look: Look) -> None:
        super().__init__(look, radius=CARD_RADIUS, border="border")
        self._evidence: Evidence | None = None
        self._item: Item | None = None
        self._about = About()
        self._loading = False
        self._title = Label(look, NOTHING, H3, bold=True, wrap=True)
        self._points = Chip(look, NOTHING, None, "idle")
        back = ToolButton(look, "chevron-left", Text("上一项 (Alt+上)", "Item before (Alt+Up)"))
        forth = ToolButton(look, "chevron-right", Text("下一项 (Alt+下)", "Next item (Alt+Down)"))
        back.clicked.connect(self._back)
        forth.clicked.connect(self._forth)
        self._plot = EvidencePlot(look)
        self._pages = QStackedWidget()
        self._wait = EmptyState(look, "progress-clock", LOADING, LOADING_BODY)
        self._pages.addWidget(self._wait)
        self._pages.addWidget(self._plot)
        self._why = [Label(look, NOTHING, wrap=True) for _ in range(3)]
        self._heads = [
            Label(look, text, bold=True, tone="text2")
            for text in (Text("怎么算", "Points"), Text("为什么", "Why"), Text("怎么改", "Next"))
        ]
        head = row((self._title, 1), self._points, back, forth, margins=(14, 8, 8, 2))
        lines = [row(h, (w, 1), gap=12) for h, w in zip(self._heads, self._why, strict=True)]
        for label in self._heads:
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
        why = column(*lines, margins=(14, 6, 14, 12), gap=4)
        self._rest = QWidget()
        self.setLayout(
            column(head, (self._pages, 1), why, (self._rest, 1), margins=(1, 1, 1, 1), gap=2)
        )
        look.theme.changed.connect(self._resize)
        look.say.changed.connect(self._resize)
        self._resize()

    def show_item(self, item: Item, step: Step) -> None:
        """Show another item."""
        self._item, self._about = item, about_of(step, item)
        status = status_of(item.outcome)
        got = f"{'—' if item.score is None else marks(item.points)} / {marks(item.max)}"
        self._points.become(Text(f"{got} 分", f"{got} points"), status.glyph, status.tone)
        hint = hint_of(step, item)
        texts = (counting_words(item), item.say, hint or NOTHING)
        for head, label, text in zip(self._heads, self._why, texts, strict=True):
            label.set_text(text)
            head.setVisible(text != NOTHING)
            label.setVisible(text != NOTHING)
        self._draw()

    def show_evidence(self, evidence: Evidence | None, *, loading: bool) -> None:
        """Draw from this recording; without one only the reasons are shown."""
        self._evidence, self._loading = evidence, loading
        self._draw()

    def _draw(self) -> None:
        item, evidence = self._item, self._evidence
        drawn = item is not None and evidence is not None and bool(evidence.trace.channels)
        if drawn and item is not None and evidence is not None:
            self._plot.show_item(item, evidence, self._about)
        self._pages.setCurrentIndex(int(drawn))
        self._pages.setVisible(drawn or self._loading)
        self._rest.setVisible(not drawn and not self._loading)
        if item is not None:
            zh, en = ("证据", "Evidence") if drawn else ("说明", "Reasons")
            self._title.set_text(Text(f"{zh}：{item.title.zh}", f"{en}: {item.title.en}"))

    @Slot()
    def _resize(self) -> None:
        width = max(label.sizeHint().width() for label in self._heads)
        for label in self._heads:
            label.setFixedWidth(width)

    @Slot()
    def _back(self) -> None:
        self.other_chosen.emit(-1)

    @Slot()
    def _forth(self) -> None:
        self.other_chosen.emit(1)


def about_of(step: Step, item: Item) -> About:
    """Return what the criterion of an item is about."""
    points = next((c.bound.points for c in step.criteria if c.id == item.id), frozenset[str]())
    return About(points=points, limits=step.thresholds)
