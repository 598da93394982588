"""The cards of a program's rules, one below the other; the upper one counts more."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from PySide6.QtCore import QPoint, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from labapp.model.reading import Reading
from labapp.model.text import Text
from labapp.profiles.profile import Profile
from labapp.ui.look import Look
from labapp.ui.rule_card import RuleCard
from labapp.ui.rule_words import new_rule
from labapp.ui.rules_text import Rule, Rules, shared_outputs
from labapp.ui.theme import CAPTION
from labapp.ui.widgets.buttons import Button
from labapp.ui.widgets.empty import EmptyState
from labapp.ui.widgets.labels import Label
from labapp.ui.widgets.layout import STRETCH, clear, column
from labapp.ui.widgets.panels import ScrollColumn

NO_RULES = Text("还没有规则", "No rules yet")
NO_RULES_WHY = Text(
    "一条规则是一句话：当什么成立，就让哪个输出怎么样。每 100 ms 判断一次。",
    "A rule is one sentence: when this holds, set that output. It is judged every 100 ms.",
)
ADD = Text("添加规则", "Add a rule")
Flaw = tuple[Text, Literal["fail", "warn"]]


class RulesList(ScrollColumn):
    """Shows ``Rules`` as cards; ``changed`` carries the rules after something was edited."""

    changed = Signal(object)

    def __init__(self, look: Look, profile: Profile) -> None:
        self._profile = profile
        self._inner = QWidget()
        self._box = column(gap=8)
        self._inner.setLayout(column(self._box, STRETCH, margins=(0, 0, 6, 0), gap=0))
        super().__init__(look, self._inner)
        self._rules = Rules()
        self._reading = False
        self.cards: list[RuleCard] = []

    @property
    def rules(self) -> Rules:
        """The rules as they stand."""
        return self._rules

    def show_rules(self, rules: Rules) -> None:
        """Build the cards of these rules."""
        self._rules = rules
        clear(self._box)
        self.cards = [self._card(n, rule) for n, rule in enumerate(rules.rules)]
        for card in self.cards:
            self._box.addWidget(card)
        if not self.cards:
            add = Button(self._look, ADD, glyph="plus")
            add.clicked.connect(self.add)
            self._box.addWidget(
                EmptyState(self._look, "format-list-numbered", NO_RULES, NO_RULES_WHY, add)
            )
        shared = self._shared_words()
        if shared is not None:
            self._box.addWidget(Label(self._look, shared, CAPTION, tone="text2", wrap=True))
        self.set_reading(self._reading)

    def set_reading(self, reading: bool) -> None:
        """Let the rules be read but not changed."""
        self._reading = reading
        for card in self.cards:
            card.set_reading(reading)

    def show_truths(self, truths: Sequence[bool | None]) -> None:
        """Show which conditions hold; with none, nothing is known of any."""
        for index, card in enumerate(self.cards):
            known = index < len(truths)
            card.show_truth(truths[index] if known else None, known=known)

    def show_values(self, latest: Callable[[str], Reading | None]) -> None:
        """Show what the points of the conditions are now."""
        for card in self.cards:
            card.show_values(latest)

    def show_flaws(self, flaws: Mapping[int, Flaw]) -> None:
        """Say what is wrong with the rules of these numbers, counted from 0."""
        for index, card in enumerate(self.cards):
            flaw = flaws.get(index)
            if flaw is None:
                card.show_flaw(None)
            else:
                card.show_flaw(*flaw)

    def show_card(self, index: int) -> None:
        """Scroll to a rule and put the focus into it."""
        if 0 <= index < len(self.cards):
            card = self.cards[index]
            card.focus_first()
            # A card that was just built has no place yet.
            QTimer.singleShot(0, card, lambda: self.ensureWidgetVisible(card, 0, 8))

    @Slot()
    def add(self) -> None:
        """Add a rule at the end and go there."""
        if self._reading:
            return
        self._take(self._rules.inserted(len(self._rules.rules), new_rule(self._profile)))
        self.show_card(len(self.cards) - 1)

    def _card(self, index: int, rule: Rule) -> RuleCard:
        card = RuleCard(self._look, self._profile, index + 1, rule)
        card.edited.connect(lambda fresh: self._edit(index, fresh))
        card.reshaped.connect(lambda fresh: self._reshape(index, fresh))
        card.wished.connect(lambda wish: self._grant(index, wish))
        card.dragged.connect(lambda place: self._drop(index, place))
        return card

    def _take(self, rules: Rules) -> None:
        self.show_rules(rules)
        self.changed.emit(rules)

    def _edit(self, index: int, rule: Rule) -> None:
        self._rules = self._rules.with_rule(index, rule)
        self.changed.emit(self._rules)

    def _reshape(self, index: int, rule: Rule) -> None:
        self._take(self._rules.with_rule(index, rule))
        self.show_card(index)

    def _grant(self, index: int, wish: str) -> None:
        rules = self._rules
        match wish:
            case "up" | "down":
                self._move(index, index + (1 if wish == "down" else -1))
            case "copy":
                copied = rules.rules[index].changed(lead=())
                self._take(rules.inserted(index + 1, copied))
                self.show_card(index + 1)
            case "delete":
                self._take(rules.without(index))

    def _move(self, index: int, to: int) -> None:
        moved = self._rules.moved(index, to)
        if moved is not self._rules:
            self._take(moved)
            self.show_card(to)

    def _drop(self, index: int, place: QPoint) -> None:
        y = self._inner.mapFromGlobal(place).y()
        before = [n for n, card in enumerate(self.cards) if card.geometry().center().y() < y]
        self._move(index, len([n for n in before if n != index]))

    def _shared_words(self) -> Text | None:
        """Say that rules share an output, as then their order matters."""
        shared = shared_outputs(self._rules.rules)
        if not shared:
            return None
        names = [self._profile.point(name) for name in shared]
        zh = "、".join(point.name.zh for point in names if point is not None)
        en = ", ".join(point.name.en for point in names if point is not None)
        return Text(
            f"不止一条规则驱动{zh}。同时成立时，排在前面的算数。",
            f"More than one rule drives {en}. When several hold, the upper one counts.",
        )
