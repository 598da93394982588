"""One project on the home screen: what it is about, how far it is, and the way in."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, Signal, Slot
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from labapp.app.states import ProjectCard
from labapp.model.text import Text, same
from labapp.model.trouble import Problem
from labapp.ui.look import Look
from labapp.ui.style_sizes import CARD_RADIUS
from labapp.ui.theme import CAPTION, H3
from labapp.ui.widgets.buttons import Button
from labapp.ui.widgets.chip import Chip
from labapp.ui.widgets.labels import NOTHING, IconLabel, Label
from labapp.ui.widgets.layout import STRETCH, column, row
from labapp.ui.widgets.panels import Panel
from labapp.ui.widgets.progress import ThinBar

PICTURE_PX, GLYPH_PX = 72, 40
SHOWN_PROBLEMS = 3
OPENING = Text("正在打开", "Opening")
_KITS = (
    ("fire", "fire", "p1"),
    ("light", "lightbulb-group-outline", "p4"),
    ("agri", "sprout-outline", "p2"),
    ("wear", "watch-variant", "p3"),
    ("vehicle", "car-connected", "p0"),
)
_STATES = {
    "new": (Text("未开始", "Not started"), "circle-outline", "idle", Text("开始", "Start")),
    "running": (Text("进行中", "Under way"), "progress-clock", "accent", Text("继续", "Carry on")),
    "done": (Text("已完成", "Done"), "check-circle", "pass", Text("打开", "Open")),
    "broken": (Text("打不开", "Cannot open"), "alert-outline", "warn", Text("打开", "Open")),
}


def kit_look(kit: str) -> tuple[str, str]:
    """Return the glyph and the colour token of a kind of kit."""
    for part, glyph, token in _KITS:
        if part in kit:
            return glyph, token
    return ("flask-outline", "p5")


class ProjectTile(Panel):
    """A card. ``chosen`` carries the project's id."""

    chosen = Signal(str)

    def __init__(self, look: Look, project: ProjectCard) -> None:
        super().__init__(look, radius=CARD_RADIUS, border="border")
        self.project = project
        word, glyph, tone, verb = _STATES[project.state]
        self.button = Button(look, verb, dense=True)
        self.button.setMinimumWidth(84)
        self.button.clicked.connect(self._choose)
        picture, token = kit_look(project.kit)
        head = row(
            (Label(look, project.title, H3, bold=True, wrap=True), 1), Chip(look, word, glyph, tone)
        )
        body = _problems(look, project.problems) if project.problems else self._progress(look)
        about = NOTHING if project.problems else project.summary
        summary = Label(look, about, tone="text2", wrap=True) if about != NOTHING else None
        inner = column(head, summary, STRETCH, body, margins=(16, 10, 14, 14), gap=8)
        self.setLayout(column(_Picture(look, picture, token), inner, gap=0))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def _progress(self, look: Look) -> QWidget:
        project = self.project
        tone = "pass" if project.state == "done" else "accent"
        bar = ThinBar(look, NOTHING)
        words = f"{project.done} / {project.total}"
        spoken = Text(f"已完成 {words} 步", f"{words} steps done")
        bar.show_share(project.done, project.total, spoken, tone)
        minutes = Text(f"{project.minutes} 分钟", f"{project.minutes} min")
        points = Text(
            f"{project.points} / {project.max} 分", f"{project.points} / {project.max} points"
        )
        facts = row(
            IconLabel(look, "clock-outline", "text3", 15),
            Label(look, minutes, CAPTION, tone="text2"),
            6,
            IconLabel(look, "star-outline", "text3", 15),
            Label(look, points, CAPTION, tone="text2"),
            STRETCH,
            self.button,
            gap=5,
        )
        box = QWidget()
        count = Label(look, same(words), CAPTION, tone="text2")
        box.setLayout(column(row((bar, 1), count), facts, gap=6))
        return box

    def show_opening(self, opening: bool, *, busy: bool) -> None:
        """Say that this project is being opened; while any is, none can be chosen."""
        self.button.become(OPENING if opening else _STATES[self.project.state][3], "default")
        self.button.setEnabled(not busy)

    @Slot()
    def _choose(self) -> None:
        self.chosen.emit(self.project.id)


def _problems(look: Look, problems: tuple[Problem, ...]) -> QWidget:
    """Return the first problems of a broken pack, each with its place in the file."""
    lines = [
        column(
            Label(look, problem.message, CAPTION, tone="text", wrap=True),
            Label(look, same(_where(problem)), CAPTION, tone="text3", wrap=True)
            if problem.file
            else None,
            gap=0,
        )
        for problem in problems[:SHOWN_PROBLEMS]
    ]
    rest = len(problems) - SHOWN_PROBLEMS
    more = Text(
        f"还有 {rest} 处，运行 labapp pack lint 看全部。", f"{rest} more: run labapp pack lint."
    )
    box = QWidget()
    count = len(problems)
    title = Text(
        f"项目包里有 {count} 处要改：", f"{count} thing{'' if count == 1 else 's'} to mend:"
    )
    box.setLayout(
        column(
            Label(look, title, bold=True, tone="warn", wrap=True),
            *lines,
            Label(look, more, CAPTION, tone="text2", wrap=True) if rest > 0 else None,
            gap=6,
        )
    )
    return box


def _where(problem: Problem) -> str:
    """Return file, line and column without the folders in front."""
    name = (problem.file or "").replace("\\", "/").rsplit("/", 1)[-1]
    return ":".join(str(part) for part in (name, problem.line, problem.column) if part)


class _Picture(QWidget):
    """The kind of kit as a glyph on its colour."""

    def __init__(self, look: Look, glyph: str, token: str) -> None:
        super().__init__()
        self._look, self._glyph, self._token = look, glyph, token
        look.theme.changed.connect(self._resize)
        self._resize()

    @Slot()
    def _resize(self) -> None:
        self.setFixedHeight(self._look.theme.px(PICTURE_PX))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self.rect())
        path = QPainterPath()
        path.addRoundedRect(
            QRectF(1, 1, self.width() - 2, self.height() + 10), CARD_RADIUS, CARD_RADIUS
        )
        painter.fillPath(path, theme.color(self._token, 34))
        top = (self.height() - theme.px(GLYPH_PX)) // 2
        painter.drawPixmap(QPoint(18, top), theme.pixmap(self._glyph, self._token, GLYPH_PX))
        painter.end()
