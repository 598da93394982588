"""Judges a criterion on a given trace, both as one JSON value: ``labapp check --cases``.

Whatever the value is, the answer is a JSON object: a judgement, or all that was wrong with it.
"""

from __future__ import annotations

from typing import Any

from labapp.criteria.bind import BoundCheck, ChannelSpec, bind
from labapp.criteria.case_form import Case, read_case
from labapp.criteria.judge import judge
from labapp.criteria.parse import parse_check
from labapp.model.trouble import BadInput, Problem
from labapp.model.verdict import Judgement, Outcome, fraction_text


def judge_case(case: object) -> dict[str, Any]:
    """Return the published answer to one case; a case that cannot be read gives its errors."""
    name = _name_of(case)
    try:
        read = read_case(case)
        judgement = judge(
            _bound(read),
            read.trace,
            needs=read.needs,
            score=read.score,
            doubt_us=read.doubt_us,
            query_us=read.query_us,
        )
    except BadInput as trouble:
        return _errors(name, trouble.problems)
    if judgement.outcome == Outcome.ERROR:
        return _errors(name, (Problem(code="C-TRACE", message=judgement.say),))
    return _answer(name, judgement)


def _bound(case: Case) -> BoundCheck:
    specs = {
        name: ChannelSpec(unit=channel.unit, states=channel.states)
        for name, channel in case.trace.channels.items()
    }
    try:
        return bind(parse_check(case.check), specs)
    except BadInput as trouble:
        raise BadInput(*(_inside_check(problem) for problem in trouble.problems)) from None


def _inside_check(problem: Problem) -> Problem:
    return Problem(
        code=problem.code,
        message=problem.message,
        line=problem.line,
        column=problem.column,
        path="check",
    )


def _name_of(case: object) -> str | int | None:
    """Return the case's own id where it is one, else ``None``."""
    name = case.get("id") if isinstance(case, dict) else None
    return name if isinstance(name, str | int) and not isinstance(name, bool) else None


def _answer(name: str | int | None, judgement: Judgement) -> dict[str, Any]:
    return {
        "id": name,
        "outcome": judgement.outcome.value,
        "score": fraction_text(judgement.score),
        "low": fraction_text(judgement.low),
        "high": fraction_text(judgement.high),
        "episodes": [episode.to_json() for episode in judgement.episodes],
        "cites": [cite.to_json() for cite in judgement.cites],
        "say": judgement.say.to_json(),
        "truth": list(judgement.truth),
    }


def _errors(name: str | int | None, problems: tuple[Problem, ...]) -> dict[str, Any]:
    return {
        "id": name,
        "outcome": Outcome.ERROR.value,
        "errors": [problem.to_json() for problem in problems],
    }
