"""Which data a verdict lacks: the channel, and from when to when."""

from __future__ import annotations

from collections.abc import Mapping

from labapp.criteria.check import Clause, Statistic, clause_reach, conditions_of
from labapp.criteria.condition import names_of
from labapp.criteria.evaluate import Evaluation
from labapp.criteria.figures import seconds
from labapp.criteria.finding import Finding
from labapp.criteria.intervals import clip, complement, pairs
from labapp.model.text import Text
from labapp.model.verdict import Cite, Outcome

EXPECTED, SEEN = "data", "no data"


def missing(clause: Clause, finding: Finding, on: Evaluation) -> tuple[Cite, ...]:
    """Return the first hole of each channel that the first unsure episode depends on.

    Empty where nothing is missing in the recording, which then ended too early.
    """
    low, high = _window(clause, finding, on)
    holes = []
    for name in sorted(_names(clause)):
        unknown = complement(clip(on.known(name), *on.span), *on.span)
        for start, end in pairs(unknown):
            if start < high and end > low:
                holes.append(Cite(name, start, end, EXPECTED, SEEN))
                break
    return tuple(holes)


def hole_words(hole: Cite, names: Mapping[str, Text]) -> Text:
    """Return what is missing, in words."""
    name = names.get(hole.channel) or Text(f" {hole.channel} ", hole.channel)
    start, end = seconds(hole.from_us), seconds(hole.to_us)
    return Text(
        f"缺的是{name.zh}在 {start}～{end} 的数据。",
        f"Missing: {name.en} from {start} to {end}.",
    )


def _window(clause: Clause, finding: Finding, on: Evaluation) -> tuple[int, int]:
    unsure = [e for e in finding.episodes if e.outcome == Outcome.INCONCLUSIVE]
    if not unsure:
        return on.span
    past, future = clause_reach(clause)
    return unsure[0].from_us - past, unsure[0].to_us + future + 1


def _names(clause: Clause) -> frozenset[str]:
    found = {value.name for value in clause.names} if isinstance(clause, Statistic) else set()
    for condition in conditions_of(clause):
        found |= names_of(condition)
    return frozenset(found)
