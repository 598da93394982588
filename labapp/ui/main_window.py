"""The window: assembles bars, notices and views, and leads from one to the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from labapp.app.lab_app import LabApp
from labapp.app.states import BenchState, Finished, RunPhase, RunState
from labapp.model.text import Text
from labapp.model.trouble import Problem
from labapp.ui.ask_dialog import AskDialog
from labapp.ui.bridge import Bridge
from labapp.ui.errands import Errands
from labapp.ui.first_frame import FirstFrame
from labapp.ui.home_view import HomeView
from labapp.ui.keys import KeysDialog, bind_keys
from labapp.ui.look import Look
from labapp.ui.notices import Notices
from labapp.ui.status_bar import StatusBar
from labapp.ui.theme import WIDE_WINDOW
from labapp.ui.top_bar import APP_NAME, NOBODY, TopBar, bench_words
from labapp.ui.widgets.layout import column
from labapp.ui.window_keys import window_keys
from labapp.ui.window_place import content_width, keep_place, restore_place

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from labapp.app.desk import Desk
    from labapp.profiles.profile import Profile
    from labapp.ui.plots.evidence_plot import Evidence
    from labapp.ui.report_view import ReportView
    from labapp.ui.settings_dialog import SettingsDialog
    from labapp.ui.workspace_view import WorkspaceView

LEAST_WIDTH, LEAST_HEIGHT = 1180, 640
BACK_TO_WORK = Text("回到步骤 (Esc)", "Back to the step (Esc)")
"""What the arrow in a report's top bar does."""
REPORT = Text("报告", "Report")
LEAVING = Text("挑战还在进行", "An attempt is still running")
LEAVING_BODY = Text(
    "现在关闭会结束这一次，已录的部分会保存并评分。",
    "Closing ends it now; what was recorded is kept and graded.",
)
LEAVE = Text("结束并关闭", "End and close")


