"""An app for the window to stand on in tests: it notes what it is told, and shows what it is given.

Values are functions of time, so that every picture of it is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labapp.app.settings import Settings
from labapp.app.states import (
    AppEvent,
    AttemptGraded,
    BenchChanged,
    BenchPhase,
    BenchState,
    Finished,
    ProjectCard,
    ProjectsChanged,
    RunChanged,
    RunState,
    StepsChanged,
    Told,
)
from labapp.coach.walkthrough import StepResult, Walkthrough
from labapp.model.bench import Bench, BenchKind
from labapp.model.reading import Event, Gap, Reading
from labapp.model.text import Text, same
from labapp.model.trouble import BadInput, Problem
from labapp.model.verdict import Cite, Episode, Outcome
from labapp.model.work import Grade, Item
from labapp.packs.pack import Pack, Step
from labapp.profiles.profile import Profile
from labapp.programs.kit_access import facts_of
from labapp.programs.open_program import open_program
from labapp.programs.rules import rules_as_python
from tests.ui.fake_pack import make_pack

NOW_S = 345.0
FIRE_S, ALARM_S, SPRAY_S = 317.0, 325.0, 346.0
HARDWARE = Bench(
    kind=BenchKind.HARDWARE, profile="fire-safety", link="serial:COM5?baud=115200", unit=1
)
TWIN = Bench(
    kind=BenchKind.TWIN, profile="fire-safety", link="twin:", unit=1, seed=12, scenario="flaming"
)
ONLINE = BenchState(
    phase=BenchPhase.ONLINE,
    bench=HARDWARE,
    url=HARDWARE.link,
    rtt_ms=12.0,
    rate_hz=10.0,
    message=Text("已连接", "Connected"),
)
SIMULATED = replace(ONLINE, bench=TWIN, url="twin:", rtt_ms=1.0)
LOST = replace(
    ONLINE,
    phase=BenchPhase.LOST,
    attempts=3,
    lost_since_us=339_000_000,
    message=Text(
        "与消防安全套件的连接断开了（COM5 已 6.4 秒没有应答）",
        "Lost the link to the fire safety kit (COM5 has not answered for 6.4 s)",
    ),
)
CONNECTING = BenchState(
    phase=BenchPhase.CONNECTING,
    url="serial:COM5?baud=115200",
    message=Text(
        "套件还没有应答，最多等 10 s", "The kit has not answered yet; waiting 10 s at most"
    ),
    detail=(
        Text("打开 COM5，115200 8N1", "Opening COM5, 115200 8N1"),
        Text("读设备号", "Reading the device id"),
    ),
)
GAVE_UP = replace(
    CONNECTING,
    phase=BenchPhase.GAVE_UP,
    message=Text(
        "COM5 已打开，但套件 10 秒没有应答。检查电源灯，再核对从站地址（现在是 1）。",
        "COM5 opened, but the kit has not answered for 10 s. Check the power light and unit 1.",
    ),
)


@dataclass(frozen=True)
class FakePort:
    """A serial port, with the fields of the real one that the window reads."""

    device: str
    description: str


def make_item(
    name: str, title: Text, outcome: Outcome, points: int, share: Fraction | None, **more: Any
) -> Item:
    """Return one line of a grade."""
    bounds = (Fraction(0), Fraction(1)) if share is None else (share, share)
    facts: dict[str, Any] = {
        "episodes": (),
        "cites": (),
        "say": Text("在允许范围内。", "Within what is allowed."),
    }
    return Item(
        id=name,
        title=title,
        outcome=outcome,
        score=share,
        low=bounds[0],
        high=bounds[1],
        max=Fraction(points),
        **{**facts, **more},
    )


def fire_items(step: Step, *, running: bool = False) -> tuple[Item, ...]:
    """Return verdicts on the fire: one passed, one too late, one undecided, one passed."""
    titles = {c.id: c.title for c in step.criteria}
    late = Cite(
        channel="sprinkler", from_us=339_000_000, to_us=346_400_000, expected="on", seen="off"
    )
    last = Outcome.NOT_EXERCISED if running else Outcome.INCONCLUSIVE
    return (
        make_item(
            "alarm",
            titles["alarm"],
            Outcome.MET,
            6,
            Fraction(1),
            measured=_seconds("1.8"),
            required=_seconds("≤ 3"),
            episodes=(Episode(317_000_000, 325_000_000, Outcome.MET),),
        ),
        make_item(
            "spray",
            titles["spray"],
            Outcome.NOT_MET,
            6,
            Fraction(0),
            measured=_seconds("7.4"),
            required=_seconds("≤ 3"),
            cites=(late,),
            episodes=(Episode(336_000_000, 346_400_000, Outcome.NOT_MET),),
            say=Text(
                "温度超过 57 °C 后 7.4 s 才打开喷淋，要求 3 s 内，晚了 4.4 s。",
                "The sprinkler opened 7.4 s after 57 °C; 3 s is allowed: 4.4 s too late.",
            ),
        ),
        make_item(
            "cool",
            titles["cool"],
            last,
            4,
            None,
            required=Text("≤ 70 °C", "≤ 70 °C"),
            measured=Text("缺数据", "no data"),
            say=Text(
                "05:39 起缺 6.4 s 数据，无法判定，不扣分。",
                "6.4 s of data are missing from 05:39 on: not judged, no points lost.",
            ),
        ),
        make_item(
            "quiet",
            titles["quiet"],
            Outcome.MET,
            4,
            Fraction(1),
            measured=Text("0 次", "0 times"),
            required=Text("0 次", "0 times"),
        ),
    )


def _seconds(value: str) -> Text:
    return same(f"{value} s")


def make_grade(step: Step, items: Sequence[Item], bench: Bench = TWIN) -> Grade:
    """Return a grade of these items."""
    outcomes = [item.outcome for item in items]
    worst = next(
        (
            o
            for o in (Outcome.NOT_MET, Outcome.INCONCLUSIVE, Outcome.NOT_EXERCISED)
            if o in outcomes
        ),
        Outcome.MET,
    )
    return Grade(
        project="fire-alarm",
        version="1.0.0",
        step=step.id,
        bench=bench.to_json(),
        outcome=worst,
        items=tuple(items),
        engine="stl-zoh/1",
        recording="sha256:a41f" + "0" * 58 + "9c",
    )


def make_finished(step: Step, items: Sequence[Item], folder: Path = Path("/tmp/none")) -> Finished:
    """Return a graded attempt whose files are nowhere."""
    home = folder / f"20261124-143205-fire-alarm-{step.id}"
    return Finished(
        grade=make_grade(step, items), evidence=home / "attempt.lab", report=home / "report.html"
    )


RULES = """\
rules:
  # First: people must hear it.
  - name: {zh: "有火先报警", en: "Alarm on fire"}
    when: flame > 30 % for 500 ms
    then: {buzzer: on, strobe: on}
    else: {buzzer: off, strobe: off}
  - name: {zh: "超温喷淋", en: "Spray when hot"}
    when: temp > 57 Cel for 6 s
    then: {sprinkler: on}
  - name: {zh: "燃气泄漏", en: "Gas leak"}
    when: gas >= 10 %LEL and call_point is off
    then: {gas_valve: off, fan: 100}
