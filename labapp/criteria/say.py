"""A criterion as a sentence for people, in Chinese and in English, by display names."""

from __future__ import annotations

from collections.abc import Mapping

from labapp.criteria.amounts import shown
from labapp.criteria.check import (
    Always,
    Check,
    Clause,
    Each,
    Formula,
    Never,
    Reach,
    Response,
    Statistic,
    Trigger,
    Whenever,
)
from labapp.criteria.condition import (
    Age,
    Agrees,
    And,
    Changes,
    Cmp,
    Compare,
    Condition,
    Edge,
    Held,
    Implies,
    InRange,
    IsState,
    Near,
    Not,
    Or,
    Quantity,
    Recent,
    Until,
    Value,
    Window,
)
from labapp.criteria.figures import spaced
from labapp.model.duration import write_duration
from labapp.model.text import Lang, Text

Names = Mapping[str, Text]

_CMP: dict[Cmp, Text] = {
    ">": Text("高于", "above"),
    ">=": Text("不低于", "at least"),
    "<": Text("低于", "below"),
    "<=": Text("不高于", "at most"),
}
_TIMES: dict[Cmp, Text] = {
    ">": Text("多于", "more than"),
    ">=": Text("至少", "at least"),
    "<": Text("少于", "fewer than"),
    "<=": Text("不超过", "at most"),
}
_OLD: dict[Cmp, Text] = {
    ">": Text("超过", "more than"),
    ">=": Text("至少有", "at least"),
    "<": Text("不到", "less than"),
    "<=": Text("不超过", "at most"),
}
_STATES_ZH = {"on": "打开", "off": "关闭", "open": "打开", "closed": "关闭"}
_STATS = {
    "share": Text("“{0}”的时间占比", 'the share of time with "{0}"'),
    "total": Text("“{0}”的总时长", 'the total time with "{0}"'),
    "count": Text("“{0}”出现的次数", 'the number of times that "{0}" begins'),
    "mean": Text("{0}的平均值", "the mean of {0}"),
    "max": Text("{0}的最大值", "the maximum of {0}"),
    "min": Text("{0}的最小值", "the minimum of {0}"),
    "final": Text("{0}的最后值", "the final value of {0}"),
    "median_abs_error": Text("{0}与{1}的绝对误差中位数", "the median absolute error of {0} against {1}"),
    "rmse": Text("{0}与{1}的均方根误差", "the root mean square error of {0} against {1}"),
    "accuracy": Text("{0}与{1}的一致率", "the accuracy of {0} against {1}"),
}  # fmt: skip


def sentence(check: Check, lang: Lang, names: Names) -> str:
    """Return the criterion as a sentence; a channel without a name is called by its id."""
    said = [clause_words(clause, names).in_(lang) for clause in check.clauses]
    joined = ("；" if lang == "zh" else "; ").join(said)
    return spaced(f"{joined}。") if lang == "zh" else f"{joined[:1].upper()}{joined[1:]}."


def clause_words(clause: Clause, names: Names) -> Text:
    """Return a clause in words, without a full stop."""
    match clause:
        case Each(trigger=trigger, response=response):
            when, then = trigger_words(trigger, names), response_words(response, names)
            return Text(f"每次{when.zh}，{then.zh}", f"each time {when.en}, {then.en}")
        case Whenever(when=when_, then=then_, after_us=after):
            when, then = words(when_, names), words(then_, names)
            late = write_duration(after)
            zh = f"只要{when.zh}，{late} 之后就应当{then.zh}" if after else None
            en = f"whenever {when.en}, {then.en}"
            return Text(
                zh or f"只要{when.zh}，就应当{then.zh}", f"{en} after {late}" if after else en
            )
        case Always(of=of, ignoring_us=ignoring):
            kept = words(of, names)
            return _ignoring(Text(f"始终{kept.zh}", f"always {kept.en}"), ignoring)
        case Never(of=of, unless=unless, ignoring_us=ignoring):
            return _ignoring(_never_words(of, unless, names), ignoring)
        case Reach():
            return _reach_words(clause, names)
        case Statistic():
            return _statistic_words(clause, names)
        case Formula(of):
            return words(of, names)


