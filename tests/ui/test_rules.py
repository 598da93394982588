"""Rules as cards: what is written comes back, every edit is in the text, mistakes stand at their rule."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from labapp.app.states import ProgramState, RuleTruth, RunPhase, RunState
from labapp.criteria.parse import parse_condition
from labapp.model.text import same
from labapp.ui.rule_card import RuleCard
from labapp.ui.rule_fields import FitChoice, JointButton, NumberField
from labapp.ui.rules_editor import RulesEditor
from labapp.ui.rules_text import Term, join_terms, read_rules, read_terms, shared_outputs
from labapp.ui.widgets.buttons import ToolButton
from tests.ui import fake_app
from tests.ui.fake_app import RULES, FakeDesk, fire_items, make_finished
from tests.ui.hands import ALT, click, drag, press, type_in
from tests.ui.shots import Stage

# ---------------------------------------------------------------- text and rules


def test_a_program_that_is_only_looked_at_stays_as_it_was_written() -> None:
    rules = read_rules(RULES)
    assert rules is not None
    assert rules.text == RULES
    assert [rule.name.en for rule in rules.rules] == ["Alarm on fire", "Spray when hot", "Gas leak"]
    assert rules.rules[0].otherwise == (("buzzer", "off"), ("strobe", "off"))
    assert rules.starts == (3, 7, 10)
    assert [rules.rule_at(line) for line in (1, 3, 6, 9, 12)] == [None, 0, 0, 1, 2]


def test_an_edited_rule_is_written_anew_and_the_others_stay() -> None:
    rules = read_rules(RULES)
    assert rules is not None
    fresh = rules.rules[1].changed(when="temp > 57 Cel for 1 s")
    text = rules.with_rule(1, fresh).text
    assert text == RULES.replace("for 6 s", "for 1 s").replace(
        '{zh: "超温喷淋", en: "Spray when hot"}', '{zh: "超温喷淋", en: "Spray when hot"}'
    )
    assert "# First: people must hear it." in text


def test_rules_move_with_their_comments() -> None:
    rules = read_rules(RULES)
    assert rules is not None
    moved = read_rules(rules.moved(0, 2).text)
    assert moved is not None
    assert [rule.name.en for rule in moved.rules] == ["Spray when hot", "Gas leak", "Alarm on fire"]
    assert moved.rules[2].lead == ("  # First: people must hear it.",)
    assert rules.moved(0, 3) is rules
    assert read_rules(rules.without(0).without(0).without(0).text) is not None


@pytest.mark.parametrize(
    "source",
    [
        "rules: []\n",
        "rules:\n- when: flame > 3 %\n  then: {buzzer: on}\n- when: temp > 5 Cel\n  then: {fan: 3}\n",
        "# head\nperiod: 100 ms\nrules: [{when: flame > 3 %, then: {buzzer: on}}]\nafter: 1\n",
        "rules:\n  - name: {zh: 甲, en: A}\n    when: >-\n      flame > 3 %\n      for 2 s\n"
        "    then:\n      buzzer: on\n# end\n",
    ],
)
def test_every_way_of_writing_comes_back_with_the_same_rules(source: str) -> None:
    rules = read_rules(source)
    assert rules is not None
    changed = rules
    for index, rule in enumerate(rules.rules):
        changed = changed.with_rule(index, rule.changed(otherwise=(("fan", "7"),)))
    again = read_rules(changed.text)
    assert again is not None
    assert len(again.rules) == len(rules.rules)
    for old, new in zip(rules.rules, again.rules, strict=True):
        assert (old.name, old.when, old.then) == (new.name, new.when, new.then)
        assert new.otherwise == (("fan", "7"),)
    for line in (*rules.before, *rules.after):
        assert line in changed.text


@pytest.mark.parametrize(
    "source", ["", "rules: {", "rules: 5", "a: 1", "rules: [5]", "rules: [{then: {fan: 1}}]"]
)
def test_what_no_card_could_show_is_left_to_the_text(source: str) -> None:
    assert read_rules(source) is None


@pytest.mark.parametrize(
    "when",
    [
        "flame >= 30 %",
        "flame>=30%",
        "temp > -5.5 Cel for 1 s",
        "call_point is on",
        "call_point is off for 500 ms and gas < 10 %LEL",
        "smoke > 2 %/m or flame > 30 %",
        "(smoke > 2 %/m for 3 s) and flame > 30 %",
    ],
)
def test_conditions_mean_the_same_after_their_card(when: str) -> None:
    found = read_terms(when)
    if found is None:  # a wait without brackets: both readings are possible, so it stays text
        assert "and" in when
        assert "for" in when
        return
    assert parse_condition(join_terms(*found)) == parse_condition(when)


@pytest.mark.parametrize(
    "when",
    [
        "not flame > 30 %",
        "flame > 30 % in the last 5 s",
        "flame > 1 % and (smoke > 1 %/m or temp > 5 Cel)",
        "flame > 1 % and smoke > 1 %/m or temp > 5 Cel",
        "flame > 1 % and",
        "",
    ],
)
def test_conditions_of_another_shape_stay_text(when: str) -> None:
    assert read_terms(when) is None


def test_several_waits_stand_in_brackets() -> None:
    terms = [
        Term(point="flame", op=">", value="3", unit="%", hold="2 s"),
        Term(point="call_point", op="is", value="on"),
    ]
    assert join_terms(terms, "or") == "(flame > 3 % for 2 s) or call_point is on"
    assert read_terms(join_terms(terms, "or")) == (tuple(terms), "or")


def test_outputs_of_several_rules_are_told() -> None:
    rules = read_rules(
        "rules:\n  - {when: a > 1, then: {fan: 1}}\n  - {when: b > 1, then: {fan: 2}}\n"
    )
    assert rules is not None
    assert shared_outputs(rules.rules) == {"fan": [1, 2]}


# ---------------------------------------------------------------- cards


@pytest.fixture
def desk(stage: Stage) -> FakeDesk:
    """Return the desk, at the programming step with the rules open."""
    found = stage.open("program", fake_app.SIMULATED)
    stage.space.step_view.tabs.open("rules")
    return found


@pytest.fixture
def editor(stage: Stage, desk: FakeDesk) -> RulesEditor:
    """Return the editor of rules."""
    return stage.space.code.rules


def card(editor: RulesEditor, index: int, qtbot: QtBot) -> RuleCard:
    """Return a card once it is on the screen."""
    found = editor.cards.cards[index]
    qtbot.waitUntil(found.isVisible)
    return found


def lines(editor: RulesEditor) -> list[str]:
    """Return the text, line by line."""
    return editor.source().splitlines()


def test_a_typed_number_is_in_the_text_at_once(editor: RulesEditor, qtbot: QtBot) -> None:
    number = card(editor, 1, qtbot).findChildren(NumberField)[0]
    number.setFocus()
    number.selectAll()
    type_in(number, "61.5")
    assert "    when: temp > 61.5 Cel for 6 s" in lines(editor)
    press(number, Qt.Key.Key_Backspace)
    press(number, Qt.Key.Key_Backspace)
    assert "    when: temp > 61 Cel for 6 s" in lines(editor)


def test_a_rule_is_added_renamed_and_deleted(
    editor: RulesEditor, desk: FakeDesk, qtbot: QtBot
) -> None:
    click(editor.add)
    fresh = card(editor, 3, qtbot)
    fresh.name.selectAll()
    type_in(fresh.name, "Mine")
    assert '  - name: {zh: "Mine", en: "New rule"}' in lines(editor)
    editor.save()
    assert "Mine" in desk.programs["rules"]
    click(fresh.more)
    menu = fresh.findChild(QMenu)
    assert menu is not None
    menu.actions()[-1].trigger()
    menu.close()
    assert editor.source() == RULES
    click(editor.undo)
    assert "Mine" in editor.source(), "what was deleted can be brought back"


def test_rules_are_moved_by_keys_and_by_dragging(
    stage: Stage, editor: RulesEditor, qtbot: QtBot
) -> None:
    stage.activate()
    first = card(editor, 0, qtbot)
    first.focus_first()
    focused = editor.focusWidget()
    assert focused is not None
    press(focused, Qt.Key.Key_Down, ALT)
    assert [c.rule.name.en for c in editor.cards.cards][:2] == ["Spray when hot", "Alarm on fire"]
    grip = card(editor, 1, qtbot)._grip
    qtbot.waitUntil(grip.isVisible)
    above = grip.mapFromGlobal(editor.cards.cards[0].mapToGlobal(QPoint(10, 5)))
    drag(grip, grip.rect().center(), above)
    assert [c.rule.name.en for c in editor.cards.cards][:2] == ["Alarm on fire", "Spray when hot"]


def test_terms_and_settings_come_and_go(editor: RulesEditor, qtbot: QtBot) -> None:
    second = card(editor, 1, qtbot)
    plus = [b for b in second.findChildren(ToolButton) if b.accessibleName() == "再加一个条件"]
    click(plus[0])
    second = card(editor, 1, qtbot)
    assert "    when: (temp > 57 Cel for 6 s) and flame > 50 %" in lines(editor)
    click(second.findChildren(JointButton)[0])
    assert "    when: (temp > 57 Cel for 6 s) or flame > 50 %" in lines(editor)
    second = card(editor, 1, qtbot)
    plus = [b for b in second.findChildren(ToolButton) if b.accessibleName() == "再加一个动作"]
    click(plus[0])
    assert "    then: {sprinkler: on, buzzer: on}" in lines(editor)


def test_another_point_brings_its_own_values(editor: RulesEditor, qtbot: QtBot) -> None:
    points = card(editor, 1, qtbot).findChildren(FitChoice)[0]
    points.setFocus()
    names = [points.itemData(n) for n in range(points.count())]
    points.setCurrentIndex(names.index("call_point"))
    points.activated.emit(points.currentIndex())
    assert "    when: call_point is on for 6 s" in lines(editor)


def test_a_mistake_stands_at_its_rule(editor: RulesEditor, qtbot: QtBot) -> None:
    editor.edit.replace_all(RULES.replace("temp > 57 Cel", "tmep > 57 Cel"))
    editor.check()
    assert editor.problems
    assert editor.cards.cards[1].flaw is not None
    assert editor.cards.cards[0].flaw is None
    editor.request_run()
    assert editor.cards.cards[1].flaw is not None


def test_broken_text_is_mended_in_the_text(editor: RulesEditor, qtbot: QtBot) -> None:
    editor.edit.replace_all("rules:\n  - when: flame > 3 %\n   then: {buzzer: on}\n")
    assert editor.views.key == "text"
    assert editor.edit.isVisible()
    qtbot.waitUntil(lambda: bool(editor.problems))
    click(editor.views._group.button(0))
    assert editor.views.key == "text", "there are no cards to show yet"
    editor.edit.undo()
    click(editor.views._group.button(0))
    assert editor.views.key == "cards"
    assert len(editor.cards.cards) == 3


def test_rules_are_shown_as_python_and_taken_there(
    stage: Stage, editor: RulesEditor, desk: FakeDesk, qtbot: QtBot
) -> None:
    click(editor.views._group.button(2))
    program = editor.python.toPlainText()
    assert "labkit" in program
    assert "sprinkler" in program
    click(editor._take)
    assert stage.space.step_view.tabs.key == "python"
    assert stage.space.code.python.source() == program
    assert stage.space.code.python.problems == ()


def test_a_failed_check_points_at_the_rule_behind_it(
    editor: RulesEditor, desk: FakeDesk, qtbot: QtBot
) -> None:
    items = fire_items(desk.step)
    assert items[1].cites[0].channel == "sprinkler"
    desk.grade(make_finished(desk.step, items))
    qtbot.waitUntil(lambda: editor.cards.cards[1].flaw is not None)
    flaw = editor.cards.cards[1].flaw
    assert flaw is not None
    assert items[1].title.zh in flaw.zh
    assert editor.cards.cards[0].flaw is None


def test_while_rules_run_they_are_only_read_and_say_whether_they_hold(
    editor: RulesEditor, desk: FakeDesk, qtbot: QtBot
) -> None:
    truths = tuple(
        RuleTruth(name=same("x"), truth=truth, now=same("")) for truth in (True, False, None)
    )
    program = ProgramState(kind="rules", phase="running", rules=truths)
    desk.set_run(RunState(phase=RunPhase.RUNNING, step="program", program=program))
    qtbot.waitUntil(lambda: not editor.add.isVisible())
    said = [c._truth.accessibleName() for c in editor.cards.cards]
    assert said == ["成立", "不成立", "还不知道"]
    number = editor.cards.cards[1].findChildren(NumberField)[0]
    assert not number.isEnabled()
    desk.set_run(RunState())
    qtbot.waitUntil(lambda: number.isEnabled())


def test_without_a_program_the_bench_says_which_conditions_hold(
    editor: RulesEditor, qtbot: QtBot
) -> None:
    card(editor, 0, qtbot)
    editor.look_at_bench()
    said = [c._truth.accessibleName() for c in editor.cards.cards]
    assert said[2] == "不成立"
    assert editor.cards.cards[2]._now.text() == "现在 0.0 %LEL，未按下"
