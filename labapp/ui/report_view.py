"""The report of one attempt: verdict first, then every point with its evidence, then what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from labapp.app.states import Finished
from labapp.model.text import Text
from labapp.model.work import marks
from labapp.packs.pack import Pack, Step
from labapp.ui.look import Look
from labapp.ui.plots.evidence_plot import Evidence
from labapp.ui.report_facts import is_passed, item_rows, main_item, objective_shares
from labapp.ui.report_parts import EvidenceCard, ObjectivesCard, VerdictCard
from labapp.ui.report_rows import ItemRows, RowsHead
from labapp.ui.style_sizes import CARD_RADIUS
from labapp.ui.theme import CAPTION, H3
from labapp.ui.widgets.buttons import Button
from labapp.ui.widgets.labels import NOTHING, Label
from labapp.ui.widgets.layout import STRETCH, column, row
from labapp.ui.widgets.panels import Panel

OBJECTIVES_PX, WIDE_OBJECTIVES_PX = 300, 400


class ReportTools(QWidget):
    """The buttons of a report; they stand in the top bar."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.folder = Button(
            look, Text("打开文件夹", "Open folder"), glyph="folder-open-outline", dense=True
        )
        self.page = Button(
            look, Text("网页报告", "Web report"), glyph="file-document-outline", dense=True
        )
        self.again = Button(look, Text("再做一次", "Try again"), glyph="restart", dense=True)
        self.next = Button(look, Text("下一步", "Next step"), "primary", "arrow-right", dense=True)
        self.setLayout(row(self.folder, self.page, self.again, self.next))


class ReportView(QWidget):
    """Shows one ``Finished``. ``again_chosen`` and ``next_chosen`` lead back to the work."""

    again_chosen = Signal()
    next_chosen = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._finished: Finished | None = None
        self._step: Step | None = None
        self.tools = ReportTools(look)
        self.tools.setParent(self)
        self.tools.hide()
        self._verdict = VerdictCard(look)
        self._objectives = ObjectivesCard(look)
        self.rows = ItemRows(look)
        self.evidence = EvidenceCard(look)
        self._sum = Label(look, NOTHING, bold=True)
        right = column(self._details(), (self.evidence, 1), gap=10)
        body = row(self._objectives, (right, 1), gap=10)
        self.setLayout(column(self._verdict, (body, 1), margins=(10, 10, 10, 10), gap=10))
        self._bind()

    def _details(self) -> Panel:
        look = self._look
        about = Text("选一项，看它为什么得这些分", "Choose an item to see why")
        head = row(
            Label(look, Text("评分明细", "Details"), H3, bold=True),
            Label(look, about, CAPTION, tone="text2"), STRETCH, self._sum, margins=(14, 8, 14, 2),
        )  # fmt: skip
        inner = column(head, RowsHead(look), self.rows, gap=0, margins=(1, 1, 1, 6))
        return Panel(look, inner, radius=CARD_RADIUS, border="border")

    def _bind(self) -> None:
        self.rows.chosen.connect(self._show_item)
        self.evidence.other_chosen.connect(self._other)
        self.tools.again.clicked.connect(self.again_chosen)
        self.tools.next.clicked.connect(self.next_chosen)
        self.tools.page.clicked.connect(self._open_page)
        self.tools.folder.clicked.connect(self._open_folder)
        for keys, slot in (("Alt+Up", self._before), ("Alt+Down", self._after)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)
        self._look.theme.changed.connect(self._resize)
        self._resize()

    @property
    def finished(self) -> Finished | None:
        """The attempt that is shown."""
        return self._finished

    def show_report(self, finished: Finished, pack: Pack, who: Text) -> None:
        """Show an attempt; its recording follows with ``show_evidence``."""
        self._finished, grade = finished, finished.grade
        self._step = pack.step(grade.step) or pack.steps[0]
        passed = is_passed(grade, pack)
        self._verdict.show_grade(finished, pack, who)
        shares = objective_shares(pack, self._step, grade)
        self._objectives.setVisible(bool(shares))
        self._objectives.show_shares(shares, float(pack.pass_mark))
        self._sum.set_text(Text(*[f"{marks(grade.points)} / {marks(grade.max)}"] * 2))
        self.tools.next.setVisible(passed)
        again = Text("再做一次", "Try again")
        self.tools.again.become(again, "default" if passed else "primary", "restart")
        self.evidence.show_evidence(None, loading=True)
        self.rows.show_rows(item_rows(grade))
        first = main_item(grade) or (grade.items[0] if grade.items else None)
        if first is not None:
            self.rows.choose(first.id)
        self.rows.setFocus()

    def show_evidence(self, evidence: Evidence | None) -> None:
        """Draw from the recording of the attempt, ``None`` where it has none."""
        self.evidence.show_evidence(evidence, loading=False)

    @Slot(str)
    def _show_item(self, item_id: str) -> None:
        if self._finished is None or self._step is None:
            return
        item = next((i for i in self._finished.grade.items if i.id == item_id), None)
        if item is not None:
            self.evidence.show_item(item, self._step)

    @Slot(int)
    def _other(self, by: int) -> None:
        count = self.rows.count()
        if count:
            self.rows.setCurrentRow((self.rows.currentRow() + by) % count)

    @Slot()
    def _before(self) -> None:
        self._other(-1)

    @Slot()
    def _after(self) -> None:
        self._other(1)

    @Slot()
    def _open_page(self) -> None:
        if self._finished is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._finished.report)))

    @Slot()
    def _open_folder(self) -> None:
        if self._finished is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._finished.evidence.parent)))

    @Slot()
    def _resize(self) -> None:
        theme = self._look.theme
        width = WIDE_OBJECTIVES_PX if theme.is_wide else OBJECTIVES_PX
        self._objectives.setFixedWidth(round(width * theme.scale**0.5))