def trigger_words(trigger: Trigger, names: Names) -> Text:
    """Return when a trigger comes, in words."""
    of = words(trigger.of, names)
    if trigger.turns and isinstance(trigger.of, IsState):
        name, state = _name(trigger.of.name, names), trigger.of.state
        said = Text(f"{_state_zh(name.zh, state)}时", f"{name.en} turns {state}")
    elif trigger.edge == "ends":
        said = Text(f"“{of.zh}”结束时", f"{of.en} ends")
    else:
        said = Text(f"开始{of.zh}时", f"{of.en} begins")
    if trigger.guard is None:
        return said
    guard = words(trigger.guard, names)
    return Text(f"{said.zh}（且当时{guard.zh}）", f"{said.en} while {guard.en}")


def response_words(response: Response, names: Names) -> Text:
    """Return what must follow a trigger, in words."""
    of = words(response.of, names)
    if response.within_us is None:
        said = Text(f"期间应当始终{of.zh}", f"{of.en} throughout")
    else:
        late = write_duration(response.within_us)
        said = Text(f"应在 {late} 内{of.zh}", f"{of.en} within {late}")
    if response.for_us is not None:
        held = write_duration(response.for_us)
        said = Text(f"{said.zh}并保持 {held}", f"{said.en} for {held}")
    if response.until is not None:
        end = trigger_words(response.until, names)
        said = Text(f"{said.zh}并保持到{end.zh}", f"{said.en} until {end.en}")
    if response.unless is None:
        return said
    unless = words(response.unless, names)
    return Text(f"{said.zh}，除非{unless.zh}", f"{said.en} unless {unless.en}")


def words(condition: Condition, names: Names) -> Text:
    """Return a condition in words."""
    match condition:
        case Not(of):
            inner = _grouped(of, names)
            return Text(f"并非{inner.zh}", f"not {inner.en}")
        case And(items):
            return _joined(items, names, "且", " and ")
        case Or(items):
            return _joined(items, names, "或", " or ")
        case Held(of, span):
            inner, time = _grouped(of, names), write_duration(span)
            return Text(f"{inner.zh}持续 {time}", f"{inner.en} for {time}")
        case Recent(of, span):
            inner, time = _grouped(of, names), write_duration(span)
            return Text(f"最近 {time} 内曾{inner.zh}", f"{inner.en} in the last {time}")
        case Window() | Until() | Edge() | Implies():
            return _expert(condition, names)
        case _:
            return leaf_words(condition, names)


def leaf_words(leaf: IsState | Compare | InRange | Near | Agrees, names: Names) -> Text:
    """Return a leaf of a condition in words."""
    match leaf:
        case IsState(name, state):
            who = _name(name, names)
            return Text(_state_zh(who.zh, state), f"{who.en} is {state}")
        case Compare(Value(name), cmp, quantity):
            who, than = _name(name, names), _CMP[cmp]
            return Text(
                f"{who.zh}{than.zh} {shown(quantity)}", f"{who.en} is {than.en} {shown(quantity)}"
            )
        case Compare():
            return _count_words(leaf, names)
        case InRange(name, low, high):
            who, a, b = _name(name, names), shown(low), shown(high)
            return Text(f"{who.zh}在 {a}～{b} 之间", f"{who.en} is between {a} and {b}")
        case Near(name, target, tolerance):
            who, near = _name(name, names), f"{shown(target)} ± {shown(tolerance)}"
            return Text(f"{who.zh}为 {near}", f"{who.en} is {near}")
        case Agrees(name, reference, tolerance):
            who, other = _name(name, names), _name(reference, names)
            most = _tolerance(tolerance)
            return Text(
                f"{who.zh}与{other.zh}相差不超过{most.zh}",
                f"{who.en} agrees with {other.en} within {most.en}",
            )


def state_words(state: str) -> Text:
    """Return a state's name as people read it."""
    return Text(_STATES_ZH.get(state, state), state)


def _state_zh(name: str, state: str) -> str:
    return f"{name}{_STATES_ZH[state]}" if state in _STATES_ZH else f"{name}为 {state}"


def _tolerance(quantity: Quantity) -> Text:
    if quantity.unit == "%":
        return Text(f"读数的 {shown(quantity)}", f"{shown(quantity)} of the reading")
    return Text(f" {shown(quantity)}", shown(quantity))


