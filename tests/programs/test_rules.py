"""Rules as a program: what they drive and when, their mistakes, and what can be seen of them."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Never

import pytest

from labapp.app.clock import SystemClock
from labapp.model.text import Text
from labapp.model.trouble import BadInput
from labapp.programs.program import ProgramState
from labapp.programs.rules import RuleProgram, RuleTruth, rules_as_python
from labapp.programs.rules_file import read_rules
from tests.programs.fake_kit import (
    POINTS,
    FakeKit,
    Ran,
    lead,
    message_of,
    ramp,
    stopped_at_the_end,
    turns_on,
)
from tests.programs.fake_kit import run as run_python
from tests.waiting import wait_for

ALARM = """\
rules:
  - name: {zh: 火焰报警, en: Alarm on flame}
    when: flame > 30 % for 200 ms
    then: {buzzer: on, fan: 0}
    else: {buzzer: off}
"""


def program_of(source: str) -> RuleProgram:
    return RuleProgram(source.encode(), "rules.yaml", POINTS)


def run(source: str, seconds: float, kit: FakeKit) -> Ran:
    program = program_of(source)
    assert program.check() == ()
    return lead(program, kit, seconds)


def mistakes(source: str) -> list[tuple[int | None, int | None, str]]:
    """Return line, column and English words of everything that is wrong."""
    return [(p.line, p.column, p.message.en) for p in program_of(source).check()]


# ---------------------------------------------------------------------- what they drive


def test_a_rule_drives_while_it_holds_and_otherwise(tmp_path: Path) -> None:
    flame = turns_on(1.0, 2.0)
    ran = run(ALARM, 3.0, FakeKit({"flame": lambda t: 50 * float(flame(t) or 0)}))
    assert ran.state == ProgramState.RUNNING
    assert ran.writes == [
        (0, "buzzer", 0.0),
        (1_200_000, "buzzer", 1.0),
        (1_200_000, "fan", 0.0),
        (2_000_000, "buzzer", 0.0),
    ]


def test_what_is_not_known_drives_nothing() -> None:
    kit = FakeKit({"flame": ramp(50, 0, from_s=0.55)}, bad=lambda _, t: t > 2_000_000)
    ran = run(ALARM, 3.0, kit)
    assert ran.writes == [(800_000, "buzzer", 1.0), (800_000, "fan", 0.0)]
    assert [t.truth for t in _truths(ran)] == [None]


def test_the_first_rule_wins_and_only_what_is_new_is_written() -> None:
    source = """\
period: 50 ms
rules:
  - {name: {zh: 甲, en: A}, when: flame > 30 %, then: {fan: 20}}
  - {name: {zh: 乙, en: B}, when: flame > 10 %, then: {fan: 80, buzzer: on}}
  - {name: {zh: 丙, en: C}, when: flame <= 10 %, then: {fan: 0, buzzer: off}}
"""
    ran = run(source, 5.0, FakeKit({"flame": ramp(0, 10)}))
    assert ran.writes == [
        (0, "fan", 0.0), (0, "buzzer", 0.0),
        (1_050_000, "fan", 80.0), (1_050_000, "buzzer", 1.0),
        (3_050_000, "fan", 20.0),
    ]  # fmt: skip


def test_values_are_states_truths_numbers_and_words() -> None:
    source = """\
rules:
  - when: temp > 0 Cel
    then: {buzzer: true, gas_valve: OPEN, fan: 12.5, label: "fire"}
"""
    ran = run(source, 0.1, FakeKit({"temp": ramp(20, 0)}))
    assert [(p, v) for _, p, v in ran.writes] == [
        ("buzzer", 1.0), ("gas_valve", 1.0), ("fan", 12.5), ("label", "fire"),
    ]  # fmt: skip


def test_a_write_that_the_kit_refuses_is_tried_again_and_told_once() -> None:
    reason = Text("套件没有应答。", "The kit did not answer.")
    kit = FakeKit({"flame": ramp(50, 0)}, refused={"buzzer": reason})
    ran = run(ALARM, 1.0, kit)
    assert ran.state == ProgramState.RUNNING
    assert [(p, v) for _, p, v in ran.writes] == [("fan", 0.0)]
    assert ran.output == "0.2 s  套件没有应答。\n0.2 s  The kit did not answer.\n"
    assert [e.data["not_driven"] for e in kit.events] == ["buzzer"]


def test_an_output_that_could_not_be_read_is_written_anew(tmp_path: Path) -> None:
    """A kit that restarted has forgotten what it was told; the Python does the same."""
    source = "rules: [{name: {zh: 甲, en: A}, when: flame > 30 %, then: {buzzer: on}}]"

    def kit() -> FakeKit:
        lost = lambda point, t_us: point == "buzzer" and 300_000 < t_us < 600_000  # noqa: E731
        return FakeKit({"flame": lambda _: 50.0}, bad=lost)

    written = [(0, "buzzer", 1.0), (600_000, "buzzer", 1.0)]
    assert run(source, 1.0, kit()).writes == written
    python = rules_as_python(source.encode(), "rules.yaml", POINTS)
    assert run_python(python, tmp_path, 1.0, kit()).writes == written


def test_no_rules_drive_nothing() -> None:
    ran = run("rules: []\n", 0.5, FakeKit())
    assert (ran.state, ran.writes) == (ProgramState.RUNNING, [])


def test_they_look_back_over_what_they_saw() -> None:
    source = """\
