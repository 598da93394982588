"""A student's rules as a program: data that this process evaluates, so nothing to contain."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from labapp.model.canonical import sha256_hex
from labapp.model.clock import Clock
from labapp.model.reading import Event, Quality
from labapp.model.text import Text
from labapp.model.trouble import BadInput, Problem
from labapp.programs.ending import our_fault
from labapp.programs.following import Following
from labapp.programs.kit_access import KitAccess, PointFacts, Value, WriteRefused, shown
from labapp.programs.program import OnEvent, ProgramState
from labapp.programs.rules_file import Rule, RuleSet, read_rules
from labapp.programs.rules_notes import notes_on
from labapp.programs.rules_python import rules_as_python

__all__ = ["RuleProgram", "RuleTruth", "rules_as_python"]

_log = logging.getLogger(__name__)

_TellRefusal = Callable[[int, str, Text], None]
_LOOK_S = 0.01
"""How often a live kit is looked at: the twins' tick."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTruth:
    """Whether a rule's condition holds (``None``: not known), and the values it looks at."""

    name: Text
    truth: bool | None
    now: Text


class RuleProgram:
    """Implements ``Program`` over rules: each period the wanted values are driven, if they are new.

    The first listed rule that wants something of a point wins. A condition that is not known
    wants nothing. A write that the kit refuses is tried again next period. An output that could
    not be read for a while may have been reset since, so it is written anew.
    """

    kind: Literal["python", "rules"] = "rules"

    def __init__(self, source: bytes, filename: str, points: Mapping[str, PointFacts]) -> None:
        self.source = source
        self.filename = filename
        self._points = points
        self._state = ProgramState.READY
        self._failure: Problem | None = None
        self._output: deque[str] = deque(maxlen=500)
        self._on_event: OnEvent = lambda _event: None
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._run: _Run | None = None
        try:
            self._rules: RuleSet | None = read_rules(source, filename, points)
            self._problems: tuple[Problem, ...] = ()
        except BadInput as trouble:
            self._rules, self._problems = None, trouble.problems

    @property
    def sha256(self) -> str:
        """``sha256:`` of the source as it was given."""
        return sha256_hex(self.source)

    @property
    def state(self) -> ProgramState:
        """Where it stands."""
        return self._state

    @property
    def failure(self) -> Problem | None:
        """Why it failed, for people."""
        return self._failure

    @property
    def output(self) -> str:
        """What the kit refused, a line each, the newest 500."""
        return "".join(list(self._output))

    def report_to(self, on_event: OnEvent) -> None:
        """Pass on what the kit refused."""
        self._on_event = on_event

    def check(self) -> tuple[Problem, ...]:
        """Return every mistake in the rules."""
        return self._problems

    def notes(self) -> tuple[Problem, ...]:
        """Return which rules will be overruled by others; none of it keeps them from running."""
        return () if self._rules is None else notes_on(self._rules, self._points)

    def truths(self) -> tuple[RuleTruth, ...]:
        """Return how each rule stood when it was last looked at; any thread."""
        run = self._run
        if run is not None:
            return run.truths
        rules = () if self._rules is None else self._rules.rules
        return tuple(RuleTruth(name=r.name, truth=None, now=Text("—", "—")) for r in rules)

    def advance(self, t_us: int, kit: KitAccess) -> None:
        """Lockstep: look at the kit, and at the rules if it is time."""
        if self._thread is not None:
            return  # it runs live
        with self._lock:
            if self._state == ProgramState.READY:
                self._begin(kit)
            if self._state == ProgramState.RUNNING and self._run is not None:
                self._run.step(t_us)

    def start(self, kit: KitAccess, clock: Clock) -> bool:
        """Live: run in a thread of its own until it is stopped."""
        with self._lock:
            if self._state != ProgramState.READY:
                return False
            self._state = ProgramState.RUNNING
            self._thread = threading.Thread(
                target=self._live, args=(kit, clock), name="rules", daemon=True
            )
            self._thread.start()
        return True

    def stop(self) -> None:
        """End it now; nothing is driven after this returns."""
        self._stopping.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()
        with self._lock:
            if self._state in (ProgramState.READY, ProgramState.RUNNING):
                self._state = ProgramState.STOPPED

    def facts(self) -> dict[str, Any]:
        """Return what evidence keeps of the run."""
        failure = self._failure
        return {
            "sha256": self.sha256,
            "filename": self.filename.replace("\\", "/").rpartition("/")[2],
            "state": self._state.value,
            "failure": None if failure is None else {"code": failure.code, "line": failure.line},
            "rules": 0 if self._rules is None else len(self._rules.rules),
            "period_us": 0 if self._rules is None else self._rules.period_us,
        }

    def _begin(self, kit: KitAccess) -> None:
        if self._rules is None:
            self._fail(self._problems[0])
            return
        self._run = _Run(self._rules, kit, self._tell_refusal)
        self._state = ProgramState.RUNNING

    def _live(self, kit: KitAccess, clock: Clock) -> None:
        try:
            self._begin(kit)
            while self._run is not None and not self._stopping.is_set():
                self._run.step(kit.now_us())
                clock.wait(self._stopping, _LOOK_S)
        except Exception:  # noqa: BLE001 (a bug of ours: into the log)
            _log.exception("a run of rules ended by a fault of ours")
            self._fail(our_fault(self.filename))

    def _fail(self, problem: Problem) -> None:
        self._failure = problem
        self._state = ProgramState.FAILED

    def _tell_refusal(self, t_us: int, point: str, reason: Text) -> None:
        self._output.append(f"{t_us / 1e6:.1f} s  {reason.zh}\n{t_us / 1e6:.1f} s  {reason.en}\n")
        self._on_event(Event(t_us, "program", {"not_driven": point, "reason": reason.en}))


