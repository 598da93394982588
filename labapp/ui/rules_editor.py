"""The rules tab: the same program as cards, as text, and, to read, as Python."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from labapp.app.desk import Desk
from labapp.app.states import BenchPhase, ProgramState
from labapp.model.text import Text, same
from labapp.model.trouble import BadInput, Problem
from labapp.model.verdict import Outcome
from labapp.model.work import Item
from labapp.ui.code_edit import CodeEdit
from labapp.ui.look import Look
from labapp.ui.program_box import ProgramBox
from labapp.ui.rule_truths import RuleTruths
from labapp.ui.rules_list import ADD, Flaw, RulesList
from labapp.ui.rules_text import Rules, read_rules
from labapp.ui.style_sizes import CARD_RADIUS
from labapp.ui.theme import CAPTION
from labapp.ui.widgets.buttons import Button, ToolButton
from labapp.ui.widgets.fields import Segments
from labapp.ui.widgets.labels import IconLabel, Label
from labapp.ui.widgets.layout import STRETCH, column, row
from labapp.ui.widgets.panels import Panel

CHECK_MS, SAVE_MS, LOOK_MS = 350, 800, 250
VIEWS = (
    ("cards", Text("卡片", "Cards")),
    ("text", Text("文本", "Text")),
    ("python", Text("转为 Python", "As Python")),
)
READ_ONLY = Text("运行中，规则只读。停止后可修改。", "Running: read only. Stop to change rules.")
SAME_IN_PYTHON = Text(
    "这个 Python 程序和规则做的事一样，只能看。想接着改，就放进 Python 页。",
    "This Python program does what the rules do. To go on with it, put it into the Python tab.",
)
NO_CARDS = Text(
    "这段文本有写法上的问题，暂时没法显示成卡片。先在这里改好。",
    "The text has a mistake, so there are no cards. Mend it here first.",
)
_SHOWN = (BenchPhase.ONLINE, BenchPhase.DEGRADED)


class RulesEditor(QWidget):
    """Edits, checks and keeps one project's rules. The text is the one source; cards write it.

    Signals:
        changed: the text is another one.
        run_requested: kind ``rules`` and the text, when the user asks to run it here.
        python_wanted: a Python program that the user wants to go on with.
    """

    changed = Signal()
    run_requested = Signal(str, str)
    python_wanted = Signal(str)

    def __init__(self, look: Look, desk: Desk) -> None:
        super().__init__()
        self._look, self._desk = look, desk
        self._problems: tuple[Problem, ...] = ()
        self._items: tuple[Item, ...] = ()
        self._running: tuple[bool | None, ...] | None = None
        self._by_card = self._begun = False
        self.edit = CodeEdit(look, Text("规则文本", "Text of the rules"), colours=False)
        self.cards = RulesList(look, desk.profile)
        self.python = CodeEdit(look, Text("同样作用的 Python 程序", "The same in Python"))
        self.python.setReadOnly(True)
        self._truths = RuleTruths(desk.profile)
        self._box = ProgramBox(look)
        self._box.go_to.connect(self._go_to)
        self._box.fix.connect(self._fix)
        self._build()
        self._checking = _timer(self, CHECK_MS, self.check)
        self._saving = _timer(self, SAVE_MS, self.save)
        self._looking = _timer(self, LOOK_MS, self.look_at_bench, once=False)
        self.edit.setPlainText(desk.program_text("rules"))
        self.edit.textChanged.connect(self._typed)
        self.cards.changed.connect(self._edited)
        self.views.choose("cards")

    def _build(self) -> None:
        look = self._look
        self.add = Button(look, ADD, glyph="plus", dense=True)
        self.add.clicked.connect(self.cards.add)
        self.undo = ToolButton(look, "undo", Text("撤销上一处改动", "Undo the last change"))
        self.undo.clicked.connect(self.edit.undo)
        self.edit.undoAvailable.connect(self.undo.setEnabled)
        self.undo.setEnabled(False)
        self.views = Segments(look, Text("怎么看规则", "How to see the rules"), VIEWS)
        self.views.picked.connect(self._open)
        self._state_icon = IconLabel(look, "check", "pass", 16)
        self._state = Label(look, same(""), CAPTION, tone="text2")
        tools = row(self.add, self.views, self.undo, STRETCH, self._state_icon, self._state, gap=6)
        self._note = Label(look, READ_ONLY, CAPTION, tone="text2", wrap=True)
        self._note_icon = IconLabel(look, "lock", "text2", 16)
        self._take = Button(look, Text("放进 Python 页", "Put into Python tab"), dense=True)
        self._take.clicked.connect(self._give_python)
        self._noted = QWidget()
        self._noted.setLayout(row(self._note_icon, (self._note, 1), self._take, gap=6))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.cards)
        for paper in (self.edit, self.python):
            self._stack.addWidget(
                Panel(
                    look, column(paper, margins=(1, 6, 1, 6)), radius=CARD_RADIUS, border="border"
                )
            )
        self.setLayout(column(tools, self._noted, (self._stack, 1), self._box, gap=8))

    # ------------------------------------------------------------------ what it holds

    @property
    def kind(self) -> str:
        """``rules``."""
        return "rules"

    def source(self) -> str:
        """Return the program as it stands."""
        return self.edit.toPlainText()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What keeps the program from running, as of the last check."""
        return self._problems

    def set_read_only(self, read_only: bool) -> None:
        """Let the program be read but not changed, as while it runs."""
        self.edit.setReadOnly(read_only)
        self.cards.set_reading(read_only)
        self.add.setVisible(not read_only and self.views.key == "cards")
        self.undo.setVisible(not read_only)
        self._show_note()

    def show_state(self, state: ProgramState) -> None:
        """Show how the program runs, when it is one of rules."""
        mine = state.kind == "rules"
        running = mine and state.phase == "running"
        self._running = tuple(rule.truth for rule in state.rules) if running else None
        if mine:
            self._box.show_state(state)
            self.look_at_bench()

    def show_verdicts(self, items: Sequence[Item]) -> None:
        """Mark the rules that drive what a failed check is about."""
        if tuple(items) != self._items:
            self._items = tuple(items)
            self._show_flaws()

    def request_run(self) -> None:
        """Ask to run what stands here; nothing where it cannot run."""
        self.check()
        if not self._problems:
            self.save()
            self.run_requested.emit(self.kind, self.source())

    @Slot()
    def check(self) -> None:
        """Say whether the program can run."""
        self._checking.stop()
        self._problems = self._desk.check_program("rules", self.source())
        self.edit.mark_lines({p.line: p.message for p in self._problems if p.line is not None})
        self._show_flaws()
        if self._problems:
            count = len(self._problems)
            self._state_icon.set_glyph("alert-circle", "fail")
            self._state.set_text(Text(f"有 {count} 处要改", f"{count} to mend"))
        else:
            self._state_icon.set_glyph("check", "pass")
            self._state.set_text(Text("语法正确", "No mistakes found"))

    @Slot()
    def save(self) -> None:
        """Keep the program."""
        self._saving.stop()
        self._desk.save_program("rules", self.source())

    @Slot()
    def look_at_bench(self) -> None:
        """Show which conditions hold now, and the values that they look at."""
        if not self.isVisible() or self.views.key != "cards":
            return
        online = self._desk.bench.phase in _SHOWN
        self.cards.show_values(self._desk.latest)
        if self._running is not None:
            self.cards.show_truths(self._running)
        else:
            self.cards.show_truths(self._truths.look(self._desk.latest) if online else ())

    def showEvent(self, event: QShowEvent) -> None:
        """Build the cards once they are seen; look at the bench only while they are."""
        super().showEvent(event)
        if not self._begun:
            self._begun = True
            self._show_cards()
            self._open("cards")
            self.check()
        self._looking.start()
        self.look_at_bench()

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was typed before the tab goes out of sight."""
        self._looking.stop()
        if self._saving.isActive():
            self.save()
        super().hideEvent(event)

    # ------------------------------------------------------------------ one text, three views

    @Slot()
    def _typed(self) -> None:
        self._checking.start()
        self._saving.start()
        if self._begun and not self._by_card:
            self._show_cards()
        self.changed.emit()

    @Slot(object)
    def _edited(self, rules: Rules) -> None:
        """A card was changed: write it into the text, so that it can be undone."""
        self._by_card = True
        self.edit.replace_all(rules.text)
        self._by_card = False
        self._truths.take(rules)

    def _show_cards(self) -> None:
        rules = read_rules(self.source())
        if rules is not None:
            self._truths.take(rules)
            self.cards.show_rules(rules)
            self.look_at_bench()
        elif self.views.key == "cards":
            self._open("text")

    @Slot(str)
    def _open(self, view: str) -> None:
        if view == "cards" and read_rules(self.source()) is None:
            view = "text"
        if view == "python" and not self._translate():
            view = "text"
        self.views.choose(view)
        self._stack.setCurrentIndex(["cards", "text", "python"].index(view))
        self.add.setVisible(view == "cards" and not self.edit.isReadOnly())
        self._show_note()
        self._show_flaws()
        self.look_at_bench()

    def _translate(self) -> bool:
        self.check()
        if self._problems:
            return False
        try:
            self.python.setPlainText(self._desk.rules_as_python(self.source()))
        except BadInput as trouble:
            self._box.show_problems(trouble.problems)
            return False
        return True

    def _show_note(self) -> None:
        view, locked = self.views.key, self.edit.isReadOnly()
        broken = view == "text" and read_rules(self.source()) is None
        note = SAME_IN_PYTHON if view == "python" else READ_ONLY if locked else NO_CARDS
        glyph = "language-python" if view == "python" else "lock" if locked else "information"
        self._note.set_text(note)
        self._note_icon.set_glyph(glyph, "text2")
        self._take.setVisible(view == "python" and not locked)
        self._noted.setVisible(view == "python" or locked or broken)

    def _show_flaws(self) -> None:
        """Put every problem at its rule; what belongs to none goes into the box below."""
        flaws, left = self._placed_problems()
        on_cards = self.views.key == "cards"
        self._box.show_problems(left if on_cards else self._problems)
        self.cards.show_flaws({**self._blamed(), **flaws})

    def _placed_problems(self) -> tuple[dict[int, Flaw], list[Problem]]:
        rules = read_rules(self.source())
        flaws: dict[int, Flaw] = {}
        left: list[Problem] = []
        for problem in self._problems:
            at = None if rules is None or problem.line is None else rules.rule_at(problem.line)
            if at is None:
                left.append(problem)
            else:
                flaws.setdefault(at, (problem.message, "fail"))
        return flaws, left

    def _blamed(self) -> dict[int, Flaw]:
        found: dict[int, Flaw] = {}
        for item in self._items:
            if item.outcome is not Outcome.NOT_MET:
                continue
            points = {cite.channel for cite in item.cites}
            for index, rule in enumerate(self.cards.rules.rules):
                if points & rule.driven:
                    said = Text(
                        f"“{item.title.zh}”没有通过：{item.say.zh}",
                        f"“{item.title.en}” was not met: {item.say.en}",
                    )
                    found.setdefault(index, (said, "warn"))
                    break
        return found

    # ------------------------------------------------------------------ what the user does

    @Slot()
    def _give_python(self) -> None:
        self.python_wanted.emit(self.python.toPlainText())

    @Slot(int, int)
    def _go_to(self, line: int, column_number: int) -> None:
        self._open("text")
        self.edit.go_to(line, column_number)
        self.edit.setFocus()

    @Slot(int, str, str)
    def _fix(self, line: int, wrong: str, right: str) -> None:
        self.edit.replace_in_line(line, wrong, right)


def _timer(owner: QWidget, milliseconds: int, then: object, *, once: bool = True) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(once)
    timer.setInterval(milliseconds)
    timer.timeout.connect(then)
    return timer
