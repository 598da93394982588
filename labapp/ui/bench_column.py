"""The right column of the workspace: the kit's picture, its values, and the live plots."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from labapp.app.desk import Desk
from labapp.app.states import BenchPhase, RunPhase
from labapp.model.bench import BenchKind
from labapp.model.reading import Event
from labapp.model.text import Text, same
from labapp.model.verdict import Outcome
from labapp.packs.pack import Step
from labapp.profiles.profile import Point, Profile
from labapp.profiles.scene import load_scene
from labapp.ui.look import Look
from labapp.ui.plots.axis import clock_text
from labapp.ui.plots.event_names import deed_names, event_name
from labapp.ui.plots.live_plots import FRAME_MS, Curve, Lane
from labapp.ui.plots.plot_card import PlotCard
from labapp.ui.style_sizes import CARD_RADIUS
from labapp.ui.theme import CAPTION, H3
from labapp.ui.twin_view import TwinView
from labapp.ui.value_panel import Limit, ValuePanel, shown_unit
from labapp.ui.widgets.chip import Chip
from labapp.ui.widgets.labels import Label
from labapp.ui.widgets.layout import STRETCH, column, row
from labapp.ui.widgets.panels import Panel

MOST_CURVES = 4
LEAST_HATCH_US = 200_000
LOST = (BenchPhase.LOST, BenchPhase.GAVE_UP, BenchPhase.NONE)


class BenchColumn(QWidget):
    """Twin above, plots below; pulls from the desk on a timer while it is seen.

    Args:
        look: theme and language.
        desk: the open project's bench.
        on_export: called when the user asks for the readings as a file.

    Signals:
        fill_chosen: measured values are wanted in the answers; statistics by point.
    """

    fill_chosen = Signal(dict)

    def __init__(self, look: Look, desk: Desk, on_export: Callable[[], None] | None = None) -> None:
        super().__init__()
        self._look, self._desk, self._on_export = look, desk, on_export
        self._scene = load_scene(desk.profile)
        self._deeds = {} if self._scene is None else deed_names(self._scene)
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._splitter.setChildrenCollapsible(False)
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 10, 10, 10)
        box.addWidget(self._splitter)
        self._step: Step | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.pull)
        self.show_step(desk.step)

    def show_step(self, step: Step) -> None:
        """Show the points that this step is about."""
        if step is self._step:
            return
        self._step = step
        while self._splitter.count():
            old = self._splitter.widget(0)
            if old is not None:
                old.setParent(None)
                old.deleteLater()
        curves, lanes, others = _arrange(self._desk.profile, step)
        self._values = ValuePanel(
            self._look,
            [(point, curve.token, _limit(point, step)) for point, curve in curves],
            others,
            self._switch,
        )
        self._card = PlotCard(
            self._look,
            self._desk,
            [curve for _, curve in curves],
            lanes,
            self._event_name,
            self._on_export,
        )
        self._card.offer_fill(bool(step.answers))
        self._card.fill_chosen.connect(self.fill_chosen)
        self._splitter.addWidget(self._twin_card())
        self._splitter.addWidget(self._card)
        self._splitter.setSizes([300, 400])
        self.pull()

    def _twin_card(self) -> Panel:
        scene = self._scene
        self._twin = None if scene is None else TwinView(self._look, scene, self._stimulate)
        self._about = Label(self._look, same(""), CAPTION, tone="text2")
        self._held = Chip(self._look, same(""), "pause-circle-outline", "warn")
        self._scenario = Label(self._look, same(""), CAPTION, tone="sim")
        head = row(
            Label(self._look, Text("套件画面", "The kit"), H3, bold=True),
            self._about,
            STRETCH,
            self._scenario,
            self._held,
            margins=(12, 6, 8, 4),
        )
        body = row((self._twin, 1) if self._twin is not None else STRETCH, self._values, gap=4)
        return Panel(
            self._look,
            column(head, (body, 1), margins=(1, 1, 1, 6), gap=0),
            radius=CARD_RADIUS,
            border="border",
        )

    @Slot()
    def pull(self) -> None:
        """Take the newest values from the desk. Qt thread."""
        bench = self._desk.bench
        fresh = bench.phase not in LOST
        self._values.show_readings(self._desk.latest, fresh)
        if self._twin is not None:
            self._twin.show_values(self._newest(), veiled=bench.phase is BenchPhase.LOST)
        simulated = bench.bench is not None and bench.bench.kind is BenchKind.TWIN
        self._card.show_simulated(simulated)
        self._about.set_text(self._about_words(simulated))
        if self._twin is not None:
            self._twin.allow(simulated and not self._is_staged)
            if self._desk.run.phase is RunPhase.STARTING:
                self._twin.calm_down()
        self._held.setVisible(bench.phase is BenchPhase.LOST)
        if bench.lost_since_us is not None:
            at = clock_text(bench.lost_since_us / 1e6)
            self._held.become(
                Text(f"画面停在 {at}", f"Held at {at}"), "pause-circle-outline", "warn"
            )
        self._card.show_violations(self._violations())

    @property
    def _is_staged(self) -> bool:
        """Whether a scenario plays now: then only the program may act."""
        run = self._desk.run
        busy = run.phase in (RunPhase.STARTING, RunPhase.RUNNING)
        step = self._desk.pack.step(run.step)
        return busy and step is not None and step.scenario is not None

    def _about_words(self, simulated: bool) -> Text:
        if self._is_staged:
            return Text("挑战进行中，只能看", "Challenge: watch only")
        if simulated:
            return Text("由仿真驱动，可以点击", "Simulated: click things in it")
        return Text("跟随真实套件", "Follows the real kit")

    def _newest(self) -> Mapping[str, float | None]:
        readings = {point.id: self._desk.latest(point.id) for point in self._desk.profile.points}
        return {name: None if r is None else r.value for name, r in readings.items()}

    def _violations(self) -> list[tuple[str, float, float]]:
        origin = self._desk.run.origin_us
        return [
            (
                cite.channel,
                (origin + cite.from_us) / 1e6,
                (origin + max(cite.to_us, cite.from_us + LEAST_HATCH_US)) / 1e6,
            )
            for item in self._desk.run.items
            if item.outcome is Outcome.NOT_MET
            for cite in item.cites[:4]
        ]

    def _stimulate(self, do: str, args: Mapping[str, float | str]) -> None:
        self._desk.stimulate(do, **args)

    def _event_name(self, event: Event) -> Text:
        return event_name(event, self._deeds)

    @Slot(str)
    def _switch(self, name: str) -> None:
        if self._is_staged:
            return
        now = self._desk.latest(name)
        on = now is not None and now.value is not None and now.value >= 0.5
        self._desk.write(name, 0.0 if on else 1.0)

    @property
    def plots(self) -> PlotCard:
        """The plots, for the keys that the window binds."""
        return self._card

    def showEvent(self, event: QShowEvent) -> None:
        """Pull only while somebody can see it."""
        self._timer.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop pulling while hidden."""
        self._timer.stop()
        super().hideEvent(event)


