"""One rule as a sentence: when, then, else; whether it holds now, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QWidget

from labapp.model.reading import Reading
from labapp.model.text import Text
from labapp.profiles.profile import Profile
from labapp.ui.look import Look
from labapp.ui.rule_fields import Remark, Word, show_as_tag
from labapp.ui.rule_parts import FlawStrip, Grip, NameField
from labapp.ui.rule_rows import SentenceRow, SettingsRow, TermRow
from labapp.ui.rule_words import ELSE, LEADS, THEN, WHEN, sensed, usual_term
from labapp.ui.rules_text import Joint, Rule, Term, join_terms, read_terms
from labapp.ui.style_sizes import CARD_RADIUS
from labapp.ui.theme import CAPTION
from labapp.ui.value_panel import value_words
from labapp.ui.widgets.buttons import ToolButton
from labapp.ui.widgets.chip import Chip
from labapp.ui.widgets.fields import Field
from labapp.ui.widgets.labels import NOTHING, Label
from labapp.ui.widgets.layout import column, row
from labapp.ui.widgets.panels import Panel

HOLDS, HOLDS_NOT = Text("成立", "Holds"), Text("不成立", "Does not hold")
HOLDS_UNKNOWN = Text("还不知道", "Not known yet")
CONDITION = Text("条件，写成文字", "Condition, in words")
MORE = Text("移动、复制、删除这条规则", "Move, copy or delete this rule")
Wish = Literal["up", "down", "copy", "delete"]


class RuleCard(Panel):
    """Shows and edits one rule.

    Signals:
        edited: the rule as it is now, after a field was changed.
        reshaped: the same, after fields came or went, so that the card has to be built anew.
        wished: ``up``, ``down``, ``copy`` or ``delete``.
        dragged: where on the screen the card was dragged to.
    """

    edited = Signal(object)
    reshaped = Signal(object)
    wished = Signal(str)
    dragged = Signal(QPoint)

    def __init__(self, look: Look, profile: Profile, number: int, rule: Rule) -> None:
        super().__init__(look, radius=CARD_RADIUS, border="border")
        self._profile, self._number, self.rule = profile, number, rule
        self.flaw: Text | None = None
        self._terms: list[TermRow] = []
        self._rows: list[SentenceRow] = []
        self._reading = False
        found = read_terms(rule.when)
        self._joint: Joint = "and" if found is None else found[1]
        self._now = Remark(look, NOTHING)
        self._truth = Chip(look, HOLDS_UNKNOWN, "circle-outline", "idle")
        self._truth.hide()
        self.more = ToolButton(look, "dots-horizontal", MORE)
        self.more.clicked.connect(self._open_menu)
        self._menu: QMenu | None = None
        self.name = NameField(look, rule.name)
        self.name.named.connect(self._rename)
        self._strip = FlawStrip(look)
        when = [self._condition_field()] if found is None else self._term_rows(found[0])
        for keys, wish in (("Alt+Up", "up"), ("Alt+Down", "down")):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda wanted=wish: self._wish(wanted))
        self.setLayout(
            column(
                self._head(), *when, *self._settings_rows(), self._strip,
                margins=(8, 6, 8, 8), gap=4,
            )
        )  # fmt: skip

    def _head(self) -> QWidget:
        head = QWidget()
        number = Text(f"规则 {self._number}", f"Rule {self._number}")
        self._grip = Grip(self.look, self._drop)
        head.setLayout(
            row(
                self._grip, Label(self.look, number, CAPTION, bold=True, tone="text2"),
                (self.name, 1), self._now, self._truth, self.more, gap=6,
            )
        )  # fmt: skip
        return head

    def _term_rows(self, terms: tuple[Term, ...]) -> list[QWidget]:
        for index, term in enumerate(terms):
            joint = None if index == 0 else self._joint
            line = TermRow(self.look, self._profile, term, joint, alone=len(terms) == 1)
            line.changed.connect(self._terms_changed)
            line.shaped.connect(self._terms_shaped)
            line.joined.connect(self._join)
            line.removed.connect(lambda at=index: self._remove_term(at))
            line.added.connect(self._add_term)
            line.more.setVisible(index == len(terms) - 1)
            self._terms.append(line)
        self._rows += self._terms
        return list(self._terms)

    def _condition_field(self) -> QWidget:
        """Return a field for a condition that has no simple shape."""
        self._condition = Field(self.look, CONDITION, mono=True)
        self._condition.setText(self.rule.when)
        self._condition.textEdited.connect(self._rewrite)
        line = QWidget()
        line.setLayout(row(Word(self.look, WHEN, *LEADS), (self._condition, 1), gap=4))
        return line

    def _settings_rows(self) -> list[QWidget]:
        rule, look, profile = self.rule, self.look, self._profile
        then = SettingsRow(look, profile, THEN, rule.then, keep=True)
        then.changed.connect(lambda s: self._tell(self.rule.changed(then=s)))
        then.shaped.connect(lambda s: self.reshaped.emit(self.rule.changed(then=s)))
        rows = [then]
        if rule.otherwise:
            other = SettingsRow(look, profile, ELSE, rule.otherwise, keep=False)
            other.changed.connect(lambda s: self._tell(self.rule.changed(otherwise=s)))
            other.shaped.connect(lambda s: self.reshaped.emit(self.rule.changed(otherwise=s)))
            rows.append(other)
        self._rows += rows
        return list(rows)

    # ------------------------------------------------------------------ what is shown

    def set_reading(self, reading: bool) -> None:
        """Let the rule be read but not changed."""
        self._reading = reading
        for line in self._rows:
            line.set_reading(reading)
        if not reading and self._terms:
            for line in self._terms[:-1]:
                line.more.hide()
        self.name.setReadOnly(reading)
        self._grip.setVisible(not reading)
        self.more.setVisible(not reading)
        if not self._terms:
            show_as_tag(self._condition, self.look, reading)

    def show_truth(self, truth: bool | None, *, known: bool) -> None:
        """Show whether the condition holds; nothing where nobody looks at it."""
        self._truth.setVisible(known)
        match truth:
            case True:
                self._truth.become(HOLDS, "radiobox-marked", "pass")
            case False:
                self._truth.become(HOLDS_NOT, "circle-outline", "idle")
            case None:
                self._truth.become(HOLDS_UNKNOWN, "help-circle-outline", "idle")

    def show_values(self, latest: Callable[[str], Reading | None]) -> None:
        """Show what the points of the condition are now."""
        words = []
        for line in self._terms:
            point, reading = self._profile.point(line.term.point), latest(line.term.point)
            if point is not None and reading is not None and reading.value is not None:
                words.append(value_words(point, reading.value))
        zh, en = "，".join(w.zh for w in words), ", ".join(w.en for w in words)
        self._now.set_text(Text(f"现在 {zh}", f"now {en}") if words else NOTHING)

    def show_flaw(self, flaw: Text | None, tone: Literal["fail", "warn"] = "fail") -> None:
        """Say what is wrong with the rule, or which check it let fail."""
        self.flaw = flaw
        self._strip.show_words(flaw, tone)
        self.set_tokens("surface", "border" if flaw is None else tone)

    def focus_first(self) -> None:
        """Put the focus where typing begins."""
        first = self._terms[0].first_field if self._terms else self._condition
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------------ what the user does

    def _tell(self, rule: Rule) -> None:
        self.rule = rule
        self.edited.emit(rule)

    def _terms_now(self) -> list[Term]:
        return [line.term for line in self._terms]

    def _wish(self, wish: str) -> None:
        if not self._reading:
            self.wished.emit(wish)

    @Slot()
    def _terms_changed(self) -> None:
        self._tell(self._with_terms(self._terms_now()))

    @Slot()
    def _terms_shaped(self) -> None:
        self.reshaped.emit(self._with_terms(self._terms_now()))

    def _with_terms(self, terms: list[Term]) -> Rule:
        return self.rule.changed(when=join_terms(terms, self._joint))

    @Slot(str)
    def _join(self, joint: str) -> None:
        self._joint = "or" if joint == "or" else "and"
        self._terms_shaped()

    def _remove_term(self, index: int) -> None:
        terms = self._terms_now()
        del terms[index]
        self.reshaped.emit(self._with_terms(terms))

    @Slot()
    def _add_term(self) -> None:
        taken = {term.point for term in self._terms_now()}
        points = sensed(self._profile)
        fresh = next((p for p in points if p.id not in taken), points[0])
        terms = [*self._terms_now(), usual_term(fresh)]
        self.reshaped.emit(self._with_terms(terms))

    @Slot(str)
    def _rewrite(self, words: str) -> None:
        self._tell(self.rule.changed(when=words.strip()))

    @Slot(object)
    def _rename(self, name: Text) -> None:
        self._tell(self.rule.changed(name=name))

    def _drop(self, place: QPoint) -> None:
        self.dragged.emit(place)

    @Slot()
    def _open_menu(self) -> None:
        if self._menu is not None:
            self._menu.deleteLater()
        self._menu = menu = QMenu(self)
        for wish, words, keys in (
            ("up", Text("上移", "Move up"), "Alt+Up"),
            ("down", Text("下移", "Move down"), "Alt+Down"),
            ("copy", Text("复制一条", "Make a copy"), ""),
        ):
            action = menu.addAction(f"{self.look.say(words)}\t{keys}")
            action.triggered.connect(lambda _=False, wanted=wish: self.wished.emit(wanted))
        if not self.rule.otherwise:
            other = menu.addAction(self.look.say(Text("加一句“否则”", "Add an Else")))
            other.triggered.connect(self._add_otherwise)
        menu.addSeparator()
        gone = menu.addAction(self.look.say(Text("删除这条规则", "Delete this rule")))
        gone.triggered.connect(lambda: self.wished.emit("delete"))
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    @Slot()
    def _add_otherwise(self) -> None:
        settings = []
        for name, value in self.rule.then:
            point = self._profile.point(name)
            states = () if point is None else point.states
            opposite = states[0] if states and value != states[0] else "0"
            settings.append((name, states[-1] if states and value == states[0] else opposite))
        self.reshaped.emit(self.rule.changed(otherwise=tuple(settings)))
