"""Rules and the Python program that they can be shown as do the same at the same instants."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from labapp.model.text import Text
from labapp.programs.open_program import open_program
from labapp.programs.rules import RuleProgram, rules_as_python
from tests.programs.fake_kit import POINTS, FakeKit, lead, ramp, turns_on

RULES = """\
period: 150 ms
rules:
  - name: {zh: 火焰报警, en: "Alarm on flame!"}
    when: flame > 30 % for 500 ms and not temp < 10 Cel
    then: {buzzer: on, gas_valve: 0, label: 'say "fire"'}
    else: {buzzer: off}
  - name: {zh: 手报, en: class}
    when: call_point is on in the last 1 s
    then: {gas_valve: closed, fan: 12.5}
    else: {gas_valve: open}
  - name: {zh: 手报, en: Call point}
    when: flame in 20 %..40 % or temp > 25 Cel
    then: {fan: 100}
    else: {fan: 0}
"""


def scripted() -> FakeKit:
    """Return a kit on which every rule changes several times, with stretches not known."""
    return FakeKit(
        {
            "flame": lambda t: None if t < 330_000 else float(abs(t // 10_000 - 400) % 61),
            "temp": ramp(18, 1.5, from_s=0.7),
            "call_point": turns_on(2.02, 2.05, 5.5, 6.1, 9.0),
        },
        bad=lambda point, t: point == "temp" and 3_000_000 < t < 3_600_000,
        refused={"label": Text("没有屏。", "There is no display.")},
    )


def test_the_same_writes_at_the_same_instants(tmp_path: Path) -> None:
    rules = lead(RuleProgram(RULES.encode(), "rules.yaml", POINTS), scripted(), 12.0)
    source = rules_as_python(RULES.encode(), "rules.yaml", POINTS)
    python = lead(open_program(source.encode(), "program.py", POINTS, tmp_path), scripted(), 12.0)
    assert python.program.failure is None
    assert len(rules.writes) > 12
    assert len({point for _, point, _ in rules.writes}) == 3
    assert python.writes == rules.writes


def test_it_is_a_program_to_learn_from() -> None:
    source = rules_as_python(RULES.encode(), "rules.yaml", POINTS)
    ast.parse(source)
    assert "for t in every(0.15):" in source
    assert "    # 1. 火焰报警 / Alarm on flame!\n" in source
    assert '    alarm_on_flame = holds("flame > 30 % for 500 ms and not temp < 10 Cel")\n' in source
    assert '        wanted.setdefault("buzzer", "on")\n' in source
    assert '        wanted.setdefault("label", \'say "fire"\')' in source
    assert "    rule_2 = holds(" in source  # class is a word of Python's own
    assert '        wanted.setdefault("fan", 12.5)\n' in source
    assert max(map(len, source.splitlines())) < 100


@pytest.mark.parametrize(
    "name", ['x"""y', "a\\nb", "#", "\u2028", "{zh}", "print(1)", "for", "t", "1st", "甲" * 80]
)
def test_names_cannot_become_statements(name: str) -> None:
    import json

    rules = f"rules:\n  - name: {{zh: {json.dumps(name)}, en: {json.dumps(name)}}}\n"
    rules += "    when: flame > 3 %\n    then: {fan: 1}\n"
    plain = rules.replace(json.dumps(name), '"x"')
    shapes = [
        [
            type(node).__name__
            for node in ast.walk(ast.parse(rules_as_python(s.encode(), "r", POINTS)))
        ]
        for s in (rules, plain)
    ]
    assert shapes[0] == shapes[1]


def test_no_rules_are_a_program_too(tmp_path: Path) -> None:
    source = rules_as_python(b"rules: []\n", "rules.yaml", POINTS)
    ran = lead(open_program(source.encode(), "program.py", POINTS, tmp_path), FakeKit(), 0.5)
    assert (ran.program.failure, ran.writes) == (None, [])
