"""Grades made by hand, of every outcome, with texts that try to break out of the page."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from labapp.model.text import Text
from labapp.model.verdict import Cite, Episode, Outcome
from labapp.model.work import Grade, Item

HOSTILE = "</title><script>alert(1)</script>\"'&\u202e\x00"


def make_item(name: str, outcome: Outcome, points: int = 4, **more: Any) -> Item:
    """Return one line; met in full unless told otherwise."""
    score = {Outcome.MET: Fraction(1), Outcome.NOT_MET: Fraction(1, 3)}.get(outcome)
    facts: dict[str, Any] = {
        "title": Text(f"第 {name} 项", f"Item {name}"),
        "score": score,
        "low": Fraction(0) if score is None else score,
        "high": Fraction(1) if score is None else score,
        "episodes": (Episode(1_000_000, 2_000_000, outcome),),
        "cites": (),
        "say": Text("原因在这里。", "This is why."),
    }
    return Item(id=name, outcome=outcome, max=Fraction(points), **{**facts, **more})


def make_grade(*items: Item, version: str = "1.0.0") -> Grade:
    """Return a grade of these items."""
    worst = [o for o in Outcome if any(item.outcome == o for item in items)]
    return Grade(
        project="small",
        version=version,
        step="alarm",
        bench={"kind": "twin", "profile": "fire-safety", "unit": 1, "seed": 3,
               "scenario": "press", "clock": "lockstep"},
        outcome=worst[-1] if worst else Outcome.MET,
        items=items,
        engine="stl-zoh/1",
        recording="sha256:" + "ab" * 32,
    )  # fmt: skip


def all_outcomes() -> Grade:
    """Return a grade with every outcome."""
    cites = (
        Cite("buzzer", 12_000_000, 15_000_000, "on", "off"),
        Cite("temp", 11_000_000, 12_000_000, ">= 19 Cel", "20..20.5 Cel"),
    )
    return make_grade(
        make_item("met", Outcome.MET, measured=Text("1.8 s", "1.8 s"), required=Text("≤ 3 s", "≤ 3 s")),
        make_item("late", Outcome.NOT_MET, cites=cites),
        make_item("open", Outcome.INCONCLUSIVE),
        make_item("idle", Outcome.NOT_EXERCISED),
        make_item("broken", Outcome.ERROR, title=Text(HOSTILE, HOSTILE), say=Text(HOSTILE, HOSTILE)),
    )  # fmt: skip
