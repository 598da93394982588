"""``check --cases``: the published form of questions and answers, and whatever else comes."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from labapp.criteria.cases import judge_case

CASE: dict[str, Any] = {
    "id": "c1",
    "check": "each time flame turns on: buzzer is on within 2 s",
    "channels": {
        "flame": {"unit": "1", "states": ["off", "on"], "stale_after_us": 60_000_000,
                  "t_us": [0, 10_000_000], "value": [0, 1]},
        "buzzer": {"unit": "1", "states": ["off", "on"], "stale_after_us": 60_000_000,
                   "t_us": [0, 11_000_000], "value": [0, 1]},
        "temp": {"unit": "Cel", "stale_after_us": 3_000_000, "t_us": [0], "value": [21.5]},
    },
    "gaps_us": [],
    "span_us": [0, 60_000_000],
    "needs": {"episodes": 1},
    "score": {"by": "episodes"},
}  # fmt: skip
TEXT = {
    "type": "object",
    "required": ["zh", "en"],
    "additionalProperties": False,
    "properties": {"zh": {"type": "string", "minLength": 1}, "en": {"type": "string"}},
}
SHARE = {"type": ["string", "null"], "pattern": r"^(0|1|[1-9]\d*/[1-9]\d*)$"}
OUTCOMES = ["met", "not_met", "not_exercised", "inconclusive"]
ANSWER = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "outcome", "score", "low", "high", "episodes", "cites", "say", "truth"],
    "properties": {
        "id": {"type": ["string", "integer", "null"]},
        "outcome": {"enum": OUTCOMES},
        "score": SHARE,
        "low": SHARE,
        "high": SHARE,
        "episodes": {"type": "array", "items": {
            "type": "object",
            "required": ["from_us", "to_us", "outcome"],
            "properties": {"from_us": {"type": "integer"}, "to_us": {"type": "integer"},
                           "outcome": {"enum": OUTCOMES}}}},
        "cites": {"type": "array", "items": {
            "type": "object",
            "required": ["channel", "from_us", "to_us", "expected", "seen"],
            "properties": {"channel": {"type": "string"}, "expected": {"type": "string"},
                           "seen": {"type": "string"}}}},
        "say": TEXT,
        "truth": {"type": "array", "items": {"type": ["boolean", "null"]}},
    },
}  # fmt: skip
ERRORS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "outcome", "errors"],
    "properties": {
        "id": {"type": ["string", "integer", "null"]},
        "outcome": {"const": "error"},
        "errors": {"type": "array", "minItems": 1, "items": {
            "type": "object",
            "required": ["code", "file", "line", "column", "path", "message"],
            "properties": {"code": {"type": "string"}, "message": TEXT}}},
    },
}  # fmt: skip
FORM = Draft202012Validator({"anyOf": [ANSWER, ERRORS]})


def answer(case: object) -> dict[str, Any]:
    found = judge_case(case)
    FORM.validate(json.loads(json.dumps(found, allow_nan=False)))
    return found


def changed(path: str, value: Any) -> dict[str, Any]:
    case: Any = copy.deepcopy(CASE)
    *way, last = path.split(".")
    part = case
    for name in way:
        part = part[name]
    part[last] = value
    result: dict[str, Any] = case
    return result


def test_a_case_is_answered_in_the_published_form() -> None:
    found = answer(CASE)
    assert (found["id"], found["outcome"], found["score"]) == ("c1", "met", "1")
    assert found["episodes"] == [{"from_us": 10_000_000, "to_us": 11_000_000, "outcome": "met"}]
    late = answer(changed("channels.buzzer.t_us", [0, 12_000_001]))
    assert (late["outcome"], late["score"], late["low"], late["high"]) == ("not_met", "0", "0", "0")
    assert late["cites"] == [
        {"channel": "buzzer", "from_us": 0, "to_us": 12_000_001, "expected": "on", "seen": "off"},
        {"channel": "flame", "from_us": 0, "to_us": 10_000_000, "expected": "off", "seen": "off"},
        {"channel": "flame", "from_us": 10_000_000, "to_us": 10_000_001, "expected": "on",
         "seen": "on"},
    ]  # fmt: skip


def test_formulas_answer_at_every_instant_asked() -> None:
    case = {
        **CASE,
        "check": "stl: eventually[0 s, 2 s] buzzer is on",
        "query_us": [-1, 0, 8_999_999, 9_000_000, 58_000_001, 60_000_000],
    }
    found = answer(case)
    assert found["truth"] == [None, False, False, True, True, None]
    assert found["outcome"] == "not_met"
    assert answer({**case, "query_us": []})["truth"] == []


def test_null_is_unknown_and_the_rest_goes_on() -> None:
    found = answer(changed("channels.buzzer.value", [0, None]))
    assert found["outcome"] == "inconclusive"
    assert found["score"] is None


def test_mistakes_in_the_criterion_are_told_with_line_and_column() -> None:
    found = answer({**CASE, "check": "each time flame turns onn:\n buzzer is on within 2 lx"})
    assert [(e["code"], e["path"], e["line"], e["column"]) for e in found["errors"]] == [
        ("C-DURATION", "check", 2, 22)
    ]
    unknown = answer({**CASE, "check": "always smoke > 3 % and flame is onn"})
    assert [(e["code"], e["line"], e["column"]) for e in unknown["errors"]] == [
        ("C-NAME", 1, 8),
        ("C-STATE", 1, 33),
    ]


WRONG = [
    ("check", 5, "check"),
    ("channels", [], "channels"),
    ("channels.temp", None, "channels.temp"),
    ("channels.temp.t_us", [0, 1], "channels.temp.value"),
    ("channels.temp.t_us", ["0"], "channels.temp.t_us.0"),
    ("channels.temp.t_us", [True], "channels.temp.t_us.0"),
    ("channels.temp.t_us", [0.5], "channels.temp.t_us.0"),
    ("channels.temp.t_us", [2**80], "channels.temp.t_us.0"),
    ("channels.temp.value", ["hot"], "channels.temp.value.0"),
    ("channels.temp.value", [10**400], "channels.temp.value.0"),
    ("channels.temp.value", [float("inf")], "channels.temp.value.0"),
    ("channels.temp.unit", 3, "channels.temp.unit"),
    ("channels.temp.stale_after_us", -1, "channels.temp.stale_after_us"),
    ("channels.temp.gaps_us", [[1]], "channels.temp.gaps_us.0"),
    ("channels.flame.t_us", [10, 0], "channels.flame.t_us.1"),
    ("channels.flame.states", ["on", "on"], "channels.flame.states"),
    ("gaps_us", [[5, 1]], "gaps_us.0"),
    ("span_us", [5], "span_us"),
    ("span_us", None, "span_us"),
    ("needs", {"episodes": -1}, "needs.episodes"),
    ("needs", {"spaced_us": "soon"}, "needs.spaced_us"),
    ("score", {"by": "luck"}, "score.by"),
    ("score", {"by": []}, "score.by"),
    ("score", {"zero_at": "5/0"}, "score.zero_at"),
    ("query_us", {}, "query_us"),
    ("doubt_us", -5, "doubt_us"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "told"), WRONG)
def test_what_is_wrong_with_a_case_is_told_with_its_path(path: str, value: Any, told: str) -> None:
    found = answer(changed(path, value))
    assert found["outcome"] == "error"
    assert [error["path"] for error in found["errors"]] == [told]


def test_all_that_is_wrong_is_told_at_once() -> None:
    found = answer({"id": 7, "check": 1, "channels": {"a": 1, "b": 2}, "span_us": [1, 0]})
    assert found["id"] == 7
    assert [e["path"] for e in found["errors"]] == ["check", "channels.a", "channels.b", "span_us"]


def test_a_line_that_is_no_json_is_told_as_such() -> None:
    found = answer({"id": None, "not_json": "Expecting value: line 1 column 1 (char 0)"})
    assert found["errors"][0]["code"] == "C-NOT-JSON"


def test_shares_to_start_from_may_be_written_in_any_way() -> None:
    late = changed("channels.buzzer.t_us", [0, 30_000_000])
    for zero_at in ("80 %", "4/5", "0.8", 0.8, 0):
        assert answer({**late, "score": {"by": "time", "zero_at": zero_at}})["score"] == "0"


anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
PATHS = ["id", "check", "channels", "channels.flame", "channels.flame.t_us", "channels.flame.unit",
         "channels.flame.value", "channels.flame.states", "channels.flame.stale_after_us",
         "channels.flame.gaps_us", "gaps_us", "span_us", "needs", "score", "query_us",
         "doubt_us"]  # fmt: skip


@settings(max_examples=100)
@given(st.one_of(anything, st.tuples(st.sampled_from(PATHS), anything)))
def test_any_json_value_is_answered(value: Any) -> None:
    answer(changed(*value) if isinstance(value, tuple) else value)


@pytest.mark.parametrize("start", [2**53, -(2**53) - 9, 2**60 - 100])
def test_instants_are_exact_far_beyond_what_a_float_holds(start: int) -> None:
    flame = {"unit": "1", "states": ["off", "on"], "stale_after_us": 50,
             "t_us": [start, start + 1], "value": [0, 1]}  # fmt: skip
    case = {
        "id": "far",
        "check": "stl: rise(flame is on)",
        "channels": {"flame": flame},
        "span_us": [start, start + 100],
        "query_us": [start + n for n in (0, 1, 2, 50, 52)],
    }
    found = judge_case(case)
    assert found["truth"] == [False, True, False, False, None]