class MainWindow(QMainWindow):
    """Home, workspace and report of one running app.

    Home is there at once: the projects are read after its first frame, and what needs the plots
    is imported once it is opened.
    """

    def __init__(self, app: LabApp, look: Look) -> None:
        super().__init__()
        self.app, self.look = app, look
        self.bridge = Bridge(self)
        self.errands = Errands(self.bridge.later, self._told)
        self.top, self.notices, self.status = TopBar(look), Notices(look), StatusBar(look)
        self.load_evidence: Callable[[Path, Profile], Evidence | None] = read_evidence
        self.home = HomeView(look)
        self.workspace: WorkspaceView | None = None
        self._report: ReportView | None = None
        self.views = QStackedWidget()
        self.views.addWidget(self.home)
        body = QWidget()
        body.setLayout(column(self.top, self.notices, (self.views, 1), self.status, gap=0))
        self.setCentralWidget(body)
        self.setMinimumSize(LEAST_WIDTH, LEAST_HEIGHT)
        self.setObjectName("labapp")
        self._leave = app.subscribe(self.bridge.take)
        self._bind()
        self.keys = window_keys(self)
        self._shortcuts = bind_keys(self, self.keys)
        self._show_settings()
        restore_place(self, app.settings.window)
        self._go_home()
        FirstFrame(self.top, self._show_projects)

    def _bind(self) -> None:
        bridge, top = self.bridge, self.top
        bridge.bench_changed.connect(self._bench_changed)
        bridge.run_changed.connect(self._run_changed)
        bridge.steps_changed.connect(self._steps_changed)
        bridge.projects_changed.connect(self._show_projects)
        bridge.graded.connect(self._graded)
        bridge.told.connect(self._told)
        top.back_chosen.connect(self.go_up)
        top.keys_chosen.connect(self.show_keys)
        top.settings_chosen.connect(self.show_settings)
        self.home.project_chosen.connect(self.open_project)
        self.home.name_chosen.connect(self.ask_name)
        self.notices.reconnect_chosen.connect(self._reconnect)
        self.notices.simulate_chosen.connect(self._simulate)
        self.notices.checks_chosen.connect(self._show_checks)
        self.look.say.changed.connect(self._show_title)

    # ------------------------------------------------------------------ from view to view

    @Slot()
    def show_home(self) -> None:
        """Show the projects."""
        self._go_home()
        self._show_projects()

    def _go_home(self) -> None:
        self.top.show_home()
        self.status.hide()
        self.notices.clear()
        self.views.setCurrentWidget(self.home)
        self.home.focus_first()
        self._show_title()

    @Slot(str)
    def open_project(self, project: str) -> None:
        """Open a project, or go on with it where it is open already."""
        open_now = self.app.desk
        if open_now is not None and open_now.pack.id == project:
            self.show_work()
            return
        if self.home.opening:
            return
        self._close_workspace()
        self.home.show_opening(project)
        self.errands.run(
            lambda: self.app.open_project(project),
            self._opened,
            at_end=lambda: self.home.show_opening(""),
        )

    def _opened(self, desk: Desk) -> None:
        from labapp.ui.workspace_view import WorkspaceView

        space = WorkspaceView(self.look, desk, self.errands)
        space.set_content_width(content_width(self.app.settings.window))
        space.report_chosen.connect(self.show_report)
        space.home_chosen.connect(self.show_home)
        self.views.addWidget(space)
        self.workspace = space
        self.show_work()
        space.steps.rows.setFocus()

    @Slot()
    def show_work(self) -> None:
        """Show the open project."""
        desk = self.app.desk
        if self.workspace is None or desk is None:
            return
        self.top.show_place(desk.pack.title, desk.pack.summary)
        self.status.show()
        self.views.setCurrentWidget(self.workspace)
        self._bench_changed(desk.bench)
        self._run_changed(desk.run)
        self._show_title()

    @property
    def report(self) -> ReportView:
        """The report; made when the first one is opened."""
        if self._report is None:
            from labapp.ui.report_view import ReportView

            self._report = ReportView(self.look)
            self._report.again_chosen.connect(self.show_work)
            self._report.next_chosen.connect(self._go_on)
            self.views.addWidget(self._report)
        return self._report

    @Slot(object)
    def show_report(self, finished: Finished) -> None:
        """Show the report of an attempt."""
        desk = self.app.desk
        if desk is None:
            return
        pack = desk.pack
        step = pack.step(finished.grade.step)
        title = pack.title if step is None else step.title
        self.report.show_report(finished, pack, self._who())
        self.top.show_place(
            title, Text(f"{REPORT.zh}·{pack.title.zh}", f"{REPORT.en} · {pack.title.en}"),
            back=BACK_TO_WORK, glyph="arrow-left", tools=self.report.tools,
        )  # fmt: skip
        self.status.hide()
        self.views.setCurrentWidget(self.report)
        self.report.rows.setFocus()
        self.errands.run(
            lambda: self.load_evidence(finished.evidence, pack.profile), self.report.show_evidence
        )

    @Slot()
    def go_up(self) -> None:
        """Go from a report to the work, and from there to the projects."""
        if self._report is not None and self.views.currentWidget() is self._report:
            self.show_work()
        else:
            self.show_home()

    @Slot()
    def escape(self) -> None:
        """Leave the maximised bench, the connect screen, a report: the innermost first."""
        if self._report is not None and self.views.currentWidget() is self._report:
            self.show_work()
        elif self.workspace is not None and self.views.currentWidget() is self.workspace:
            self.workspace.escape()

    # ------------------------------------------------------------------ dialogs

    @Slot()
    def show_settings(self) -> SettingsDialog:
        """Open the settings."""
        from labapp.ui.settings_dialog import SettingsDialog

        dialog = SettingsDialog(self.look, self.app.settings, self)
        dialog.changed.connect(self.change)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    @Slot()
    def ask_name(self) -> None:
        """Open the settings at the name."""
        self.show_settings().focus_name()

    @Slot()
    def show_keys(self) -> None:
        """Tell the keys."""
        dialog = KeysDialog(self.look, self.keys, self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(dict)
    def change(self, choices: dict[str, Any]) -> None:
        """Keep changed settings and show everything accordingly."""
        settings = self.app.settings
        if any(getattr(settings, name) != value for name, value in choices.items()):
            self.app.change(**choices)
            self._show_settings()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask before an attempt is lost; keep the window's place."""
        desk = self.app.desk
        running = desk is not None and desk.run.phase in (RunPhase.STARTING, RunPhase.RUNNING)
        if running and not self.property("leaving"):
            event.ignore()
            ask = AskDialog(self.look, LEAVING, LEAVING_BODY, LEAVE, self)
            ask.accepted.connect(self._close_anyway)
            ask.finished.connect(ask.deleteLater)
            ask.open()
            return
        self._leave()
        self.errands.close()
        keep_place(self, self.app)
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A wide window has larger type."""
        super().resizeEvent(event)
        self.look.theme.set_wide(self.width() >= WIDE_WINDOW)

    # ------------------------------------------------------------------ news

    @Slot(object)
    def _bench_changed(self, state: BenchState) -> None:
        desk = self.app.desk
        if desk is None or self.workspace is None:
            return
        self.top.show_bench(bench_words(state, desk.profile.name))
        self.status.show_bench(state)
        self.notices.show_bench(state)
        self.workspace.show_bench(state)

    @Slot(object)
    def _run_changed(self, run: RunState) -> None:
        if self.workspace is None:
            return
        self.status.show_run(run)
        self.workspace.show_run(run)
        if run.phase != RunPhase.RUNNING:
            self.top.countdown.rest()
        elif run.total_us:
            self.top.countdown.show_left(run.elapsed_us, run.total_us)
        else:
            self.top.countdown.show_taken(run.elapsed_us)

    @Slot()
    def _steps_changed(self) -> None:
        if self.workspace is not None:
            self.workspace.refresh()

    @Slot(object)
    def _graded(self, finished: Finished) -> None:
        desk = self.app.desk
        if desk is None or self.workspace is None:
            return
        self.workspace.add_finished(finished)
        step = desk.pack.step(finished.grade.step)
        if step is not None and step.kind == "challenge":
            self.show_report(finished)

    @Slot(object)
    def _told(self, problem: Problem) -> None:
        self.notices.tell(problem)

    @Slot()
    def _go_on(self) -> None:
        self.show_work()
        if self.workspace is not None:
            self.workspace.go_on()

    @Slot()
    def _reconnect(self) -> None:
        if self.app.desk is not None:
            self.app.desk.reconnect_now()

    @Slot()
    def _simulate(self) -> None:
        if self.app.desk is not None:
            self.app.desk.connect_twin()

    @Slot()
    def _show_checks(self) -> None:
        if self.workspace is not None:
            self.workspace.pane.ask_connect(asked=True)
            self.workspace.pane.connect_view.show_checks()

    @Slot()
    def _show_projects(self) -> None:
        if self.views.currentWidget() is self.home or self.workspace is None:
            last = self.app.settings.last_project
            self.errands.run(self.app.projects, lambda cards: self.home.show_projects(cards, last))

    @Slot()
    def _show_title(self) -> None:
        desk = self.app.desk
        at_home = desk is None or self.views.currentWidget() is self.home
        name = self.look.say(APP_NAME)
        self.setWindowTitle(
            name if at_home or desk is None else f"{self.look.say(desk.pack.title)} - {name}"
        )

    def _show_settings(self) -> None:
        settings, look = self.app.settings, self.look
        look.theme.calm = settings.reduce_motion
        look.theme.set_text_percent(settings.text_percent)
        look.theme.choose(settings.theme)
        look.say.switch(settings.lang)
        self.top.show_student(settings.student, settings.seat)
        self.home.show_student(settings.student)

    def _who(self) -> Text:
        settings = self.app.settings
        name = Text(settings.student, settings.student) if settings.student else NOBODY
        if not settings.seat:
            return name
        return Text(f"{name.zh}  {settings.seat} 号机", f"{name.en}  seat {settings.seat}")

    def _close_workspace(self) -> None:
        old, self.workspace = self.workspace, None
        if old is not None:
            self.views.removeWidget(old)
            old.hide()
            old.deleteLater()

    @Slot()
    def _close_anyway(self) -> None:
        self.setProperty("leaving", True)
        QTimer.singleShot(0, self.close)


def read_evidence(path: Path, profile: Profile) -> Evidence | None:
    """Return what to draw of sealed evidence. Any thread.

    Raises:
        Damaged: the file is not what was sealed.
    """
    from labapp.ui.evidence_source import load_evidence

    return load_evidence(path, profile)
