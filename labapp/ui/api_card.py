"""The quick reference of the kit's points, for whoever writes a program."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

from labapp.model.text import Text, same
from labapp.model.units import UNITS
from labapp.profiles.profile import Point, Profile
from labapp.ui.look import Look
from labapp.ui.style_sizes import CARD_RADIUS
from labapp.ui.theme import CAPTION
from labapp.ui.widgets.labels import Label
from labapp.ui.widgets.layout import column
from labapp.ui.widgets.panels import Panel

CALLS = (
    ("sleep(0.1)", Text("等 0.1 秒", "wait 0.1 s")),
    ("now()", Text("开始后的秒数", "seconds since the start")),
    ("wait_until(lambda: …)", Text("等到条件成立", "wait until it holds")),
    ("log(…)", Text("写进记录", "write into the recording")),
)


class ApiCard(QWidget):
    """What ``kit`` has on this bench, two columns: read, and driven."""

    def __init__(self, look: Look, profile: Profile) -> None:
        super().__init__()
        grid = QGridLayout()
        grid.setContentsMargins(12, 8, 12, 8)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        sensors = [p for p in profile.points if not p.is_driven and p.kind != "counter"]
        self._fill(look, grid, 0, Text("读", "Read"), [_line(p) for p in sensors])
        self._fill(look, grid, 2, Text("写", "Drive"), [_line(p) for p in profile.driven])
        self._fill(look, grid, 4, Text("时间", "Time"), list(CALLS))
        grid.setColumnStretch(5, 1)
        self.setLayout(column(Panel(look, grid, bg="app", radius=CARD_RADIUS, border="border")))

    def _fill(
        self, look: Look, grid: QGridLayout, at: int, head: Text, lines: list[tuple[str, Text]]
    ) -> None:
        grid.addWidget(Label(look, head, CAPTION, bold=True, tone="text2"), 0, at)
        for number, (call, about) in enumerate(lines, start=1):
            grid.addWidget(Label(look, same(call), CAPTION, mono=True), number, at)
            grid.addWidget(Label(look, about, CAPTION, tone="text2"), number, at + 1)


def _line(point: Point) -> tuple[str, Text]:
    unit = UNITS[point.unit].shown if point.unit in UNITS else point.unit
    what = "/".join(point.states) if point.states else unit
    return f"kit.{point.id}", Text(
        f"{point.name.zh} {what}".strip(), f"{point.name.en} {what}".strip()
    )
