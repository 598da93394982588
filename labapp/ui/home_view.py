"""The first screen: where you left off, the projects, and what keeps one from opening."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from labapp.app.states import ProjectCard
from labapp.model.text import Text
from labapp.ui.look import Look
from labapp.ui.project_tile import ProjectTile
from labapp.ui.style_sizes import CARD_RADIUS
from labapp.ui.theme import CAPTION, H2, H3
from labapp.ui.widgets.buttons import Button
from labapp.ui.widgets.empty import EmptyState
from labapp.ui.widgets.labels import NOTHING, IconLabel, Label
from labapp.ui.widgets.layout import STRETCH, column, row
from labapp.ui.widgets.panels import Line, Panel, ScrollColumn, card
from labapp.ui.widgets.progress import Spinner

TILE_PX, SIDE_PX, WIDEST_PX = 300, 290, 1480
START = Text("从这里开始", "Start here")
NO_PROJECTS = Text("还没有实训项目", "No projects yet")
READING_PROJECTS = Text("正在读取项目", "Reading the projects")
HOW = Text(
    "把项目包放进 projects 文件夹，或运行 labapp pack install FILE，再打开这里。",
    "Put a project pack into the projects folder, or run labapp pack install FILE, then come back.",
)
STEPS = (
    Text(
        "选一个项目，按左边的步骤一步一步做。", "Choose a project and follow its steps on the left."
    ),
    Text(
        "手边没有套件也能做：仿真套件随时可用。",
        "No kit at hand is fine: the simulated kit always works.",
    ),
    Text(
        "每步下面有检查项，通过后开下一步。",
        "Each step has its checks; passing them opens the next.",
    ),
)


class HomeView(QWidget):
    """Cards of all projects. ``project_chosen`` carries an id."""

    project_chosen = Signal(str)
    name_chosen = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._cards: tuple[ProjectCard, ...] | None = None
        self.opening = ""
        """The project that is being opened, empty while none is."""
        self._columns = 0
        self.tiles: list[ProjectTile] = []
        self.resume = _Resume(look)
        self.resume.hide()
        self.resume.chosen.connect(self.project_chosen)
        self._count = Label(look, NOTHING, CAPTION, tone="text2")
        self._grid = QGridLayout()
        self._grid.setSpacing(12)
        self._empty = EmptyState(look, "package-variant", NO_PROJECTS, HOW)
        self._empty.hide()
        self._reading = QWidget()
        self._reading.setLayout(
            row(Spinner(look, 18), Label(look, READING_PROJECTS, tone="text2"), STRETCH)
        )
        self._side = _Side(look)
        self._side.name_chosen.connect(self.name_chosen)
        head = row(Label(look, Text("实训项目", "Projects"), H2, bold=True), self._count, STRETCH)
        left = column(self.resume, 4, head, self._reading, self._grid, self._empty, STRETCH, gap=10)
        inner = QWidget()
        inner.setMaximumWidth(WIDEST_PX)
        inner.setLayout(row((left, 1), self._side, margins=(24, 16, 24, 16), gap=20))
        middle = QWidget()
        middle.setLayout(row(STRETCH, (inner, 1000), STRETCH, gap=0))
        self.setLayout(column((ScrollColumn(look, middle, bg="app"), 1), gap=0))
        look.theme.changed.connect(self._spread)

    def show_projects(self, cards: Sequence[ProjectCard], last: str) -> None:
        """Show the projects; ``last`` is the one that was open last."""
        if tuple(cards) == self._cards:
            return
        self._cards = tuple(cards)
        self._reading.hide()
        for old in self.tiles:
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        going = next((c for c in cards if c.id == last and c.state == "running"), None)
        fresh = next((c for c in cards if c.state == "new"), None)
        self.resume.show_project(going or fresh, going=going is not None)
        self.tiles = [ProjectTile(self._look, each) for each in cards]
        for tile in self.tiles:
            tile.chosen.connect(self.project_chosen)
        count = len(cards)
        self._count.set_text(Text(f"{count} 个", f"{count} in all"))
        self._count.setVisible(bool(cards))
        self._empty.setVisible(not cards)
        self._columns = 0
        self._spread()
        self.show_opening(self.opening)
        if self.isVisible() and self.window().focusWidget() in (None, self):
            self.focus_first()

    @property
    def loaded(self) -> bool:
        """Whether the projects were read."""
        return self._cards is not None

    def show_opening(self, project: str) -> None:
        """Say which project is being opened, none with an empty id; only one can be at a time."""
        self.opening = project
        for tile in self.tiles:
            tile.show_opening(tile.project.id == project, busy=bool(project))
        self.resume.button.setEnabled(not project)

    def focus_first(self) -> None:
        """Put the focus where most students go on."""
        if self.resume.isHidden():
            self.setFocus()
        else:
            self.resume.button.setFocus()

    def show_student(self, name: str) -> None:
        """Ask for the name while there is none."""
        self._side.show_student(name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Spread the cards over the new width."""
        super().resizeEvent(event)
        self._spread()

    @Slot()
    def _spread(self) -> None:
        side = self._look.theme.px(SIDE_PX)
        self._side.setFixedWidth(side)
        room = min(self.width(), WIDEST_PX) - 48 - 20 - side
        columns = max(1, min(4, room // self._look.theme.px(TILE_PX)))
        if columns == self._columns:
            return
        self._columns = columns
        for index, tile in enumerate(self.tiles):
            self._grid.addWidget(tile, index // columns, index % columns)
        for index in range(4):
            self._grid.setColumnStretch(index, int(index < columns))


class _Resume(Panel):
    """Where the student left off, or where to begin."""

    chosen = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__(look, bg="accentBg", radius=CARD_RADIUS)
        self._id = ""
        self._title = Label(look, NOTHING, H3, bold=True, wrap=True)
        self._about = Label(look, NOTHING, tone="text2", wrap=True)
        self.button = Button(look, START, "primary", "arrow-right")
        self.button.clicked.connect(self._choose)
        words = column(self._title, self._about, gap=2)
        icon = IconLabel(look, "play-circle", "accent", 36)
        self.setLayout(row(icon, (words, 1), self.button, margins=(18, 12, 16, 12), gap=16))

    def show_project(self, project: ProjectCard | None, *, going: bool) -> None:
        self.setVisible(project is not None)
        if project is None:
            return
        self._id = project.id
        coming = project.next_step or project.summary
        if going:
            self._title.set_text(
                Text(f"接着做：{project.title.zh}", f"Carry on: {project.title.en}")
            )
            self._about.set_text(
                Text(
                    f"下一步“{coming.zh}”，已得 {project.points} 分。",
                    f"Next: {coming.en}. {project.points} points so far.",
                )
            )
        else:
            self._title.set_text(
                Text(f"{START.zh}：{project.title.zh}", f"{START.en}: {project.title.en}")
            )
            self._about.set_text(project.summary)
        words = Text("继续实训", "Carry on") if going else Text("开始", "Start")
        self.button.become(words, "primary", "arrow-right")

    @Slot()
    def _choose(self) -> None:
        self.chosen.emit(self._id)


class _Side(QWidget):
    """How it goes, and who sits here."""

    name_chosen = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        lines = [
            row(
                column(IconLabel(look, f"numeric-{n}-circle", "accent", 20), STRETCH),
                (Label(look, text, wrap=True), 1),
                gap=10,
            )
            for n, text in enumerate(STEPS, start=1)
        ]
        title = Label(look, Text("怎么做", "How it goes"), H3, bold=True)
        how = card(look, column(title, Line(look), *lines, margins=(14, 10, 14, 14), gap=10))
        fill = Button(look, Text("填写姓名和机位", "Enter name and seat"), dense=True)
        fill.clicked.connect(self.name_chosen)
        why = Text("姓名和机位会写进成绩和报告。", "Name and seat go into grades and reports.")
        self._who = card(
            look,
            column(
                Label(look, Text("还不知道你是谁", "Who are you?"), H3, bold=True),
                Line(look),
                Label(look, why, tone="text2", wrap=True),
                row(fill, STRETCH),
                margins=(14, 10, 14, 14),
                gap=10,
            ),
        )
        self.setLayout(column(how, self._who, STRETCH, gap=12))

    def show_student(self, name: str) -> None:
        self._who.setVisible(not name)
