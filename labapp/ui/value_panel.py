"""The newest values beside the picture: quantities with their limits, and what is switched on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from labapp.model.reading import Quality, Reading
from labapp.model.text import Text, same
from labapp.model.units import find_unit
from labapp.profiles.profile import Point
from labapp.ui.look import Look
from labapp.ui.theme import CAPTION
from labapp.ui.widgets.labels import BigNumber, ElidedLabel, IconLabel, Label
from labapp.ui.widgets.layout import STRETCH, column, row
from labapp.ui.widgets.panels import Line, ScrollColumn

UNKNOWN = "—"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A limit that the value is compared with: above it the value is told as over ``label``."""

    value: float
    label: Text


class Metric(QWidget):
    """One quantity: its name in the curve's colour, the value large, and how it stands to its limit."""

    def __init__(self, look: Look, point: Point, token: str, limit: Limit | None) -> None:
        super().__init__()
        self._look, self._point, self._limit = look, point, limit
        self._number = BigNumber(look)
        self._state = ElidedLabel(look, same(""), CAPTION, tone="text2")
        name = ElidedLabel(look, point.name, CAPTION, tone="text2")
        swatch = IconLabel(look, "square", token, 12)
        box = column(row(swatch, (name, 1), gap=6), self._number, self._state, gap=0)
        self.setLayout(box)

    def show_reading(self, reading: Reading | None, fresh: bool) -> None:
        """Show the newest reading; one that is no longer fresh is named as the last one."""
        value = None if reading is None or not fresh else reading.value
        unit = shown_unit(self._point)
        if value is None:
            self._number.show_value(UNKNOWN, same(unit), "text2")
            self._say(last_value(self._point, reading))
            self._state.set_tone("text2")
            return
        over = self._limit is not None and value >= self._limit.value
        hollow = reading is not None and reading.quality is not Quality.GOOD
        self._number.show_value(
            shown_value(self._point, value), same(unit), "fail" if over else "text"
        )
        self._state.set_tone("fail" if over else "warn" if hollow else "text2")
        self._say(self._standing(value, hollow))

    def _say(self, words: Text) -> None:
        self._state.set_text(words)
        self._state.setVisible(bool(words.en))

    def _standing(self, value: float, hollow: bool) -> Text:
        if hollow:
            return Text("超出量程，仅供参考", "Out of range: a hint only")
        if self._limit is None:
            return same("")
        limit, label = f"{self._limit.value:g}", self._limit.label
        if value >= self._limit.value:
            return Text(f"↑ 高于{label.zh} {limit}", f"↑ Above {label.en} {limit}")
        return Text(f"低于{label.zh} {limit}", f"Below {label.en} {limit}")


class OutputRow(QWidget):
    """One driven point, or one more sensor: its name and its value; a click asks to switch it.

    Signals:
        clicked: the row of a driven point was clicked.
    """

    clicked = Signal(str)

    def __init__(self, look: Look, point: Point, *, switchable: bool) -> None:
        super().__init__()
        self._point, self._look = point, look
        self._switchable = switchable
        self._value = Label(look, same(UNKNOWN), bold=True, tone="text2")
        self.setLayout(row((ElidedLabel(look, point.name), 1), self._value, gap=6))
        self.setFixedHeight(look.theme.px(24))
        if switchable:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setToolTip(look.words(Text("点一下切换", "Click to switch")))

    def show_reading(self, reading: Reading | None, fresh: bool) -> None:
        """Show the newest reading: a state by its name, a quantity with its unit."""
        if reading is None or reading.value is None or not fresh:
            self._value.set_text(same(UNKNOWN))
            self._value.set_tone("text2")
            return
        on = reading.value >= 0.5
        self._value.set_text(value_words(self._point, reading.value))
        self._value.set_tone("pass" if on and self._point.is_driven else "text2")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ask to switch the point."""
        if self._switchable and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(self._point.id)


class ValuePanel(ScrollColumn):
    """Metrics of the plotted quantities, then outputs, then the kit's other sensors.

    Args:
        metrics: point, colour token and limit of each large value.
        others: points of the small rows, in order.
        on_switch: called with the id of a driven on-off point that was clicked.
    """

    def __init__(
        self,
        look: Look,
        metrics: Sequence[tuple[Point, str, Limit | None]],
        others: Sequence[Point],
        on_switch: Callable[[str], None] | None,
    ) -> None:
        self._metrics = {p.id: Metric(look, p, token, limit) for p, token, limit in metrics}
        self._rows = {
            p.id: OutputRow(look, p, switchable=bool(on_switch) and p.is_driven and bool(p.states))
            for p in others
        }
        for output in self._rows.values():
            if on_switch is not None:
                output.clicked.connect(on_switch)
        inner = QWidget()
        inner.setLayout(
            column(
                *self._metrics.values(),
                Line(look) if self._metrics and self._rows else None,
                *self._rows.values(),
                STRETCH,
                margins=(8, 2, 8, 4),
                gap=4,
            )
        )
        super().__init__(look, inner)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setFixedWidth(look.theme.px(148))

    def show_readings(self, latest: Callable[[str], Reading | None], fresh: bool) -> None:
        """Show the newest readings; ``fresh`` is false while the link is lost."""
        for name, metric in self._metrics.items():
            metric.show_reading(latest(name), fresh)
        for name, output in self._rows.items():
            output.show_reading(latest(name), fresh)


def shown_unit(point: Point) -> str:
    """Return the point's unit as people read it."""
    unit = find_unit(point.unit)
    return point.unit if unit is None else unit.shown


def shown_value(point: Point, value: float) -> str:
    """Return a value with at most two digits after the point."""
    return f"{value:.{min(point.decimals, 2 if abs(value) < 10 else 1)}f}"


def value_words(point: Point, value: float) -> Text:
    """Return a state by its name, or a value with its unit."""
    code = round(value)
    if point.state_names and 0 <= code < len(point.state_names):
        return point.state_names[code]
    return same(f"{shown_value(point, value)} {shown_unit(point)}".strip())


def last_value(point: Point, reading: Reading | None) -> Text:
    """Return ``last 57.2 °C`` for a reading that is no longer fresh."""
    if reading is None or reading.value is None:
        return Text("还没有数据", "No data yet")
    words = value_words(point, reading.value)
    return Text(f"最后 {words.zh}", f"Last {words.en}")
