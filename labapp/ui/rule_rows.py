"""The lines of a rule's sentence: one for each comparison, one for what it sets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from labapp.model.text import Text, same
from labapp.profiles.profile import Point, Profile
from labapp.ui.look import Look
from labapp.ui.rule_fields import FitChoice, JointButton, NumberField, Remark, Word, show_as_tag
from labapp.ui.rule_words import (
    COMPARISONS,
    LEADS,
    USUAL_WAIT,
    WAITS,
    WHEN,
    hold_parts,
    point_options,
    sensed,
    shown_unit_of,
    state_options,
    usual_setting,
    usual_term,
)
from labapp.ui.rules_text import Comparison, Joint, Setting, Term
from labapp.ui.widgets.buttons import ToolButton
from labapp.ui.widgets.flow import Flow
from labapp.ui.widgets.layout import row

VALUE, WAIT = Text("值", "Value"), Text("持续时间", "How long")
MORE_TERMS = Text("再加一个条件", "Add a condition")
MORE_SETTINGS = Text("再加一个动作", "Add an action")
LESS = Text("去掉这一项", "Take this out")
_OPS: dict[str, Comparison] = {op: op for op, _ in COMPARISONS}


class SentenceRow(QWidget):
    """A word, and fields after it that go on in the next line where they do not fit."""

    removed = Signal()
    added = Signal()

    def __init__(self, look: Look, lead: QWidget) -> None:
        super().__init__()
        self.look = look
        self._fields: list[QWidget] = []
        self._buttons: list[ToolButton] = []
        self._flow = Flow()
        self._group: QHBoxLayout | None = None
        fields = QWidget()
        fields.setLayout(self._flow)
        self._box = row(lead, (fields, 1), gap=4)
        self._box.setAlignment(lead, Qt.AlignmentFlag.AlignTop)
        self.setLayout(self._box)

    def begin_group(self) -> None:
        """Keep what is put from now on together in one line."""
        group = QWidget()
        self._group = row(gap=6)
        group.setLayout(self._group)
        self._flow.addWidget(group)

    def put(self, *fields: QWidget) -> None:
        """Add fields at the end."""
        for field in fields:
            self._fields.append(field)
            self._append(field)

    def put_close(self, close: Callable[[], object]) -> None:
        """Add a small button that takes out what stands before it."""
        self._append(self._button("close", LESS, close))

    def _append(self, widget: QWidget) -> None:
        (self._flow if self._group is None else self._group).addWidget(widget)

    def put_plus(self, tip: Text, add: Callable[[], object]) -> ToolButton:
        """Add a small button at the right edge that adds one more."""
        button = self._button("plus", tip, add)
        self._box.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return button

    def _button(self, glyph: str, tip: Text, act: Callable[[], object]) -> ToolButton:
        button = ToolButton(self.look, glyph, tip)
        button.setProperty("tight", True)
        button.restyle()
        button.clicked.connect(lambda: act())
        self._buttons.append(button)
        return button

    def set_reading(self, reading: bool) -> None:
        """Show the sentence as plain tags, or as fields again."""
        for field in self._fields:
            if isinstance(field, FitChoice | NumberField):
                show_as_tag(field, self.look, reading)
        for button in self._buttons:
            button.setVisible(not reading)

    @property
    def first_field(self) -> QWidget:
        """The field that is typed in first."""
        return self._fields[0]


class TermRow(SentenceRow):
    """One comparison, ``term``.

    Signals:
        changed: it compares otherwise.
        shaped: the same, so that it needs other fields.
        joined: the word between it and the comparison before.
    """

    changed = Signal()
    shaped = Signal()
    joined = Signal(str)

    def __init__(
        self, look: Look, profile: Profile, term: Term, joint: Joint | None, *, alone: bool
    ) -> None:
        super().__init__(look, _lead(look, joint, self._join))
        self._profile, self.term = profile, term
        self._point = FitChoice(
            look, Text("看哪个量", "What to look at"), point_options(sensed(profile))
        )
        self._point.choose(term.point)
        self._point.picked.connect(self._look_at)
        self.put(self._point)
        self._put_value(profile.point(term.point))
        self._put_wait()
        if not alone:
            self.put_close(self.removed.emit)
        self.more = self.put_plus(MORE_TERMS, self.added.emit)

    def _put_value(self, point: Point | None) -> None:
        term = self.term
        if term.op == "is":
            options = [] if point is None else state_options(point)
            if term.value not in dict(options):
                options = [*options, (term.value, same(term.value))]
            self.put(Remark(self.look, Text("是", "is")))
            states = FitChoice(self.look, VALUE, options)
            states.choose(term.value)
            states.picked.connect(self._set_value)
            self.put(states)
            return
        compare = FitChoice(self.look, Text("怎么比", "Comparison"), COMPARISONS)
        compare.choose(term.op)
        compare.picked.connect(self._set_op)
        number = NumberField(self.look, VALUE, term.value, shown_unit_of(term.unit))
        number.entered.connect(self._set_value)
        self.put(compare, number)

    def _put_wait(self) -> None:
        waits = FitChoice(self.look, WAIT, WAITS)
        waits.choose("for" if self.term.hold else "")
        waits.picked.connect(self._set_waits)
        self.put(waits)
        if self.term.hold:
            number, unit = hold_parts(self.term.hold)
            field = NumberField(self.look, WAIT, number, unit)
            field.entered.connect(self._set_hold)
            self.put(field)

    def _change(self, term: Term) -> None:
        self.term = term
        self.changed.emit()

    def _shape(self, term: Term) -> None:
        self.term = term
        self.shaped.emit()

    def _join(self, joint: str) -> None:
        self.joined.emit(joint)

    @Slot(str)
    def _look_at(self, name: str) -> None:
        point, old = self._profile.point(name), self._profile.point(self.term.point)
        if point is None:
            return
        alike = old is not None and (old.unit, old.states) == (point.unit, point.states)
        fresh = self.term if alike else replace(usual_term(point), hold=self.term.hold)
        self._shape(replace(fresh, point=name))

    @Slot(str)
    def _set_op(self, op: str) -> None:
        self._change(replace(self.term, op=_OPS[op]))

    @Slot(str)
    def _set_value(self, value: str) -> None:
        self._change(replace(self.term, value=value))

    @Slot(str)
    def _set_waits(self, waits: str) -> None:
        self._shape(replace(self.term, hold=USUAL_WAIT if waits else ""))

    @Slot(str)
    def _set_hold(self, number: str) -> None:
        _, unit = hold_parts(self.term.hold)
        self._change(replace(self.term, hold=f"{number} {unit}"))


class SettingsRow(SentenceRow):
    """What a rule sets. ``changed`` carries all settings, ``shaped`` too, when fields come or go."""

    changed = Signal(object)
    shaped = Signal(object)

    def __init__(
        self, look: Look, profile: Profile, lead: Text, settings: Sequence[Setting], *, keep: bool
    ) -> None:
        super().__init__(look, Word(look, lead, *LEADS))
        self._profile = profile
        self._settings = list(settings)
        self._keep = keep
        for index, (name, value) in enumerate(settings):
            self._put_setting(index, name, value)
        if self._free():
            self.put_plus(MORE_SETTINGS, self._add)

    def _put_setting(self, index: int, name: str, value: str) -> None:
        point = self._profile.point(name)
        self.begin_group()
        points = FitChoice(self.look, Text("驱动什么", "What to drive"), self._options(name))
        points.choose(name)
        points.picked.connect(lambda key: self._drive(index, key))
        self.put(points)
        if point is not None and point.states:
            options = state_options(point)
            if value not in dict(options):
                options = [*options, (value, same(value))]
            states = FitChoice(self.look, VALUE, options)
            states.choose(value)
            states.picked.connect(lambda key: self._set(index, key))
            self.put(states)
        else:
            unit = "" if point is None else shown_unit_of(point.unit)
            number = NumberField(self.look, VALUE, value, unit)
            number.entered.connect(lambda text: self._set(index, text))
            self.put(number)
        if len(self._settings) > 1 or not self._keep:
            self.put_close(lambda: self._remove(index))

    def _options(self, name: str) -> list[tuple[str, Text]]:
        taken = {other for other, _ in self._settings if other != name}
        points = tuple(p for p in self._profile.driven if p.id not in taken)
        options = point_options(points)
        return options if name in dict(options) else [*options, (name, same(name))]

    def _free(self) -> list[Point]:
        taken = {name for name, _ in self._settings}
        return [point for point in self._profile.driven if point.id not in taken]

    def _set(self, index: int, value: str) -> None:
        self._settings[index] = (self._settings[index][0], value)
        self.changed.emit(tuple(self._settings))

    def _drive(self, index: int, name: str) -> None:
        point = self._profile.point(name)
        if point is not None:
            self._settings[index] = usual_setting(point)
            self.shaped.emit(tuple(self._settings))

    def _remove(self, index: int) -> None:
        del self._settings[index]
        self.shaped.emit(tuple(self._settings))

    @Slot()
    def _add(self) -> None:
        self._settings.append(usual_setting(self._free()[0]))
        self.shaped.emit(tuple(self._settings))


def _lead(look: Look, joint: Joint | None, join: Callable[[str], None]) -> QWidget:
    """Return the word before a comparison: when, or a button that changes and into or."""
    if joint is None:
        return Word(look, WHEN, *LEADS)
    return JointButton(look, joint, join)
