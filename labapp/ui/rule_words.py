"""The words that a rule's card is made of: points, comparisons, waits, values."""

from __future__ import annotations

import re

from labapp.model.text import Text, same
from labapp.model.units import find_unit
from labapp.profiles.profile import Point, Profile
from labapp.ui.rules_text import Comparison, Rule, Setting, Term

WHEN, AND, OR = Text("当", "When"), Text("且", "and"), Text("或", "or")
THEN, ELSE = Text("则", "Then"), Text("否则", "Else")
LEADS = (WHEN, AND, OR, THEN, ELSE)
NEW_RULE = Text("新规则", "New rule")
COMPARISONS: tuple[tuple[Comparison, Text], ...] = (
    (">", Text("高于", "above")),
    (">=", Text("不低于", "at least")),
    ("<", Text("低于", "below")),
    ("<=", Text("不高于", "at most")),
)
WAITS = (("", Text("立即", "at once")), ("for", Text("持续", "for")))
USUAL_WAIT = "1 s"
_HOLD = re.compile(r"([\d.]+)\s*(\w+)")


def point_options(points: tuple[Point, ...]) -> list[tuple[str, Text]]:
    """Return points as options, by their names."""
    return [(point.id, point.name) for point in points]


def sensed(profile: Profile) -> tuple[Point, ...]:
    """Return the points that a condition may look at: sensors first, then what is driven."""
    found = [p for p in profile.points if p.kind != "counter" and p.at.type != "string"]
    return tuple(sorted(found, key=lambda point: point.is_driven))


def state_options(point: Point) -> list[tuple[str, Text]]:
    """Return a point's states by the names that programs use."""
    names = point.state_names or tuple(same(state) for state in point.states)
    return list(zip(point.states, names, strict=False))


def usual_term(point: Point) -> Term:
    """Return a comparison to begin with: on, or the middle of the range."""
    if point.states:
        return Term(point=point.id, op="is", value=point.states[-1])
    low, high = point.range or (0.0, 100.0)
    return Term(point=point.id, op=">", value=f"{(low + high) / 2:.0f}", unit=point.unit)


def usual_setting(point: Point) -> Setting:
    """Return a value to begin with: on, or as much as it takes."""
    if point.states:
        return point.id, point.states[-1]
    return point.id, f"{point.write.max:g}" if point.write else "0"


def new_rule(profile: Profile) -> Rule:
    """Return a rule to begin with: the first sensor drives the first output."""
    sensor, driven = sensed(profile)[0], profile.driven
    then = (usual_setting(driven[0]),) if driven else ()
    return Rule(name=NEW_RULE, when=usual_term(sensor).text, then=then)


def hold_parts(hold: str) -> tuple[str, str]:
    """Return number and unit of a wait like ``500 ms``."""
    match = _HOLD.fullmatch(hold.strip())
    return ("1", "s") if match is None else (match[1], match[2])


def shown_unit_of(symbol: str) -> str:
    """Return a unit as people read it."""
    unit = find_unit(symbol)
    return symbol if unit is None else unit.shown