class _Run:
    """One run of some rules on a kit, for one thread."""

    def __init__(self, rules: RuleSet, kit: KitAccess, tell_refusal: _TellRefusal) -> None:
        self.truths: tuple[RuleTruth, ...] = ()
        self._rules = rules
        self._kit = kit
        self._tell_refusal = tell_refusal
        self._following = Following(kit)
        self._due_us: int | None = None
        self._driven: dict[str, Value] = {}
        self._lost: set[str] = set()
        self._refused: dict[str, Text] = {}
        for rule in rules.rules:
            self._following.add_bound(rule.when, rule.condition)

    def step(self, t_us: int) -> None:
        """Look at the kit, and evaluate the rules if it is time; missed times are left out."""
        self._following.look()
        due_us = t_us if self._due_us is None else self._due_us
        if t_us < due_us:
            return
        period_us = self._rules.period_us
        self._due_us = due_us + period_us * ((t_us - due_us) // period_us + 1)
        self._evaluate(t_us)

    def _evaluate(self, t_us: int) -> None:
        wanted: dict[str, Value] = {}
        truths = []
        for rule in self._rules.rules:
            truth = self._following.truth(rule.when)
            truths.append(RuleTruth(name=rule.name, truth=truth, now=self._now(rule)))
            settings = () if truth is None else rule.then if truth else rule.otherwise
            for point, value in settings:
                wanted.setdefault(point, value)
        self.truths = tuple(truths)
        for point, value in wanted.items():
            self._forget_after_loss(point)
            if self._driven.get(point) != value:
                self._drive(t_us, point, value)

    def _forget_after_loss(self, point: str) -> None:
        if point in self._driven and self._kit.read(point)[1] == Quality.BAD:
            self._lost.add(point)
        elif point in self._lost:
            self._lost.remove(point)
            del self._driven[point]

    def _drive(self, t_us: int, point: str, value: Value) -> None:
        try:
            self._kit.write(point, value)
        except WriteRefused as refused:
            if self._refused.get(point) != refused.reason:
                self._refused[point] = refused.reason
                self._tell_refusal(t_us, point, refused.reason)
        else:
            self._driven[point] = value
            self._refused.pop(point, None)

    def _now(self, rule: Rule) -> Text:
        """Return the values that a rule looks at, with their names where there are several."""
        points = [p for p in self._kit.points if p in rule.condition.points]
        values = {point: self._value(point) for point in points}
        if len(points) == 1:
            value = values[points[0]]
            return Text(f"现在 {value}", f"now {value}")
        names = {p: self._kit.points[p].name or Text(p, p) for p in points}
        return Text(
            "，".join(f"{names[p].zh} {values[p]}" for p in points),
            ", ".join(f"{names[p].en} {values[p]}" for p in points),
        )

    def _value(self, point: str) -> str:
        value, _quality = self._kit.read(point)
        return "—" if value is None else shown(value, self._kit.points[point])