def _arrange(
    profile: Profile, step: Step
) -> tuple[list[tuple[Point, Curve]], list[Lane], list[Point]]:
    """Return what is plotted, what has a lane, and what has a small row, for one step."""
    sensors = [p for p in profile.points if not p.is_driven and not p.states]
    by_id = {point.id: point for point in sensors}
    wanted = [by_id[name] for name in step.plots if name in by_id] or sensors[:2]
    curves = [
        (point, _curve(point, f"p{index}", step))
        for index, point in enumerate(wanted[:MOST_CURVES])
    ]
    driven = list(profile.driven)
    lanes = [
        Lane(
            point=p.id,
            name=_short(p.name),
            full=1.0 if p.states else (p.write.max if p.write else 1),
        )
        for p in driven
    ]
    shown = {point.id for point, _ in curves} | {p.id for p in driven}
    rest = [p for p in profile.points if p.id not in shown and p.kind != "counter"]
    return curves, lanes, driven + rest


def _curve(point: Point, token: str, step: Step) -> Curve:
    unit = shown_unit(point)
    span = 10.0 if point.range is None else 0.1 * (point.range[1] - point.range[0])
    return Curve(
        point=point.id,
        name=point.name,
        unit=unit,
        decimals=point.decimals,
        token=token,
        least_span=min(20.0, span),
        limits=tuple(
            (limit.value, _with_value(limit.label, limit.value, unit))
            for limit in step.thresholds
            if limit.point == point.id
        ),
    )


def _with_value(label: Text, value: float, unit: str) -> Text:
    shown = f"{value:g} {unit}".strip()
    return Text(f"{label.zh} {shown}", f"{label.en} {shown}")


def _limit(point: Point, step: Step) -> Limit | None:
    found = [limit for limit in step.thresholds if limit.point == point.id]
    return Limit(value=found[0].value, label=found[0].label) if found else None


def _short(name: Text) -> Text:
    """Return a point's name without its tag (``蜂鸣器 B1`` is ``蜂鸣器``), for the narrow axis."""
    return Text(name.zh.split(" ")[0], name.en.rsplit(" ", 1)[0] if " " in name.en else name.en)
