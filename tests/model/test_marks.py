"""Marks are rounded once, half to even; outcomes roll up to the worst; a grade has one digest."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labapp.model.text import Text, same
from labapp.model.verdict import Outcome, fraction_text, roll_up
from labapp.model.work import Grade, Item, marks

POINTS = st.fractions(min_value=-1000, max_value=1000, max_denominator=10_000)
CENTS = Decimal("0.01")


@given(POINTS)
def test_rounded_to_the_nearest_hundredth(points: Fraction) -> None:
    assert abs(Fraction(marks(points)) - points) <= Fraction(1, 200)


@given(st.integers(min_value=-(10**6), max_value=10**6))
def test_half_to_even_as_decimal_arithmetic_has_it(thousandths: int) -> None:
    expected = (Decimal(thousandths) / 1000).quantize(CENTS, ROUND_HALF_EVEN)
    assert Decimal(marks(Fraction(thousandths, 1000))) == expected


@given(POINTS)
def test_no_zeros_at_the_end_and_no_second_form(points: Fraction) -> None:
    text = marks(points)
    assert not ("." in text and text.endswith(("0", ".")))
    assert text != "-0"
    assert marks(Fraction(text)) == text


@pytest.mark.parametrize(
    ("points", "text"),
    [("25/3", "8.33"), ("13", "13"), ("0", "0"), ("5/8", "0.62"), ("7/8", "0.88"), ("1/1000", "0"),
     ("-1/1000", "0"), ("-5/2", "-2.5"), ("1/200", "0"), ("3/200", "0.02")],
)  # fmt: skip
def test_known_marks(points: str, text: str) -> None:
    assert marks(Fraction(points)) == text


def test_outcomes_roll_up_to_the_worst() -> None:
    worse = [
        Outcome.MET,
        Outcome.NOT_EXERCISED,
        Outcome.INCONCLUSIVE,
        Outcome.NOT_MET,
        Outcome.ERROR,
    ]
    for one, other in product(worse, repeat=2):
        assert roll_up([one, other]) == max(one, other, key=worse.index)


def test_the_order_of_outcomes_does_not_matter() -> None:
    some = [Outcome.MET, Outcome.NOT_EXERCISED, Outcome.INCONCLUSIVE, Outcome.NOT_MET]
    assert {roll_up(list(order)) for order in permutations(some)} == {Outcome.NOT_MET}


@given(st.lists(st.sampled_from(list(Outcome)), max_size=6))
def test_met_only_where_all_were_met(outcomes: list[Outcome]) -> None:
    assert (roll_up(outcomes) == Outcome.MET) == (bool(outcomes) and set(outcomes) == {Outcome.MET})


def _item(name: str, score: Fraction | None, most: int) -> Item:
    return Item(
        id=name,
        title=Text("标题", "Title"),
        outcome=Outcome.MET if score == 1 else Outcome.NOT_MET,
        score=score,
        low=score or Fraction(0),
        high=score if score is not None else Fraction(1),
        max=Fraction(most),
        episodes=(),
        cites=(),
        say=same("…"),
    )


def _grade(*items: Item) -> Grade:
    return Grade(
        project="fire-alarm",
        version="1.0.0",
        step="challenge",
        bench={"kind": "twin"},
        outcome=roll_up([item.outcome for item in items]),
        items=items,
        engine="e",
        recording="sha256:" + "0" * 64,
    )


@settings(max_examples=40)
@given(st.lists(st.fractions(0, 1, max_denominator=60), min_size=1, max_size=8))
def test_thirds_are_not_rounded_before_they_are_added(shares: list[Fraction]) -> None:
    grade = _grade(*(_item(f"i{n}", share, 10) for n, share in enumerate(shares)))
    assert grade.points == 10 * sum(shares, Fraction(0))
    assert grade.to_json()["points"] == marks(grade.points)
    assert 0 <= grade.points <= grade.max == 10 * len(shares)


def test_three_thirds_are_a_whole() -> None:
    grade = _grade(*(_item(name, Fraction(1, 3), 10) for name in "abc"))
    assert grade.to_json()["points"] == "10"
    assert [item["points"] for item in grade.to_json()["items"]] == ["3.33"] * 3


def test_what_was_not_judged_earns_nothing_yet() -> None:
    item = _item("a", None, 10).to_json()
    assert (item["points"], item["score"], item["low"], item["high"]) == ("0", None, "0", "1")
    assert fraction_text(Fraction(5, 6)) == "5/6"


def test_a_digest_covers_every_mark() -> None:
    one, other = _grade(_item("a", Fraction(1, 2), 10)), _grade(_item("a", Fraction(1, 3), 10))
    assert one.to_json()["digest"] == _grade(_item("a", Fraction(1, 2), 10)).to_json()["digest"]
    assert one.to_json()["digest"] != other.to_json()["digest"]