"""


class FakeDesk:
    """A desk whose states are set from outside; ``calls`` has what the window asked for."""

    def __init__(self, pack: Pack, publish: Callable[[AppEvent], None], current: str = "") -> None:
        self.pack = pack
        self.publish = publish
        self.calls: list[tuple[Any, ...]] = []
        self.walkthrough = Walkthrough(pack=pack, current=pack.steps[0].id)
        self.bench = BenchState()
        self.run = RunState()
        self.done: list[Finished] = []
        self.programs = {
            "rules": RULES,
            "python": "from labkit import kit, sleep\n\nwhile True:\n    sleep(0.1)\n",
        }
        self.port_list: tuple[FakePort, ...] = (
            FakePort("COM5", "USB-SERIAL CH340"),
            FakePort("COM3", "Bluetooth"),
        )
        if current:
            self.pass_until(current)

    @property
    def profile(self) -> Profile:
        """The kit."""
        return self.pack.profile

    @property
    def step(self) -> Step:
        """The current step."""
        step = self.pack.step(self.walkthrough.current)
        assert step is not None
        return step

    @property
    def last(self) -> Any:
        """The last thing that was asked for: its name and what came with it."""
        return self.calls[-1]

    # ---- what tests set

    def pass_until(self, step_id: str) -> None:
        """Let every step before one be passed, and go there."""
        for step in self.pack.steps:
            if step.id == step_id:
                break
            result = StepResult(outcome=Outcome.MET, points=step.points, max=step.points)
            self.walkthrough = self.walkthrough.with_result(step.id, result)
        self.walkthrough = self.walkthrough.at(step_id)
        self.publish(StepsChanged())

    def set_bench(self, state: BenchState) -> None:
        """Let the bench stand otherwise."""
        self.bench = state
        self.publish(BenchChanged(state))

    def set_run(self, run: RunState) -> None:
        """Let the attempt be elsewhere."""
        self.run = run
        self.publish(RunChanged(run))

    def grade(self, finished: Finished) -> None:
        """Let an attempt be graded."""
        self.done.append(finished)
        self.walkthrough = self.walkthrough.with_result(
            finished.grade.step, StepResult.of(finished.grade)
        )
        self.publish(StepsChanged())
        self.publish(AttemptGraded(finished))

    # ---- what the window reads

    def last_finished(self, step_id: str) -> Finished | None:
        """Return the newest attempt at a step."""
        return next((f for f in reversed(self.done) if f.grade.step == step_id), None)

    def attempts(self) -> tuple[Finished, ...]:
        """Return all attempts, the newest first."""
        return tuple(reversed(self.done))

    def now_us(self) -> int:
        """Return the one instant that it always is."""
        return 0 if self.bench.bench is None else int(NOW_S * 1e6)

    def latest(self, point: str) -> Reading | None:
        """Return the value of now."""
        if self.bench.bench is None:
            return None
        now = 339.0 if self.bench.phase == BenchPhase.LOST else NOW_S
        return Reading(point, int(now * 1e6), float(value_at(point, np.array([now]))[0]))

    def window(
        self, point: str, from_us: int, to_us: int, columns: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
        """Return the curve of a stretch."""
        if self.bench.bench is None:
            return np.empty(0, np.int64), np.empty(0), np.empty(0)
        last = 339.0 if self.bench.phase == BenchPhase.LOST else NOW_S
        t = np.linspace(max(0.0, from_us / 1e6), min(to_us / 1e6, last), max(2, columns))
        y = value_at(point, t)
        return (t * 1e6).astype(np.int64), y, y

    def events(self) -> Sequence[Event]:
        """Return the fire's marks."""
        return (
            Event(int(FIRE_S * 1e6), "stimulus", {"do": "ignite"}),
            Event(
                int(ALARM_S * 1e6),
                "write",
                {"point": "buzzer", "value": 1, "result": "verified", "who": "program"},
            ),
        )

    def gaps(self) -> Sequence[Gap]:
        """Return the gap while the link is lost."""
        from labapp.model.reading import Reason

        lost = self.bench.phase == BenchPhase.LOST
        return (Gap(339_000_000, int(NOW_S * 1e6), Reason.LINK_DOWN),) if lost else ()

    def ports(self) -> tuple[FakePort, ...]:
        """Return the ports; called in a thread."""
        return self.port_list

    def program_text(self, kind: str) -> str:
        """Return the program."""
        return self.programs[kind]

    def starter_text(self, kind: str) -> str:
        """Return the program that the project starts with."""
        return "rules: []\n" if kind == "rules" else "from labkit import kit\n"

    def check_program(self, kind: str, source: str) -> tuple[Problem, ...]:
        """Return what the app itself finds."""
        name = "rules.yaml" if kind == "rules" else "program.py"
        try:
            program = open_program(source.encode(), name, facts_of(self.profile), Path())
        except BadInput as trouble:
            return trouble.problems
        return program.check()

    def rules_as_python(self, source: str) -> str:
        """Return the program that the app itself makes."""
        return rules_as_python(source.encode(), "rules.yaml", facts_of(self.profile))

    # ---- what the window asks for

    def select_step(self, step_id: str) -> None:
        """Go to a step that is open."""
        self.calls.append(("select_step", step_id))
        self.walkthrough = self.walkthrough.at(step_id)
        self.publish(StepsChanged())

    def save_program(self, kind: str, source: str) -> None:
        """Keep a program."""
        self.programs[kind] = source

    def submit(self, answers: Mapping[str, object]) -> None:
        """Note what was handed in."""
        self.calls.append(("submit", dict(answers)))

    def start(self, program: tuple[str, str] | None = None) -> None:
        """Note that an attempt is wanted."""
        self.calls.append(("start", program))

    def __getattr__(self, name: str) -> Callable[..., None]:
        """Note every other order by its name."""
        if name.startswith("_") or name not in (
            "stop",
            "connect",
            "connect_twin",
            "disconnect",
            "reconnect_now",
            "write",
            "stimulate",
            "close",
        ):
            raise AttributeError(name)

        def order(*arguments: Any, **named: Any) -> None:
            self.calls.append((name, *arguments, *named.items()))

        return order