def _count_words(leaf: Compare, names: Names) -> Text:
    match leaf.number:
        case Age(name):
            who, than, time = _name(name, names), _OLD[leaf.cmp], shown(leaf.quantity)
            return Text(
                f"{who.zh}的最新数据距今{than.zh} {time}",
                f"the newest value of {who.en} is {than.en} {time} old",
            )
        case Changes(name, last):
            who, than, time = _name(name, names), _TIMES[leaf.cmp], write_duration(last)
            count, plural = shown(leaf.quantity), "" if leaf.quantity.amount == 1 else "s"
            return Text(
                f"{who.zh}最近 {time} 内变化{than.zh} {count} 次",
                f"{who.en} changes {than.en} {count} time{plural} in the last {time}",
            )
        case Value(name):
            who, than = _name(name, names), _CMP[leaf.cmp]
            return Text(f"{who.zh}{than.zh}", f"{who.en} is {than.en}")


def _expert(condition: Window | Until | Edge | Implies, names: Names) -> Text:
    match condition:
        case Window(op, low, high, of):
            inner, a, b = _grouped(of, names), write_duration(low), write_duration(high)
            some = op in ("eventually", "once")
            zh_back = f"之前 {a}～{b} 内" if op in ("once", "historically") else f"此后 {a}～{b} 内"
            back = "ago" if op in ("once", "historically") else "from then"
            return Text(
                f"{zh_back}{'曾有' if some else '始终'}{inner.zh}",
                f"{'at some time' if some else 'all the time'} {a} to {b} {back}, {inner.en}",
            )
        case Until(op, low, high, left, right):
            x, y = _grouped(left, names), _grouped(right, names)
            a, b = write_duration(low), write_duration(high)
            if op == "until":
                return Text(
                    f"{x.zh}，直到此后 {a}～{b} 内{y.zh}",
                    f"{x.en} until, {a} to {b} from then, {y.en}",
                )
            return Text(
                f"自从之前 {a}～{b} 内{y.zh}，一直{x.zh}", f"{x.en} since, {a} to {b} ago, {y.en}"
            )
        case Edge(op, of):
            inner = _grouped(of, names)
            if op == "rise":
                return Text(f"{inner.zh}刚开始", f"{inner.en} just begins")
            return Text(f"{inner.zh}刚结束", f"{inner.en} just ends")
        case Implies(left, right):
            x, y = _grouped(left, names), _grouped(right, names)
            return Text(f"若{x.zh}，则{y.zh}", f"if {x.en}, then {y.en}")


def _grouped(condition: Condition, names: Names) -> Text:
    """Return a condition in brackets where it could be misread without."""
    said = words(condition, names)
    match condition:
        case IsState() | Compare() | InRange() | Near() | Agrees():
            return said
        case _:
            return Text(f"（{said.zh}）", f"({said.en})")


def _joined(items: tuple[Condition, ...], names: Names, zh: str, en: str) -> Text:
    said = [
        _grouped(item, names) if isinstance(item, And | Or | Implies) else words(item, names)
        for item in items
    ]
    return Text(zh.join(text.zh for text in said), en.join(text.en for text in said))


def _never_words(of: Condition, unless: Condition | None, names: Names) -> Text:
    bad = words(of, names)
    if unless is None:
        return Text(f"不得出现“{bad.zh}”", f"never {bad.en}")
    why = words(unless, names)
    return Text(f"除非{why.zh}，否则不得{bad.zh}", f"never {bad.en} unless {why.en}")


def _reach_words(clause: Reach, names: Names) -> Text:
    zh, en = words(clause.of, names).zh, words(clause.of, names).en
    if clause.within_us is not None:
        late = write_duration(clause.within_us)
        zh, en = f"开始后 {late} 内{zh}", f"{en} within {late} of the start"
    if clause.for_us is not None:
        held = write_duration(clause.for_us)
        zh, en = f"{zh}并保持 {held}", f"{en}, held for {held}"
    return Text(f"应当达到：{zh}", f"reach {en}")


def _statistic_words(clause: Statistic, names: Names) -> Text:
    of = [] if clause.of is None else [words(clause.of, names)]
    said = [*of, *(_name(value.name, names) for value in clause.names)]
    form, limit = _STATS[clause.stat], shown(clause.quantity)
    than = (_TIMES if clause.stat in ("count", "total") else _CMP)[clause.cmp]
    return Text(
        f"{form.zh.format(*(t.zh for t in said))}{than.zh} {limit}",
        f"{form.en.format(*(t.en for t in said))} is {than.en} {limit}",
    )


def _ignoring(said: Text, ignoring_us: int) -> Text:
    if not ignoring_us:
        return said
    time = write_duration(ignoring_us)
    return Text(f"开始 {time} 之后，{said.zh}", f"{said.en}, ignoring the first {time}")


def _name(name: str, names: Names) -> Text:
    return names.get(name) or Text(f" {name} ", name)
