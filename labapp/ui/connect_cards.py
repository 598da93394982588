"""The cards of the connect screen: an offer, the progress, what went wrong, what to check."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from labapp.app.states import BenchState
from labapp.model.text import Text, same
from labapp.model.trouble import Problem
from labapp.profiles.profile import Profile
from labapp.ui.look import Look
from labapp.ui.status_bar import plain_link
from labapp.ui.style_sizes import CARD_RADIUS
from labapp.ui.theme import CAPTION, H3, LARGE_TEXT
from labapp.ui.widgets.buttons import Button
from labapp.ui.widgets.labels import NOTHING, IconLabel, Label
from labapp.ui.widgets.layout import STRETCH, clear, column, row
from labapp.ui.widgets.panels import Panel
from labapp.ui.widgets.progress import Spinner

SHOWN_LINES = 6
CHECKS = (
    Text(
        "电源灯亮着吗。不亮先看 24 V 电源和急停。",
        "Is the power light on? If not: the 24 V supply and the emergency stop.",
    ),
    Text(
        "USB 线插紧了吗。换一个口，再点“重新扫描”。",
        "Is the USB cable in? Try another socket, then scan again.",
    ),
    Text(
        "串口被别的程序占着吗。关掉串口助手再试，一次只能有一个程序用串口。",
        "Does another program hold the port? Close it: only one can use a serial port.",
    ),
    Text(
        "波特率、校验和套件铭牌一致吗。RS-485 的 A、B 有没有接反。",
        "Do baud rate and parity agree with the label? Are A and B of RS-485 swapped?",
    ),
)


def kit_words(profile: Profile) -> Text:
    """Return which kit is needed, and what is on it."""
    shown = [p.name for p in profile.points if p.kind != "counter"][:6]
    zh, en = "、".join(n.zh for n in shown), ", ".join(n.en for n in shown)
    return Text(
        f"本项目需要：{profile.name.zh}（{zh} 等）",
        f"This project needs: {profile.name.en} ({en} …)",
    )


class OfferCard(Panel):
    """One way to readings: icon, heading, sentence or fields, and its button."""

    def __init__(
        self,
        look: Look,
        glyph: str,
        tone: str,
        title: Text,
        about: Text,
        button: Button,
        *,
        inner: QWidget | None = None,
        main: bool = False,
    ) -> None:
        super().__init__(look, radius=CARD_RADIUS, border="accent" if main else "border")
        button.setMinimumWidth(94)
        body = inner if inner is not None else Label(look, about, tone="text2", wrap=True)
        words = column(Label(look, title, H3, bold=True), body, gap=6)
        icon = column(STRETCH, IconLabel(look, glyph, tone, 30), STRETCH)
        side = column(STRETCH, button, STRETCH)
        self._box = row(words, side, gap=14)
        self._box.setStretch(0, 1)
        self.setLayout(row(icon, (self._box, 1), margins=(18, 14, 16, 14), gap=18))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        look.theme.changed.connect(self._turn)
        self._turn()

    @Slot()
    def _turn(self) -> None:
        """With large text the button goes below the words."""
        large = self.look.theme.scale >= LARGE_TEXT
        ways = QBoxLayout.Direction
        self._box.setDirection(ways.TopToBottom if large else ways.LeftToRight)


class ProgressCard(Panel):
    """What connecting is doing now, line by line, with a way to stop it."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, radius=CARD_RADIUS, border="accent")
        self.cancel = Button(look, Text("取消", "Cancel"))
        self._title = Label(look, NOTHING, H3, bold=True, wrap=True)
        self._say = Label(look, NOTHING, tone="text2", wrap=True)
        self._lines = column(gap=3)
        head = row(
            Spinner(look, 28), (column(self._title, self._say, gap=2), 1), self.cancel, gap=16
        )
        self.setLayout(column(head, self._lines, margins=(18, 16, 16, 16), gap=12))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.hide()

    def show_state(self, state: BenchState) -> None:
        """Show where it is connecting to and how far it has come."""
        where = _short(state.url)
        self._title.set_text(Text(f"正在连接{where.zh}", f"Connecting to {where.en}"))
        self._say.set_text(state.message)
        show_lines(self.look, self._lines, state.detail)


class TroubleCard(Panel):
    """Why there is no link, what was tried, and a way to try again."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, bg="failBg", radius=CARD_RADIUS)
        self.url = ""
        self.retry = Button(look, Text("重试", "Retry"), glyph="refresh")
        self._title = Label(look, NOTHING, H3, bold=True, tone="fail", wrap=True)
        self._say = Label(look, NOTHING, wrap=True)
        self._lines = column(gap=3)
        icon = column(IconLabel(look, "link-variant-off", "fail", 26), STRETCH)
        words = column(self._title, self._say, self._lines, gap=6)
        side = column(self.retry, STRETCH)
        self.setLayout(row(icon, (words, 1), side, margins=(18, 14, 16, 14), gap=16))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.hide()

    def show_state(self, state: BenchState) -> None:
        """Show a link that did not come up."""
        self.url = state.url
        where = _short(state.url)
        self._title.set_text(Text(f"没有连上{where.zh}", f"Not connected to {where.en}"))
        self._say.set_text(state.message)
        show_lines(self.look, self._lines, state.detail)

    def show_problem(self, problem: Problem) -> None:
        """Show an address that cannot be used."""
        self.url = ""
        self._title.set_text(Text("这个地址用不了", "This address cannot be used"))
        self._say.set_text(problem.message)
        show_lines(self.look, self._lines, ())


class CheckList(Panel):
    """What to look at, in order, when a kit is not found."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, radius=CARD_RADIUS, border="border")
        lines = [
            row(
                Label(look, same(f"{number}."), bold=True, tone="text2"),
                (Label(look, text, wrap=True), 1),
            )
            for number, text in enumerate(CHECKS, start=1)
        ]
        self.setLayout(column(*lines, margins=(18, 14, 18, 14), gap=8))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.hide()


def show_lines(look: Look, box: QVBoxLayout, detail: tuple[Text, ...]) -> None:
    """Show the last lines of a connecting log in ``box``, the newest one last."""
    clear(box)
    for index, line in enumerate(detail[-SHOWN_LINES:]):
        newest = index == len(detail[-SHOWN_LINES:]) - 1
        icon = IconLabel(
            look, "chevron-right" if newest else "check", "text2" if newest else "pass", 14
        )
        words = Label(look, line, CAPTION, tone="text" if newest else "text2", wrap=True)
        box.addLayout(row(icon, (words, 1), gap=6))


def _short(url: str) -> Text:
    """Return the part of a kit URL that people know it by."""
    if url.startswith("twin:"):
        return Text("仿真套件", "the simulated kit")
    name = plain_link(url).split("  ")[0]
    return Text(f" {name}" if name else "套件", name or "the kit")
