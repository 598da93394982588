"""Text to parts and back, and where a text stops being a criterion."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labapp.criteria import check as k
from labapp.criteria import condition as c
from labapp.criteria.bind import ChannelSpec, bind, bind_condition
from labapp.criteria.check import horizons
from labapp.criteria.parse import parse_check, parse_condition
from labapp.criteria.write import write_check, write_condition
from labapp.model.trouble import BadInput, Problem
from tests.criteria.made import clauses, conditions, formulas
from tests.criteria.sixteen import CHANNELS, CRITERIA


@pytest.mark.parametrize("name", CRITERIA)
def test_the_sixteen_read_bind_and_write_back(name: str) -> None:
    check = parse_check(CRITERIA[name])
    assert write_check(check) == CRITERIA[name]
    assert parse_check(write_check(check)) == check
    assert bind(check, CHANNELS).check is check


@settings(max_examples=30)
@given(st.lists(clauses, min_size=1, max_size=3).map(tuple).map(k.Check))
def test_what_is_written_reads_back(check: k.Check) -> None:
    again = parse_check(write_check(check))
    assert write_check(again) == write_check(check)
    assert parse_check(write_check(again)) == again


@settings(max_examples=30)
@given(st.one_of(conditions))
def test_conditions_read_back_as_they_were(condition: c.Condition) -> None:
    assert parse_condition(write_condition(condition)) == condition


@settings(max_examples=30)
@given(formulas)
def test_formulas_read_back_as_they_were(formula: c.Condition) -> None:
    check = k.Check((k.Formula(formula),))
    assert parse_check(write_check(check)) == check


def test_the_expert_form_has_its_precedences() -> None:
    text = "stl: a is on until[0 s, 5 s] b is on and not c is off -> rise(d > -3) or x in 3..5"
    (formula,) = parse_check(text).clauses
    assert isinstance(formula, k.Formula)
    assert isinstance(formula.of, c.Implies)
    assert isinstance(formula.of.left, c.And)
    assert isinstance(formula.of.left.items[0], c.Until)
    assert isinstance(formula.of.right, c.Or)


def test_lasting_binds_closer_than_and() -> None:
    held = parse_condition("a is on and b is on for 2 s in the last 5 s")
    assert isinstance(held, c.And)
    assert isinstance(held.items[1], c.Recent)
    assert isinstance(held.items[1].of, c.Held)


def test_a_state_to_reach_may_be_held_without_a_deadline() -> None:
    (clause,) = parse_check("reach soil > 3 % for 5 min").clauses
    assert isinstance(clause, k.Reach)
    assert (clause.within_us, clause.for_us) == (None, 300_000_000)


def test_horizons_look_back_and_ahead() -> None:
    assert horizons(parse_check(CRITERIA["F1"])) == (1, 2_000_000)
    assert horizons(parse_check(CRITERIA["F2"])) == (5_000_000, 0)
    assert horizons(parse_check(CRITERIA["L1"])) == (3_000_001, 2_000_000)
    assert horizons(parse_check("stl: always[0 s, 9 s] once[0 s, 2 s] a is on")) == (
        2_000_000,
        9_000_000,
    )


# text, line, column, a code and what the message must hold
WRONG = [
    ("", 1, 1, "C-SYNTAX", "always"),
    ("always", 1, 7, "C-SYNTAX", "the end"),
    ("alwys soil > 3 %", 1, 1, "C-SYNTAX", "Did you mean always?"),
    ("each time flame turns on buzzer is on within 2 s", 1, 26, "C-SYNTAX", ":"),
    ("each time flame turns on: buzzer is on wihtin 2 s", 1, 40, "C-SYNTAX", "mean within?"),
    ("each time flame turns on: buzzer is on within 2", 1, 47, "C-DURATION", "500 ms"),
    ("each time flame turns on:\n  buzzer is on within 0.0000001 s", 2, 23, "C-DURATION", "whole"),
    ("always soil > $3", 1, 15, "C-SYNTAX", "NUMBER UNIT"),
    ("always (soil > 3 %", 1, 19, "C-SYNTAX", ")"),
    ("stl: always[0 s, 3 s soil > 3 %", 1, 22, "C-SYNTAX", "]"),
    ("stl: always[3 s, 0 s] flame is on", 1, 12, "C-WINDOW", "after its end"),
    ("stl: eventually flame is on", 1, 17, "C-SYNTAX", "["),
    ("accuracy(gesture_pred, gesture_label, set = held_out) >= 85 %", 1, 39, "C-UNSUPPORTED", "set"),
    ("always soil > 40 degC", 1, 15, "C-DIMENSION",
     '"40 degC" is temperature, but soil is in %'),
    ("always soil > 40", 1, 15, "C-NEEDS-UNIT", "soil is in %"),
    ("always soil > 40 percent", 1, 15, "C-UNIT", "Did you mean %?"),
    ("always temp > 40 dgeC", 1, 15, "C-UNIT", "Did you mean degC?"),
    ("always soll > 40 %", 1, 8, "C-NAME", "Did you mean soil?"),
    ("always flame is onn", 1, 17, "C-STATE", "Did you mean on?"),
    ("always flame > 3", 1, 8, "C-NOT-QUANTITY", "flame is on"),
    ("always soil is on", 1, 8, "C-NOT-STATE", "soil >="),
    ("always soil in 60 %..40 %", 1, 16, "C-RANGE", "Swap"),
    ("always soil = 40 % +- -3 %", 1, 23, "C-TOLERANCE", "below 0"),
    ("always age(soil) <= 3 %", 1, 21, "C-DURATION", "3 %"),
    ("always changes(soil, 2 s) <= 1.5", 1, 30, "C-WHOLE", "whole number"),
    ("share(soil > 3 %) >= 90 lx", 1, 22, "C-SHARE", "90 %"),
    ("always temp agrees with soil within 5 %", 1, 25, "C-DIMENSION", "Cel"),
    ("accuracy(gesture_pred, flame) >= 85 %", 1, 24, "C-LABELS", "same names"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "column", "code", "words"), WRONG)
def test_mistakes_are_told_with_their_place(
    text: str, line: int, column: int, code: str, words: str
) -> None:
    problem = mistake_in(text)
    assert (problem.code, problem.line, problem.column) == (code, line, column)
    assert words in problem.message.en
    assert problem.message.zh


def test_all_mistakes_of_a_criterion_are_told() -> None:
    with pytest.raises(BadInput) as caught:
        bind(parse_check("always soll > 3 % and flame is onn; never temp > 3 %"), CHANNELS)
    assert [p.code for p in caught.value.problems] == ["C-NAME", "C-STATE", "C-DIMENSION"]


def test_what_is_too_long_or_too_deep_is_refused() -> None:
    assert mistake_in("always " + "not " * 5_000 + "flame is on").code == "C-TOO-LONG"
    assert mistake_in("always " + "not " * 100 + "flame is on").code == "C-TOO-DEEP"
    assert mistake_in("always flame is on" + " for 1 s" * 100).code == "C-TOO-DEEP"
    deep = "(" * 2_000 + "flame is on" + ")" * 2_000
    assert isinstance(parse_condition(deep), c.IsState)


@given(st.text(max_size=60))
def test_any_text_is_a_criterion_or_told_where_it_is_not(text: str) -> None:
    try:
        parse_check(text)
    except BadInput as trouble:
        assert trouble.problems[0].line is not None  # noqa: PT017


@given(st.lists(st.sampled_from(
    ["each", "time", "whenever", "always", "never", "reach", "turns", "begins", ":", ";", "within", "for", "until", "unless", "throughout", "flame", "temp", "on", "is", "not", "and", "or", "in", "the", "last", "(", ")", "[", "]", ",", "..", "=", "+-", "<", ">=", "3", "2", "s", "40", "%", "stl:", "rise", "once", "->", "age(", "changes(", "share(", "while", "ignoring", "after", "start", "agrees", "with"]), max_size=14).map(" ".join))  # fmt: skip  # noqa: E501
def test_any_words_are_a_criterion_or_told_where_they_are_not(text: str) -> None:
    try:
        check = parse_check(text)
    except BadInput as trouble:
        assert trouble.problems[0].column is not None  # noqa: PT017
    else:
        assert parse_check(write_check(check)) == check


def test_units_are_converted_exactly() -> None:
    specs = {"t": ChannelSpec(unit="K"), "d": ChannelSpec(unit="cm")}
    bound = bind_condition(parse_condition("t > 20 degC and d = 0.1 m +- 5 mm"), specs)
    assert bound.points == {"t", "d"}
    assert mistake_in("always flame is on for 2").code == "C-DURATION"


def mistake_in(text: str) -> Problem:
    with pytest.raises(BadInput) as caught:
        bind(parse_check(text), CHANNELS)
    return caught.value.problems[0]
