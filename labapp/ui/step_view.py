"""The middle column: one step with its tabs, its checks, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from labapp.app.states import BenchState, Finished, RunPhase, RunState
from labapp.model.text import Text
from labapp.packs.pack import Pack, Step
from labapp.ui.checks_panel import ChecksPanel
from labapp.ui.lesson import (
    Action,
    Work,
    check_rows,
    is_running,
    live_items,
    next_action,
    stop_action,
    tabs_of,
)
from labapp.ui.look import Look
from labapp.ui.step_bar import StepBar
from labapp.ui.step_pages import StepPages
from labapp.ui.step_parts import HintCard, ResultStrip, StepHead
from labapp.ui.widgets.layout import column
from labapp.ui.widgets.panels import Line, Panel
from labapp.ui.widgets.tabs import Tabs

CODE_TABS = ("rules", "python")
LOW_PX = 740


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFacts:
    """All that the step view shows, at one moment."""

    step: Step
    number: int
    first: bool
    last: bool
    next_open: bool
    passed: bool
    run: RunState
    bench: BenchState
    finished: Finished | None = None
    records: tuple[Finished, ...] = ()


def recording(facts: StepFacts) -> bool:
    """Return whether the step's readings are being recorded now."""
    return facts.run.phase == RunPhase.RUNNING and facts.run.step == facts.step.id


