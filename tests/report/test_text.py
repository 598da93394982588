"""Grades on a terminal: aligned in both languages, and nothing that moves the cursor."""

from __future__ import annotations

import unicodedata

import pytest

from labapp.model.text import Lang, Text
from labapp.model.verdict import Outcome
from labapp.report.text import change_lines, columns, grade_table
from tests.report.grades import HOSTILE, all_outcomes, make_grade, make_item


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_columns_line_up_also_with_full_width_text(lang: Lang) -> None:
    items = [
        make_item("a", Outcome.MET, title=Text("很长很长的一个标题", "A rather long title")),
        make_item("b", Outcome.NOT_MET, title=Text("短", "Short")),
        make_item("c", Outcome.INCONCLUSIVE, title=Text("mixed 混合 57 °C", "mixed")),
    ]
    lines = grade_table(make_grade(*items), lang).splitlines()
    table = lines[2:6]
    assert len({columns(line) for line in table}) == 1
    ends = [columns(line[: line.index(" / ")]) for line in table[1:]]
    assert len(set(ends)) == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_table_says_everything_that_costs_points(lang: Lang) -> None:
    table = grade_table(all_outcomes(), lang)
    for mark in ("[+]", "[x]", "[?]", "[-]", "[!]"):
        assert mark in table
    assert ("未通过" if lang == "zh" else "Not passed") in table
    assert ("虚拟时间" if lang == "zh" else "virtual time") in table
    assert table.count("原因在这里。" if lang == "zh" else "This is why.") == 3
    assert "5.33 / 20" in table
    assert "— / 4" in table


def test_no_control_character_reaches_the_terminal() -> None:
    table = grade_table(all_outcomes(), "zh") + change_lines(all_outcomes(), make_grade(), "zh")
    odd = {c for c in table if unicodedata.category(c) in ("Cc", "Cs", "Cf")} - {"\n"}
    assert odd == set()
    assert HOSTILE[:8] in table


def test_long_reasons_are_wrapped() -> None:
    say = Text("这是一段很长的话，" * 20, "quite a lot of words " * 20)
    for lang in ("zh", "en"):
        table = grade_table(make_grade(make_item("a", Outcome.NOT_MET, say=say)), lang)
        assert max(columns(line) for line in table.splitlines()) <= 96
        reason = "".join(line.strip() for line in table.rpartition("[x]")[2].splitlines()[1:])
        assert reason.replace(" ", "") == say.in_(lang).replace(" ", "")


def test_a_step_without_items_has_a_total_only() -> None:
    assert grade_table(make_grade(), "en").splitlines()[-1] == "Total 0 / 0 points, passed"


def test_changes_name_what_changed_and_what_came_and_went() -> None:
    before = make_grade(make_item("a", Outcome.MET), make_item("gone", Outcome.MET))
    after = make_grade(
        make_item("a", Outcome.NOT_MET), make_item("new", Outcome.MET), version="1.1.0"
    )
    said = change_lines(before, after, "en")
    assert "Item a" in said
    assert "Passed 4 / 4" in said
    assert "Not passed 1.33 / 4" in said
    assert said.count("no such item") == 2
    assert said.splitlines()[-1] == "Total 8 / 8 becomes 5.33 / 8 (1.0.0 to 1.1.0)"
    assert "结果不变" in change_lines(before, before, "zh")


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("报警", 4), ("57 °C", 5), ("é", 1), ("e\u0301", 1), ("，", 2)]
)
def test_columns_are_counted_as_terminals_do(text: str, width: int) -> None:
    assert columns(text) == width