class FakeApp:
    """An app with one project in good order, and one that is broken if asked for."""

    def __init__(
        self,
        *,
        settings: Settings | None = None,
        cards: Sequence[ProjectCard] | None = None,
        current: str = "",
    ) -> None:
        self.settings = settings or Settings(lang="zh", theme="light", student="林小满", seat="12")
        self.pack = make_pack()
        self.cards = list(cards) if cards is not None else [card_of(self.pack)]
        self.desk: FakeDesk | None = None
        self.current = current
        self.listeners: list[Callable[[AppEvent], None]] = []

    def subscribe(self, listener: Callable[[AppEvent], None]) -> Callable[[], None]:
        """Tell ``listener`` everything from now on."""
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def publish(self, event: AppEvent) -> None:
        """Tell everybody."""
        for listener in tuple(self.listeners):
            listener(event)

    def tell(self, problem: Problem) -> None:
        """Tell a problem."""
        self.publish(Told(problem))

    def change(self, **choices: Any) -> None:
        """Keep other settings."""
        self.settings = self.settings.with_(**choices)

    def projects(self) -> tuple[ProjectCard, ...]:
        """Return the cards."""
        return tuple(self.cards)

    def open_project(self, project_id: str) -> FakeDesk:
        """Open the one project there is."""
        if project_id != self.pack.id:
            raise BadInput(
                Problem(
                    code="P-NONE",
                    message=Text(f"没有项目 {project_id}。", f"There is no project {project_id}."),
                )
            )
        self.desk = FakeDesk(self.pack, self.publish, self.current)
        return self.desk

    def close_project(self) -> None:
        """Close the project."""
        self.desk = None
        self.publish(ProjectsChanged())

    def close(self) -> None:
        """Close the app."""


