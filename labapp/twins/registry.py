"""Which twin plays which profile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from labapp.model.trouble import BadInput, Problem
from labapp.profiles.profile import Profile
from labapp.twins import fire_kit
from labapp.twins.actuator import ActuatorSpec
from labapp.twins.conditions import PointFacts
from labapp.twins.engine import Twin
from labapp.twins.fire import FirePlant
from labapp.twins.plain import PlainPlant, plain_stimuli
from labapp.twins.plant import STATUS, Plant
from labapp.twins.scenario import Scenario, find_scenarios, load_scenario, read_scenario
from labapp.twins.scenario_script import Kit
from labapp.twins.script import Script
from labapp.twins.vocabulary import Vocabulary, unknown_word

DEFAULT_PRESET = "room"


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinKind:
    """One kind of kit that can be played: its words, its presets and how to build it."""

    kit: Kit
    presets: tuple[str, ...]
    build: Callable[[int, str], Plant]


def _drives(specs: Mapping[str, ActuatorSpec]) -> dict[str, float]:
    return {point: spec.full for point, spec in specs.items()}


_FIRE = TwinKind(
    kit=Kit(
        Vocabulary(
            stimuli=fire_kit.STIMULI,
            sensors=tuple(fire_kit.SENSORS),
            drives=_drives(fire_kit.ACTUATORS),
            init=fire_kit.INIT,
        ),
        {point: PointFacts(*facts) for point, facts in fire_kit.POINTS.items()},
    ),
    presets=tuple(fire_kit.PRESETS),
    build=lambda seed, preset: FirePlant(seed, fire_kit.PRESETS[preset]),
)
_KINDS: Mapping[str, TwinKind] = {"fire-safety": _FIRE}


def kind_of(profile: Profile) -> TwinKind:
    """Return the kind of twin for a profile: by its id, by its points, else a plain one.

    A profile under another id whose measured points are all a known kit's is played as that kit.
    """
    if profile.id in _KINDS:
        return _KINDS[profile.id]
    played = (point for point in profile.points if point.id not in STATUS)
    points = {point.id for point in played if point.unit != "1" or point.is_driven}
    for kind in _KINDS.values():
        if points and points <= kind.kit.points.keys():
            return kind
    return _plain(profile)


def _plain(profile: Profile) -> TwinKind:
    plant = PlainPlant(0, profile)
    return TwinKind(
        kit=Kit(
            Vocabulary(
                stimuli={stimulus.do: stimulus for stimulus in plain_stimuli(profile)},
                sensors=tuple(plant.sensors),
                drives={point: it.spec.full for point, it in plant.actuators.items()},
                init={},
            ),
            {point.id: PointFacts(point.unit, point.states) for point in profile.points},
        ),
        presets=(DEFAULT_PRESET,),
        build=lambda seed, _: PlainPlant(seed, profile),
    )


def make_twin(
    profile: Profile,
    seed: int | None = None,
    scenario: Scenario | str | Path | None = None,
    preset: str | None = None,
    folders: Sequence[Path] = (),
) -> Twin:
    """Return a twin of the profile's kit at the start of a scenario.

    Without ``seed`` and ``preset`` the scenario's own are used, else 1 and ``room``; without
    ``scenario`` nothing happens by itself. A scenario by id is sought in ``folders``.

    Raises:
        BadInput: no such scenario or preset, a scenario for another kit, or mistakes in it.
    """
    kind = kind_of(profile)
    if isinstance(scenario, str | Path):
        scenario = load_scenario(scenario, folders)
    chosen = preset or (scenario.preset if scenario else DEFAULT_PRESET)
    if chosen not in kind.presets:
        raise BadInput(Problem(code="T-PRESET", message=unknown_word(chosen, kind.presets)))
    run = seed if seed is not None else scenario.seed if scenario else 1
    script = Script() if scenario is None else _script(scenario, run, kind)
    return Twin(kind.build(run, chosen), kind.kit.vocabulary, run, script)


def _script(scenario: Scenario, seed: int, kind: TwinKind) -> Script:
    return scenario.script(seed, kind.kit)


def check_scenario(source: Path | str, profile: Profile, text: str | None = None) -> Scenario:
    """Read a scenario and check it against the kit of ``profile``, for every seed.

    Raises:
        BadInput: with every mistake at its line and column.
    """
    scenario = read_scenario(source, text)
    scenario.check(kind_of(profile).kit)
    return scenario


def scenarios_for(profile: Profile, folders: Sequence[Path] = ()) -> list[Scenario]:
    """Return the scenarios made for a profile, by id.

    Raises:
        BadInput: one of the files has mistakes.
    """
    found = [read_scenario(path) for _, path in sorted(find_scenarios(folders).items())]
    return [scenario for scenario in found if scenario.kit == profile.id]
