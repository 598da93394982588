"""A twin: a kit's world, a script, and time in whole ticks of 10 ms.

Reading and driving never advance time; ``run_to`` alone does. The same plant, seed, script and
calls give the same trace on every machine: ``digest`` proves it.
"""

from __future__ import annotations

import hashlib
import json
from bisect import insort
from collections import deque
from typing import Any

from labapp.model.reading import Event
from labapp.twins.faults import ActuatorFault, Fault, SensorFault
from labapp.twins.plant import Plant
from labapp.twins.script import Cue, Script, Watch
from labapp.twins.stimuli import Deed
from labapp.twins.vocabulary import Vocabulary

TICK_US = 10_000
FRAME_TICKS = 10  # the trace, and what conditions see, are taken at 10 Hz
Frame = dict[str, float | None]


class Twin:
    """One run of a simulated kit; not thread-safe: whoever shares it holds a lock.

    ``events`` grows by marks and stimuli in time order; ``seed`` is the run's seed.
    """

    def __init__(self, plant: Plant, vocabulary: Vocabulary, seed: int, script: Script) -> None:
        self.plant = plant
        self.seed = seed
        self.script = script
        self.events: list[Event] = []
        self._vocabulary = vocabulary
        self._tick = -1
        self._chain = hashlib.sha256(f"{seed}".encode()).digest()
        self._agenda: list[tuple[int, int, Cue]] = []
        self._added = 0
        self._watching: dict[int, Watch] = {}
        # What conditions were shown, as far back as they look, and the last values before that.
        self._shown: deque[tuple[int, Frame]] = deque()
        self._before: dict[str, tuple[int, float]] = {}
        plant.begin(script.init)
        for number, cue in enumerate(script.cues):
            if cue.when is None:
                self._plan(cue, -(-cue.at_us // TICK_US))
            else:
                self._watching[number] = cue.when.watch()
        self.run_to(0)

    # ------------------------------------------------------------------ time

    @property
    def t_us(self) -> int:
        """The instant that the twin has lived up to, microseconds from the start of the run."""
        return self._tick * TICK_US

    def run_to(self, t_us: int) -> None:
        """Live on until ``t_us``, rounded down to a tick; a time that has passed does nothing."""
        last = t_us // TICK_US
        step = self.plant.step
        tick = self._tick
        while tick < last:
            tick += 1
            self._tick = tick
            if self._agenda and self._agenda[0][0] <= tick:
                self._perform_due()
            step(tick)
            if tick % FRAME_TICKS == 0:
                self._take_frame()

    def _take_frame(self) -> None:
        """Chain the raw readings and commands into the digest and let conditions see them."""
        plant = self.plant
        raws = [str(it.raw) if it.alive else "-" for it in plant.sensors.values()]
        moved = [str(int(it.position * 255)) for it in plant.actuators.values()]
        frame = f"{self._tick};{','.join(raws)};{','.join(moved)}".encode("ascii")
        self._chain = hashlib.sha256(self._chain + frame).digest()
        if self._watching:
            self._look()

    @property
    def digest(self) -> str:
        """Hex SHA-256 of all frames so far: equal for equal runs, on every machine."""
        return self._chain.hex()

    # ------------------------------------------------------------------ the kit's points

    def read(self, point: str) -> float | None:
        """Return what a point shows now, in its unit; ``None`` where its sensor gives nothing.

        An actuator shows the command that it last accepted, as a kit's register does.

        Raises:
            KeyError: the kit has no such point.
        """
        sensor = self.plant.sensors.get(point)
        return self.plant.actuators[point].command if sensor is None else sensor.value

    def drive(self, point: str, value: float) -> None:
        """Command an actuator, in the point's unit.

        Raises:
            KeyError: the kit has no such actuator.
        """
        self.plant.actuators[point].drive(value, self._tick)

    # ------------------------------------------------------------------ what happens to it

    @property
    def marks(self) -> list[Event]:
        """The marks so far, in time order; each has ``id``, and ``text`` where it was given."""
        return [event for event in self.events if event.kind == "mark"]

    def stimulate(self, do: str, **args: float | str | bool) -> None:
        """Do something to the kit now, by hand.

        Raises:
            BadInput: no such stimulus on this kit, or an argument that does not fit.
        """
        self._do(self._vocabulary.deed(do, args), None, "operator")

    def plan(self, cue: Cue) -> None:
        """Add a timed cue to what is to come; a time that has passed means now."""
        self._plan(cue, max(self._tick, -(-cue.at_us // TICK_US)))

    def _plan(self, cue: Cue, tick: int) -> None:
        self._added += 1
        insort(self._agenda, (tick, self._added, cue), key=lambda entry: entry[:2])

    def _perform_due(self) -> None:
        while self._agenda and self._agenda[0][0] <= self._tick:
            tick, _, cue = self._agenda.pop(0)
            self._perform(cue)
            if cue.every_us is not None:
                self._plan(cue, tick + max(1, cue.every_us // TICK_US))

    def _perform(self, cue: Cue) -> None:
        if cue.mark is not None:
            said: dict[str, object] = {"id": cue.mark}
            if cue.text is not None:
                said["text"] = cue.text.to_json()
            self._tell("mark", said)
        if cue.deed is not None:
            self._do(cue.deed, cue.for_us, "scenario")

    def _do(self, deed: Deed, for_us: int | None, who: str) -> None:
        self._tell("stimulus", {"do": deed.do, **deed.args, "who": who})
        undo = self._apply(deed)
        if undo is not None and for_us is not None:
            self._plan(Cue(deed=undo), self._tick + max(1, for_us // TICK_US))

    def _apply(self, deed: Deed) -> Deed | None:
        args = deed.args
        match deed.do:
            case "fault":
                self._break(str(args["on"]), str(args["kind"]), float(args["value"]))
                return Deed("mend", {"on": args["on"]})
            case "mend":
                self._break(str(args["on"]), None, 0.0)
                return None
            case "drive":
                before = self.plant.actuators[str(args["on"])].command
                self.drive(str(args["on"]), float(args["to"]))
                return Deed("drive", {"on": args["on"], "to": before})
            case _:
                return self.plant.apply(deed, self._tick)

    def _break(self, point: str, kind: str | None, value: float) -> None:
        sensor = self.plant.sensors.get(point)
        if sensor is not None:
            sensor.break_with(None if kind is None else Fault(SensorFault(kind), value))
            return
        fault = None if kind is None else Fault(ActuatorFault(kind), value)
        self.plant.actuators[point].break_with(fault)

    def _tell(self, kind: str, what: dict[str, object]) -> None:
        self.events.append(Event(max(0, self._tick) * TICK_US, kind, what))

    # ------------------------------------------------------------------ conditions

    def _look(self) -> None:
        """Show the points to every waiting condition; perform those that hold now."""
        needed = sorted({point for watch in self._watching.values() for point in watch.points})
        frame = {point: self.read(point) for point in needed}
        self._shown.append((self._tick, frame))
        for number in self._show(self._tick, frame):
            del self._watching[number]
            self._perform(self.script.cues[number])
        self._forget()

    def _show(self, tick: int, frame: Frame) -> list[int]:
        """Show one frame; return the cues whose condition holds and whose time has come."""
        t_us = tick * TICK_US
        holding = []
        for number, watch in self._watching.items():
            for point in sorted(watch.points):
                watch.feed(point, t_us, frame[point])
            if watch.truth(t_us) is True and t_us >= self.script.cues[number].at_us:
                holding.append(number)
        return holding

    def _forget(self) -> None:
        """Drop the frames that no waiting condition looks back to."""
        waiting = [self.script.cues[number].when for number in self._watching]
        reach_us = max((condition.reach_us for condition in waiting if condition), default=0)
        oldest = self._tick - reach_us // TICK_US - 2 * FRAME_TICKS
        while self._shown and self._shown[0][0] < oldest:
            tick, frame = self._shown.popleft()
            self._before |= {p: (tick, value) for p, value in frame.items() if value is not None}

    # ------------------------------------------------------------------ snapshots

    def snapshot(self) -> str:
        """Return everything that changes, as JSON; a few kilobytes, exact to the last bit."""
        return json.dumps(
            {
                "tick": self._tick,
                "chain": self._chain.hex(),
                "plant": self.plant.state(),
                "sensors": {point: it.state() for point, it in self.plant.sensors.items()},
                "actuators": {point: it.state() for point, it in self.plant.actuators.items()},
                "agenda": [[tick, order, cue.to_json()] for tick, order, cue in self._agenda],
                "added": self._added,
                "events": [[event.t_us, event.kind, event.data] for event in self.events],
                "watching": sorted(self._watching),
                "shown": list(self._shown),
                "before": self._before,
            }
        )

    def restore(self, snapshot: str) -> None:
        """Go back to a snapshot of a twin with the same plant, seed and script."""
        saved: dict[str, Any] = json.loads(snapshot)
        self._tick = saved["tick"]
        self._chain = bytes.fromhex(saved["chain"])
        self.plant.restore(saved["plant"])
        for point, sensor in self.plant.sensors.items():
            sensor.restore(saved["sensors"][point])
        for point, actuator in self.plant.actuators.items():
            actuator.restore(saved["actuators"][point])
        self._agenda = [(tick, order, Cue.from_json(cue)) for tick, order, cue in saved["agenda"]]
        self._added = saved["added"]
        self.events[:] = [Event(t_us, kind, data) for t_us, kind, data in saved["events"]]
        self._before = {point: (tick, value) for point, (tick, value) in saved["before"].items()}
        self._shown = deque((tick, frame) for tick, frame in saved["shown"])
        self._watch_again(saved["watching"])

    def _watch_again(self, waiting: list[int]) -> None:
        """Bring conditions back by showing them again what they have seen."""
        self._watching = {}
        for number in waiting:
            condition = self.script.cues[number].when
            if condition is not None:
                self._watching[number] = condition.watch()
        for watch in self._watching.values():
            for point in sorted(watch.points & self._before.keys()):
                tick, value = self._before[point]
                watch.feed(point, tick * TICK_US, value)
        for tick, frame in self._shown:
            self._show(tick, frame)