def card_of(pack: Pack, **changes: Any) -> ProjectCard:
    """Return the home screen's card of a pack."""
    facts: dict[str, Any] = {
        "id": pack.id,
        "title": pack.title,
        "summary": pack.summary,
        "kit": pack.kit,
        "minutes": pack.minutes,
        "done": 0,
        "total": len(pack.steps),
        "points": "0",
        "max": "85",
        "state": "new",
        "next_step": pack.steps[0].title,
    }
    return ProjectCard(**{**facts, **changes})


def value_at(point: str, t: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what a point reads at these seconds, from the story of one fire."""
    since = np.maximum(0.0, t - FIRE_S)
    ripple = 0.15 * np.sin(t * 3.1) + 0.1 * np.sin(t * 7.7)
    alarmed = np.asarray(t >= ALARM_S, dtype=np.float64)
    told: dict[str, NDArray[np.float64]] = {
        "temp": 24.6 + 48.0 * (1 - np.exp(-np.maximum(0.0, since - 3) / 14)) + ripple,
        "smoke": 0.05 + 9.0 * (1 - np.exp(-since / 12)) + ripple / 8,
        "flame": np.where(t >= FIRE_S, 62.0, 0.6) + ripple,
        "co": 3.0 + 90.0 * (1 - np.exp(-since / 30)) + ripple,
        "buzzer": alarmed,
        "strobe": alarmed,
        "gas_valve": 1.0 - alarmed,
        "fan": 60.0 * alarmed,
        "sprinkler": np.asarray(t >= SPRAY_S, dtype=np.float64),
    }
    return told.get(point, np.zeros(t.shape))
