"""Truth of whole conditions from the truth of their leaves, on a trace or as values come in."""

from __future__ import annotations

from collections.abc import Callable

from labapp.criteria.algebra import (
    Truth,
    always,
    conjunction,
    disjunction,
    eventually,
    implication,
    negation,
    rise,
    since,
    until,
    within_span,
)
from labapp.criteria.condition import (
    Agrees,
    And,
    Compare,
    Condition,
    Edge,
    Held,
    Implies,
    InRange,
    IsState,
    Leaf,
    Near,
    Not,
    Or,
    Recent,
    Until,
    Window,
)


class Logic:
    """Kleene's logic over one span; nothing outside it is ever known, at any depth."""

    def __init__(self, leaf: Callable[[Leaf], Truth], span: tuple[int, int]) -> None:
        self._leaf = leaf
        self._span = span
        self._known: dict[Condition, Truth] = {}

    def truth(self, condition: Condition) -> Truth:
        """Return where ``condition`` is known true and known false within the span."""
        found = self._known.get(condition)
        if found is None:
            found = within_span(self._compute(condition), *self._span)
            self._known[condition] = found
        return found

    def _compute(self, condition: Condition) -> Truth:
        match condition:
            case IsState() | Compare() | InRange() | Near() | Agrees():
                return self._leaf(condition)
            case Not(of):
                return negation(self.truth(of))
            case And(items):
                return conjunction([self.truth(item) for item in items])
            case Or(items):
                return disjunction([self.truth(item) for item in items])
            case Implies(left, right):
                return implication(self.truth(left), self.truth(right))
            case _:
                return self._temporal(condition)

    def _temporal(self, condition: Held | Recent | Window | Until | Edge) -> Truth:
        match condition:
            case Held(of, last):
                return always(self.truth(of), -last, 0)
            case Recent(of, last):
                return eventually(self.truth(of), -last, 0)
            case Window(op, low, high, of):
                ahead = op in ("always", "eventually")
                window = (low, high) if ahead else (-high, -low)
                every = op in ("always", "historically")
                return (always if every else eventually)(self.truth(of), *window)
            case Until(op, low, high, left, right):
                form = until if op == "until" else since
                return form(self.truth(left), self.truth(right), low, high, self._span)
            case Edge(op, of):
                level = self.truth(of)
                return rise(level if op == "rise" else negation(level))