rules:
  - {when: call_point is on in the last 500 ms, then: {buzzer: on}, else: {buzzer: off}}
"""
    ran = run(source, 3.0, FakeKit({"call_point": turns_on(1.02, 1.04)}))
    on_us, off_us = [t for t, _, _ in ran.writes][-2:]
    assert [v for _, _, v in ran.writes][-2:] == [1.0, 0.0]
    assert (on_us, off_us) == (1_100_000, 1_600_000)


def test_each_rule_shows_whether_it_holds_and_what_it_sees() -> None:
    source = """\
rules:
  - {name: {zh: 热, en: Hot}, when: temp > 57 Cel, then: {fan: 100}}
  - {name: {zh: 危险, en: Danger}, when: temp > 30 Cel and call_point is on, then: {buzzer: on}}
"""
    program = program_of(source)
    assert [(t.name.en, t.truth, t.now.en) for t in program.truths()] == [
        ("Hot", None, "—"), ("Danger", None, "—"),
    ]  # fmt: skip
    lead(program, FakeKit({"temp": ramp(64, 0), "call_point": lambda _: 0.0}), 0.3)
    assert [(t.truth, t.now) for t in program.truths()] == [
        (True, Text("现在 64.0 °C", "now 64.0 °C")),
        (False, Text("温度 64.0 °C，手报 off", "Temperature 64.0 °C, Call point off")),
    ]


def test_they_run_live_until_they_are_stopped() -> None:
    clock = SystemClock()
    pressed = threading.Event()
    kit = FakeKit({"call_point": lambda _: float(pressed.is_set())}, now_us=clock.now_us)
    source = "rules:\n  - {when: call_point is on, then: {buzzer: on}, else: {buzzer: off}}\n"
    with stopped_at_the_end(program_of(source)) as program:
        assert program.start(kit, clock) is True
        assert program.start(kit, clock) is False
        wait_for(lambda: len(kit.writes) == 1)
        pressed.set()
        wait_for(lambda: len(kit.writes) == 2)
        assert program.state == ProgramState.RUNNING
    written = len(kit.writes)
    assert [value for _, _, value in kit.writes] == [0.0, 1.0]
    assert (program.state, len(kit.writes)) == (ProgramState.STOPPED, written)
    assert program.start(kit, clock) is False


def test_rules_with_mistakes_do_not_run() -> None:
    program = program_of("rules:\n  - {when: flame >, then: {}}\n")
    kit = FakeKit()
    assert lead(program, kit, 0.1).state == ProgramState.FAILED
    assert program.failure == program.check()[0]
    assert message_of(program).zh
    assert program.truths() == ()


def test_a_fault_of_the_kits_own_is_ours(expected_logs: object) -> None:
    class Broken(FakeKit):
        def read(self, point: str) -> Never:
            raise LookupError(point)

    assert callable(expected_logs)
    expected_logs("a run of rules ended by a fault of ours")
    clock = SystemClock()
    with stopped_at_the_end(program_of(ALARM)) as program:
        assert program.start(Broken(now_us=clock.now_us), clock) is True
        wait_for(lambda: program.state == ProgramState.FAILED)
    assert program.failure is not None
    assert program.failure.code == "program.ours"
    assert program.state == ProgramState.FAILED


def test_evidence_keeps_what_ran() -> None:
    program = program_of(ALARM)
    lead(program, FakeKit(), 0.1)
    assert program.facts() == {
        "sha256": program.sha256, "filename": "rules.yaml", "state": "stopped", "failure": None,
        "rules": 1, "period_us": 100_000,
    }  # fmt: skip


# ---------------------------------------------------------------------- mistakes


def test_every_mistake_has_its_place() -> None:
    source = """\
period: 5 parsecs
rules:
  - name: {zh: 甲, en: A}
    when: flaem > 30 %
    then: {buzer: on}
  - name: {zh: 乙}
    when: "temp > 30 lx and flame > 3 %"
    then: {fan: 120, temp: 3, buzzer: loud}
