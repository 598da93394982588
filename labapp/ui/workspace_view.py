"""One project: steps at the left, the step in the middle, the bench at the right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QSplitter, QWidget

from labapp.app.desk import Desk
from labapp.app.states import BenchState, Finished, RunPhase, RunState
from labapp.coach.walkthrough import StepStatus
from labapp.model.work import marks
from labapp.ui.bench_pane import BenchPane
from labapp.ui.code_tabs import CodeTabs
from labapp.ui.errands import Errands
from labapp.ui.lesson import live_items, step_rows
from labapp.ui.link_form import FoundPort, found_port
from labapp.ui.look import Look
from labapp.ui.step_list import StepList
from labapp.ui.step_view import StepFacts, StepView
from labapp.ui.widgets.layout import row

CONTENT_PX, WIDE_CONTENT_PX, LEAST_CONTENT_PX, MOST_CONTENT_PX = 512, 640, 400, 760
LEAST_BENCH_PX = 480


class WorkspaceView(QWidget):
    """Puts desk and columns together. Signals go up to the window.

    Signals:
        report_chosen: the ``Finished`` whose report is wanted.
        home_chosen: the last step was finished.
    """

    report_chosen = Signal(object)
    home_chosen = Signal()

    def __init__(self, look: Look, desk: Desk, errands: Errands) -> None:
        super().__init__()
        self._look, self._desk, self._errands = look, desk, errands
        self._scanned = False
        self._attempts: dict[Path, Finished] = {}
        self.steps = StepList(look)
        self.code = CodeTabs(look, desk, self)
        self.step_view = StepView(look, desk.pack, self.code.widgets)
        self.pane = BenchPane(look, desk)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(6)
        self.splitter.addWidget(self.step_view)
        self.splitter.addWidget(self.pane)
        self.splitter.setStretchFactor(0, 0)
        self.splitter.setStretchFactor(1, 1)
        self.pane.setMinimumWidth(LEAST_BENCH_PX)
        self.setLayout(row(self.steps, (self.splitter, 1), gap=0))
        self._bind()
        self.set_content_width(0)
        self.refresh()
        self.show_bench(desk.bench)
        self.show_run(desk.run)
        errands.run(desk.attempts, self._take_attempts)

    def _bind(self) -> None:
        view, connect = self.step_view, self.pane.connect_view
        self.steps.rows.chosen.connect(self._desk.select_step)
        self.steps.report_chosen.connect(self._open_last_report)
        view.back_chosen.connect(self.go_back)
        view.next_chosen.connect(self.go_on)
        view.submitted.connect(self._desk.submit)
        view.started.connect(self._start)
        view.stopped.connect(self._desk.stop)
        view.goto_chosen.connect(self._show_on_plot)
        view.report_chosen.connect(self.report_chosen)
        self.code.run_requested.connect(self._run)
        self.code.tab_wanted.connect(view.tabs.open)
        self.pane.opened.connect(self._scan_once)
        self.pane.fill_chosen.connect(self._fill)
        connect.url_chosen.connect(self._desk.connect)
        connect.twin_chosen.connect(self._desk.connect_twin)
        connect.cancel_chosen.connect(self._desk.disconnect)
        connect.scan_chosen.connect(self.scan)

    @property
    def content_width(self) -> int:
        """How wide the middle column is, in pixels."""
        return self.splitter.sizes()[0]

    def set_content_width(self, pixels: int) -> None:
        """Give the middle column its width; 0 is the width of the design."""
        wide = self._look.theme.is_wide
        usual = WIDE_CONTENT_PX if wide else CONTENT_PX
        pixels = min(MOST_CONTENT_PX, max(LEAST_CONTENT_PX, pixels or usual))
        self.splitter.setSizes([pixels, max(LEAST_BENCH_PX, self.splitter.width() - pixels)])

    @Slot()
    def refresh(self) -> None:
        """Show steps, results and what can be done next, as the desk has them now."""
        desk, pack = self._desk, self._desk.pack
        step, way = desk.step, desk.walkthrough
        ids = [each.id for each in pack.steps]
        at = ids.index(step.id)
        following = ids[at + 1] if at + 1 < len(ids) else None
        passed = way.status(step.id) == StepStatus.PASSED
        records = tuple(f for f in self._attempts.values() if f.grade.step == step.id)
        finished = records[-1] if records else None
        self.steps.show_steps(
            step_rows(pack, way.statuses, step.id), marks(way.points), marks(pack.points)
        )
        self.steps.show_report(bool(self._attempts))
        self.step_view.show_facts(
            StepFacts(
                step=step, number=at + 1, first=at == 0, last=following is None,
                next_open=passed if following is None else way.is_open(following),
                passed=passed, run=desk.run, bench=desk.bench,
                finished=finished, records=records,
            )
        )  # fmt: skip
        self.code.show_verdicts(live_items(step, desk.run, finished))
        pages = self.step_view.pages
        self.pane.show_step(step, pages.board if pages is not None else None)

    def add_finished(self, finished: Finished) -> None:
        """Show one more graded attempt, the newest."""
        self._attempts[finished.evidence] = finished
        self.refresh()

    def _take_attempts(self, attempts: Sequence[Finished]) -> None:
        """Take those from the disk, newest first; what was graded meanwhile is newer."""
        older = {finished.evidence: finished for finished in reversed(attempts)}
        self._attempts = {**older, **self._attempts}
        self.refresh()

    def _last(self, step_id: str) -> Finished | None:
        found = [f for f in self._attempts.values() if f.grade.step == step_id]
        return found[-1] if found else None

    def show_bench(self, state: BenchState) -> None:
        """Show how the link stands."""
        self.pane.show_bench(state)
        self.refresh()
        self._scan_once()

    def show_run(self, run: RunState) -> None:
        """Show how the attempt goes."""
        busy = run.phase in (RunPhase.STARTING, RunPhase.RUNNING)
        self.code.show_program(run.program, running=busy)
        self.refresh()

    @Slot()
    def scan(self) -> None:
        """Look for serial ports; may take seconds, so in a thread."""
        self.pane.connect_view.show_ports(None)
        self._errands.run(self._found_ports, self.pane.connect_view.show_ports)

    @Slot()
    def go_back(self) -> None:
        """Go to the step before."""
        self._go(-1)

    @Slot()
    def go_on(self) -> None:
        """Go to the next step; after the last one, to the report."""
        ids = [step.id for step in self._desk.pack.steps]
        if ids.index(self._desk.step.id) == len(ids) - 1:
            self.home_chosen.emit()
        else:
            self._go(1)

    def next_violation(self) -> None:
        """Show the next place on the plots where a criterion was broken."""
        self.pane.bench.plots.next_violation()

    def toggle_large(self) -> None:
        """Give the bench the whole width, or take it back."""
        large = not self.steps.isHidden()
        self.steps.setVisible(not large)
        self.step_view.setVisible(not large)

    def escape(self) -> None:
        """Leave the maximised bench or the connect screen."""
        if self.steps.isHidden():
            self.toggle_large()
        elif self.pane.connecting:
            self.pane.ask_connect(asked=False)

    def focus_pane(self, by: int) -> None:
        """Move the focus to the next column, or to the one before."""
        panes: list[QWidget] = [self.steps, self.step_view, self.pane]
        shown = [pane for pane in panes if not pane.isHidden()]
        at = next((n for n, p in enumerate(shown) if holds(p, self.focusWidget())), 0)
        first_focus(shown[(at + by) % len(shown)])

    def _go(self, by: int) -> None:
        ids = [step.id for step in self._desk.pack.steps]
        to = ids.index(self._desk.step.id) + by
        if 0 <= to < len(ids) and self._desk.walkthrough.is_open(ids[to]):
            self._desk.select_step(ids[to])

    @Slot(str)
    def _start(self, kind: str) -> None:
        if kind:
            self.step_view.tabs.open(kind)
            self.code.run(kind)
        else:
            self._desk.start()

    @Slot(str, str)
    def _run(self, kind: str, source: str) -> None:
        self._desk.start((kind, source))

    @Slot(dict)
    def _fill(self, measured: dict[str, dict[str, float]]) -> None:
        pages = self.step_view.pages
        if pages is not None and pages.answers is not None:
            pages.answers.take(measured)
            self.step_view.tabs.open("answers")

    @Slot(str)
    def _show_on_plot(self, item: str) -> None:
        finished = self._last(self._desk.step.id)
        running = self._desk.run.items
        found = [each for each in running if each.id == item and each.cites]
        if self._desk.run.phase != RunPhase.IDLE and found:
            origin = self._desk.run.origin_us
            cite = found[0].cites[0]
            plots = self.pane.bench.plots.plots
            plots.show_span((cite.from_us + origin) / 1e6, (cite.to_us + origin) / 1e6)
        elif finished is not None:
            self.report_chosen.emit(finished)

    @Slot()
    def _open_last_report(self) -> None:
        everything = list(self._attempts.values())
        here = self._last(self._desk.step.id)
        if here is not None or everything:
            self.report_chosen.emit(here or everything[-1])

    @Slot()
    def _scan_once(self) -> None:
        if self.pane.connecting and not self._scanned:
            self._scanned = True
            self.scan()

    def _found_ports(self) -> tuple[FoundPort, ...]:
        return tuple(found_port(port) for port in self._desk.ports())


def holds(pane: QWidget, focused: QWidget | None) -> bool:
    """Return whether the focus is somewhere in a pane."""
    return focused is not None and pane.isAncestorOf(focused)


def first_focus(pane: QWidget) -> None:
    """Focus the first widget of a pane that takes the focus by Tab."""
    widget = pane.nextInFocusChain()
    while widget is not None and widget is not pane:
        takes = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if takes and pane.isAncestorOf(widget) and widget.isVisible() and widget.isEnabled():
            widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        widget = widget.nextInFocusChain()
