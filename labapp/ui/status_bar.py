"""The strip at the bottom: link, rate, recording, evidence."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy

from labapp.app.states import BenchPhase, BenchState, RunPhase, RunState
from labapp.model.bench import BenchKind
from labapp.model.text import Text, same
from labapp.ui.countdown import clock_text
from labapp.ui.look import Look
from labapp.ui.theme import CAPTION
from labapp.ui.widgets.labels import NOTHING, ElidedLabel, IconLabel, Label
from labapp.ui.widgets.layout import STRETCH, row
from labapp.ui.widgets.panels import Line, Panel

HEIGHT_PX = 28
IDLE_LINK = Text("未连接", "Not connected")
NO_READINGS = Text("尚无数据", "No readings yet")


def link_words(state: BenchState) -> Text:
    """Return where the readings come from, as short as it can be said."""
    bench = state.bench
    if bench is None:
        return same(plain_link(state.url)) if state.url else IDLE_LINK
    match bench.kind:
        case BenchKind.TWIN:
            return _twin_words(bench.scenario, bench.seed)
        case BenchKind.REPLAY:
            link = plain_link(bench.link)
            return Text(f"回放  {link}", f"Replay  {link}")
        case _:
            link = plain_link(bench.link)
            if bench.unit is None:
                return same(link)
            return Text(f"{link}  从站 {bench.unit}", f"{link}  unit {bench.unit}")


def plain_link(url: str) -> str:
    """Return a kit URL as people read it: ``COM5  115200 8N1``, ``192.168.1.10:502``."""
    path, _, query = url.partition("?")
    path = path.removeprefix("serial:").removeprefix("replay:")
    path = path.removeprefix("rtu+tcp://").removeprefix("tcp://")
    asked = dict(part.split("=", 1) for part in query.split("&") if "=" in part)
    baud = asked.get("baud", "")
    frame = f" 8{asked['parity']}{asked.get('stopbits', '1')}" if "parity" in asked else ""
    return f"{path}  {baud}{frame}".strip()


def _twin_words(scenario: str | None, seed: int | None) -> Text:
    zh, en = "仿真", "Simulation"
    if scenario:
        zh, en = f"{zh}  场景 {scenario}", f"{en}  scenario {scenario}"
    if seed is not None:
        zh, en = f"{zh}  种子 {seed}", f"{en}  seed {seed}"
    return Text(zh, en)


def quality_words(state: BenchState) -> Text:
    """Return rate, latency and loss, as far as they are known."""
    if state.phase not in (BenchPhase.ONLINE, BenchPhase.DEGRADED):
        return NO_READINGS if state.phase == BenchPhase.NONE else state.message
    zh, en = [f"采样 {state.rate_hz:.0f} Hz"], [f"{state.rate_hz:.0f} Hz"]
    if state.rtt_ms is not None:
        zh.append(f"延迟 {state.rtt_ms:.0f} ms")
        en.append(f"latency {state.rtt_ms:.0f} ms")
    zh.append(f"丢包 {state.loss * 100:.1f} %")
    en.append(f"loss {state.loss * 100:.1f} %")
    return Text("  ".join(zh), "  ".join(en))


class StatusBar(Panel):
    """One line of facts about link and recording."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, edges="t")
        self._link_icon = IconLabel(look, "power-plug-off-outline", "text3", 14)
        self._link = ElidedLabel(look, IDLE_LINK, CAPTION, tone="text2")
        self._pulse_icon = IconLabel(look, "pulse", "text3", 14)
        self._quality = ElidedLabel(look, NO_READINGS, CAPTION, tone="text2")
        self._record_line = Line(look, upright=True)
        self._record_icon = IconLabel(look, "record-circle", "fail", 14)
        self._record = Label(look, NOTHING, CAPTION, tone="fail")
        self._note = ElidedLabel(look, NOTHING, CAPTION, tone="text2")
        self.setLayout(
            row(
                self._link_icon, self._link, Line(look, upright=True),
                self._pulse_icon, self._quality, self._record_line, self._record_icon,
                self._record, STRETCH, self._note, margins=(14, 0, 14, 0), gap=8,
            )
        )  # fmt: skip
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.theme.changed.connect(self._resize)
        self._resize()
        self.show_run(RunState())

    def _resize(self) -> None:
        self.setFixedHeight(max(HEIGHT_PX, self.look.theme.px(HEIGHT_PX)))

    def show_bench(self, state: BenchState) -> None:
        """Show link and quality."""
        kind = state.bench.kind if state.bench is not None else None
        lost = state.phase in (BenchPhase.LOST, BenchPhase.GAVE_UP)
        glyph = "alert-circle-outline" if lost else _GLYPHS.get(kind, "power-plug-off-outline")
        self._link_icon.set_glyph(glyph, "fail" if lost else "text3")
        self._link.set_text(link_words(state))
        self._link.set_tone("fail" if lost else "text2")
        self._quality.set_text(quality_words(state))

    def show_run(self, run: RunState) -> None:
        """Show whether an attempt is being recorded."""
        recording = run.phase in (RunPhase.STARTING, RunPhase.RUNNING)
        taken = clock_text(run.elapsed_us)
        self._record.set_text(Text(f"正在录制 {taken}", f"Recording {taken}"))
        for widget in (self._record_line, self._record_icon, self._record):
            widget.setVisible(recording)

    def show_note(self, note: Text) -> None:
        """Show the last thing worth knowing, at the right."""
        self._note.set_text(note)


_GLYPHS: dict[BenchKind | None, str] = {
    BenchKind.HARDWARE: "usb-port",
    BenchKind.TWIN: "cube-scan",
    BenchKind.REPLAY: "movie-open-play-outline",
}