"""
    assert mistakes(source) == [(6, 5, "The English text (en) is missing.")]
    found = mistakes(source.replace("{zh: 乙}", "{zh: 乙, en: B}"))
    assert [(line, column) for line, column, _ in found] == [
        (1, 9), (4, 11), (5, 12), (7, 19), (8, 17), (8, 22), (8, 39),
    ]  # fmt: skip
    words = [text for _, _, text in found]
    assert words[0].startswith("period is 5 parsecs;")
    assert "Did you mean flame?" in words[1]
    assert words[2] == "The kit has no point called buzer. Did you mean buzzer?"
    assert words[4] == "fan cannot be 120 %; 0 % … 100 % is allowed."


def test_a_mistake_in_a_folded_condition_has_its_line_and_column() -> None:
    source = """\
rules:
  - when: >-
      flame > 30 %
      and temp > 3 lx
    then: {fan: 50}
"""
    assert [(line, column) for line, column, _ in mistakes(source)] == [(4, 18)]


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("", 1, "empty"),
        ("rules:\n  - {when: flame > 3 %}\n", 2, "then is missing"),
        ("rules:\n  - {then: {fan: 1}}\n", 2, "when is missing"),
        ("rules:\n  - {when: flame > 3 %, than: {fan: 1}, then: {}}\n", 2, "Did you mean"),
        ("rule: []\n", 1, "Did you mean rules?"),
        ("rules:\n\t- when: flame > 3 %\n", 2, "use spaces to indent"),
        ("rules:\n  - {when: 3, then: {}}\n", 2, "put 3 in quotes"),
        ("rules:\n  - {when: flame > 3 %, then: {fan: }}\n", 2, "was given None"),
        ("rules:\n  - {when: flame > 3 %, then: {fan: '50 %'}}\n", 2, 'was given "50 %"'),
        ("rules:\n  - {when: flame > 3 %, then: {fan: 1, fan: 2}}\n", 2, "twice"),
        ("rules:\n  - {when: flame > 3 %, then: {}}\nperiod: 1 ms\n", 3, "from 10 ms to 1 h"),
        ("rules:\n  - when: |\n      flame > 3 %\n      and temp <\n    then: {}\n", 4, ""),
        ("rules:\n" + "  - {when: flame > 3 %, then: {fan: 1}}\n" * 51, 1, "51 rules"),
        ("rules: {a: &x 1, b: *x}\n", 1, "not used here"),
    ],
)
def test_what_is_wrong_is_told_where_it_is(source: str, line: int, words: str) -> None:
    found = mistakes(source)
    assert any(at == line and words in text for at, _, text in found), found


def test_reading_rules_raises_what_check_tells() -> None:
    source = "rules:\n  - {when: flame >, then: {}}\n"
    with pytest.raises(BadInput) as caught:
        read_rules(source.encode(), "rules.yaml", POINTS)
    assert caught.value.problems == program_of(source).check()


def test_a_name_may_be_missing_or_written_once() -> None:
    source = (
        "rules:\n  - {when: flame > 3 %, then: {}}\n  - {name: 风, when: flame > 4 %, then: {}}\n"
    )
    assert [t.name for t in program_of(source).truths()] == [
        Text("规则 1", "Rule 1"),
        Text("风", "风"),
    ]


# ---------------------------------------------------------------------- conflicts


def notes(source: str) -> list[tuple[int | None, str]]:
    program = program_of(source)
    assert program.check() == ()
    return [(note.line, note.message.en) for note in program.notes()]


def test_rules_that_can_never_act_are_noted() -> None:
    source = """\
rules:
  - {when: flame > 30 %, then: {buzzer: on}, else: {buzzer: off}}
  - {when: call_point is on, then: {buzzer: on}}
"""
    [(line, words)] = notes(source)
    assert line == 3
    assert words.startswith("Rule 1 drives buzzer whether it holds or not, so rule 2 never does.")


def test_rules_that_want_different_things_are_noted() -> None:
    source = """\
rules:
  - {when: flame > 30 %, then: {fan: 20}}
  - {when: temp > 50 Cel, then: {fan: 80}}
  - {when: temp > 60 Cel, then: {fan: 20, buzzer: on}}
"""
    [(line, words)] = notes(source)
    assert line == 3
    assert "fan obeys rule 1 (20 %), not 80 %" in words


def test_rules_that_agree_are_not_noted() -> None:
    assert notes(ALARM) == []


def _truths(ran: Ran) -> tuple[RuleTruth, ...]:
    assert isinstance(ran.program, RuleProgram)
    return ran.program.truths()
