"""A fault as it is written on the command line: ``smoke:stuck@52s+30s``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from labapp.model.duration import parse_duration_us
from labapp.model.text import Text
from labapp.model.trouble import BadInput, LabError, Problem
from labapp.profiles.profile import Profile
from labapp.twins.faults import LinkFault
from labapp.twins.registry import kind_of
from labapp.twins.script import Cue
from labapp.twins.stimuli import Value
from labapp.twins.vocabulary import unknown_word

LINK = "link"
_FORM = re.compile(
    r"(?P<on>[a-z][a-z0-9_]*)[:=](?P<kind>[a-z]+)(?:[:=](?P<value>[^@+]+))?"
    r"(?:@(?P<at>[^+]+))?(?:\+(?P<lasts>.+))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultSpec:
    """A fault of a sensor or actuator from ``at_us`` of the scenario, for ``for_us`` or for good."""

    on: str
    kind: str
    value: float | None = None
    at_us: int = 0
    for_us: int | None = None

    def cue(self, profile: Profile) -> Cue:
        """Return what a twin of ``profile`` has to do.

        Raises:
            LabError: the kit has no such point, or the point no such fault.
        """
        given: dict[str, Value | bool] = {"on": self.on, "kind": self.kind}
        if self.value is not None:
            given["value"] = self.value
        try:
            deed = kind_of(profile).kit.vocabulary.deed("fault", given)
        except BadInput as trouble:
            raise LabError(*trouble.problems) from trouble
        return Cue(deed=deed, at_us=self.at_us, for_us=self.for_us)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFaultSpec:
    """A fault of the wire; ``value`` is microseconds for delay, else a share of the replies."""

    kind: LinkFault
    value: float
    at_us: int = 0
    for_us: int | None = None

    def is_on(self, t_us: int) -> bool:
        """Return whether it is at work at an instant of the scenario."""
        return self.at_us <= t_us and (self.for_us is None or t_us < self.at_us + self.for_us)


def parse_fault(text: str) -> FaultSpec | LinkFaultSpec:
    """Read ``POINT:KIND[:VALUE][@TIME][+DURATION]`` or ``link:delay:200ms``, ``link:drop:0.1``.

    Raises:
        LabError: it has another form (U-FAULT), or the link has no such fault.
    """
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise _wrong(text)
    at, lasts = match["at"], match["lasts"]
    try:
        at_us = 0 if at is None else parse_duration_us(at)
        for_us = None if lasts is None else parse_duration_us(lasts)
        if match["on"] == LINK:
            return _link_fault(match["kind"], match["value"], at_us, for_us)
        value = None if match["value"] is None else float(match["value"])
    except ValueError as cause:
        raise _wrong(text) from cause
    return FaultSpec(on=match["on"], kind=match["kind"], value=value, at_us=at_us, for_us=for_us)


def _link_fault(kind: str, value: str | None, at_us: int, for_us: int | None) -> LinkFaultSpec:
    if kind not in tuple(LinkFault):
        message = unknown_word(kind, tuple(LinkFault))
        raise LabError(Problem(code="T-CHOICE", path="kind", message=message))
    known = LinkFault(kind)
    if known is LinkFault.DELAY:
        number = 200_000.0 if value is None else float(parse_duration_us(value))
    else:
        number = 0.1 if value is None else float(value)
        if not 0.0 <= number <= 1.0:
            raise ValueError(f"not a share: {value}")
    return LinkFaultSpec(kind=known, value=number, at_us=at_us, for_us=for_us)


def _wrong(text: str) -> LabError:
    return LabError(
        Problem(
            code="U-FAULT",
            message=Text(
                f"--fault {text} 看不懂。写成 smoke:stuck@52s+30s、temp:offset:5 "
                "或 link:delay:200ms 这样。",
                f"--fault {text} cannot be read. Write it like smoke:stuck@52s+30s, "
                "temp:offset:5 or link:delay:200ms.",
            ),
        )
    )