class StepView(Panel):
    """Shows ``StepFacts``; what the student wants goes out as signals.

    Signals:
        submitted: answers to hand in, as ``Answers.from_json`` reads them.
        started: an attempt is wanted; the kind of program, or nothing.
        tab_opened: key of the tab that is open now.
        goto_chosen: id of the item whose curve is wanted.
        report_chosen: the ``Finished`` whose report is wanted.
    """

    submitted = Signal(dict)
    started = Signal(str)
    stopped = Signal()
    back_chosen = Signal()
    next_chosen = Signal()
    goto_chosen = Signal(str)
    report_chosen = Signal(object)
    tab_opened = Signal(str)

    def __init__(self, look: Look, pack: Pack, editors: Mapping[str, QWidget]) -> None:
        super().__init__(look)
        self._pack, self._editors = pack, dict(editors)
        self._names = {point.id: point.name for point in pack.profile.points}
        self._pages: dict[str, StepPages] = {}
        self._places: dict[tuple[str, str], QWidget] = {}
        self._facts: StepFacts | None = None
        self._code: Literal["rules", "python"] = "rules"
        self._hints: dict[str, int] = {}
        self.head = StepHead(look)
        self.tabs = Tabs(look, Text("本步的页面", "Pages of this step"))
        self._hint, self.result = HintCard(look), ResultStrip(look)
        self._stack = QStackedWidget()
        self._empty = QWidget()
        self._stack.addWidget(self._empty)
        for editor in self._editors.values():
            self._stack.addWidget(editor)
        self.checks, self.bar = ChecksPanel(look), StepBar(look)
        top = column(self.tabs, Line(look), gap=0)
        self.setLayout(
            column(
                self.head, top, self._hint, (self._stack, 1), self.result, self.checks, self.bar,
                margins=(20, 12, 20, 12), gap=8,
            )
        )  # fmt: skip
        self._bind()

    def _bind(self) -> None:
        self.tabs.opened.connect(self._open_tab)
        self.bar.action_chosen.connect(self._act)
        self.bar.back_chosen.connect(self.back_chosen)
        self.bar.next_chosen.connect(self.next_chosen)
        self.bar.hint_chosen.connect(self._next_hint)
        self.checks.goto_chosen.connect(self.goto_chosen)
        self.result.report_chosen.connect(self.report_chosen)

    @property
    def pages(self) -> StepPages | None:
        """The pages of the step that is shown."""
        return None if self._facts is None else self._pages[self._facts.step.id]

    @property
    def code(self) -> Literal["rules", "python"]:
        """The kind of program that runs: the one last looked at."""
        return self._code

    def show_facts(self, facts: StepFacts) -> None:
        """Show another state, or another step."""
        old, self._facts = self._facts, facts
        if old is None or old.step.id != facts.step.id:
            self._turn(facts)
        pages = self._pages[facts.step.id]
        pages.records.show_records(facts.records)
        if pages.answers is not None:
            pages.answers.allow(recording(facts) or facts.finished is not None)
        if old is not None and old.step.id == facts.step.id and facts.finished != old.finished:
            pages.judge(facts.finished.grade.items if facts.finished is not None else ())
        self._show_checks(facts)
        self._show_bar()

    def prefer_code(self, kind: Literal["rules", "python"]) -> None:
        """Say which kind of program the student works with."""
        self._code = kind
        self._show_bar()

    def _turn(self, facts: StepFacts) -> None:
        step = facts.step
        if step.id not in self._pages:
            pages = StepPages(self.look, self._pack, step, self)
            pages.changed.connect(self._show_bar)
            pages.link_chosen.connect(self.tabs.open)
            self._pages[step.id] = pages
            for key, page in pages.widgets.items():
                self._places[step.id, key] = page
                self._stack.addWidget(page)
        self._hint.hide()
        self.head.show_step(step, facts.number)
        self.tabs.show_tabs(tabs_of(step))
        self.tabs.open("lesson")
        self._open_tab(self.tabs.key)

    def _show_checks(self, facts: StepFacts) -> None:
        running = is_running(facts.step, facts.run)
        items = live_items(facts.step, facts.run, facts.finished)
        rows = check_rows(facts.step, items, running=running, names=self._names)
        self.checks.show_checks(rows, challenge=facts.step.kind == "challenge")
        self.result.show_result(None if running else facts.finished, passed=facts.passed)

    @Slot()
    def _show_bar(self) -> None:
        facts = self._facts
        if facts is None:
            return
        pages = self._pages[facts.step.id]
        work = Work(
            tab=self.tabs.key, code=self._code, missing=pages.missing,
            recording=recording(facts), passed=facts.passed,
        )  # fmt: skip
        action = next_action(facts.step, facts.run, facts.bench, work)
        stop = stop_action(facts.step, facts.run)
        self.bar.show_action(action, stop, passed=facts.passed)
        self.bar.show_ways(
            first=facts.first, last=facts.last, open_next=facts.next_open, passed=facts.passed
        )
        self.bar.show_hints(self._hints.get(facts.step.id, 0), len(facts.step.hints))

    @Slot(str)
    def _open_tab(self, tab: str) -> None:
        if self._facts is None:
            return
        if tab in CODE_TABS:
            self._code = "rules" if tab == "rules" else "python"
        page = self._editors.get(tab) or self._places.get((self._facts.step.id, tab), self._empty)
        self._stack.setCurrentWidget(page)
        self.checks.set_folded(tab in CODE_TABS)
        self._show_bar()
        self.tab_opened.emit(tab)

    @Slot(object)
    def _act(self, action: Action) -> None:
        if self._facts is None:
            return
        match action.name:
            case "open":
                self.tabs.open(action.tab)
            case "submit":
                self.submitted.emit(self._pages[self._facts.step.id].given)
            case "start":
                self.started.emit(self._code if "rules" in self.tabs.keys else "")
            case "stop":
                self.stopped.emit()

    @Slot()
    def _next_hint(self) -> None:
        if self._facts is None:
            return
        step = self._facts.step
        number = self._hints.get(step.id, 0) % len(step.hints) + 1
        self._hints[step.id] = max(number, self._hints.get(step.id, 0))
        self._hint.show_hint(step.hints[number - 1], number, len(step.hints))
        self._show_bar()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window passed checks share one line."""
        super().resizeEvent(event)
        self.checks.set_low(self.window().height() < LOW_PX)
