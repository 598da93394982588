"""Rules between their YAML and their cards, both ways; what a card does not touch stays as written."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal

from labapp.model.text import Text
from labapp.profiles.yaml_reader import Parsed, parse_yaml

Comparison = Literal[">", ">=", "<", "<=", "is"]
Joint = Literal["and", "or"]
Setting = tuple[str, str]
"""A driven point and the value that a rule gives it, as it is written."""

_TERM = re.compile(
    r"(?P<point>[A-Za-z_]\w*)\s*(?:(?P<op>>=|<=|>|<)\s*(?P<number>[-+]?\d+(?:\.\d+)?)"
    r"\s*(?P<unit>[^\s\d()]\S*)?|is\s+(?P<state>\w+))(?:\s+for\s+(?P<hold>\d+(?:\.\d+)?\s*[a-z]+))?"
)
_PLAIN = re.compile(r"[A-Za-z0-9_(][^#\"'\[\]{}&*!|:]*")
_LEADING = re.compile(r"\s*(#.*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One comparison of a condition. ``hold`` is how long it has to hold, empty for at once.

    ``value`` is a number without its unit, or the name of a state.
    """

    point: str
    op: Comparison
    value: str
    unit: str = ""
    hold: str = ""

    @property
    def text(self) -> str:
        """The comparison in the language of conditions."""
        unit = f" {self.unit}" if self.unit and self.op != "is" else ""
        wait = f" for {self.hold}" if self.hold else ""
        return f"{self.point} {self.op} {self.value}{unit}{wait}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule as a card shows it.

    ``lead`` are the comments above it and ``body`` its lines as they were written; a rule that
    was changed has no ``body`` and is written anew.
    """

    name: Text
    when: str
    then: tuple[Setting, ...] = ()
    otherwise: tuple[Setting, ...] = ()
    lead: tuple[str, ...] = ()
    body: tuple[str, ...] | None = None

    def changed(self, **facts: Any) -> Rule:
        """Return the rule with other facts."""
        return replace(self, body=None, **facts)

    @property
    def driven(self) -> frozenset[str]:
        """The points that it drives."""
        return frozenset(point for point, _ in (*self.then, *self.otherwise))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A whole program of rules, with the lines around the list."""

    rules: tuple[Rule, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    indent: int = 2
    starts: tuple[int, ...] = field(default=(), compare=False)

    @property
    def text(self) -> str:
        """The program as YAML; reading it gives these rules again."""
        head = "rules:" if self.rules else "rules: []"
        lines = [*self.before, head]
        for rule in self.rules:
            lines += rule.lead
            lines += _written(rule, self.indent) if rule.body is None else rule.body
        lines += self.after
        return "\n".join(lines).rstrip("\n") + "\n"

    def with_rule(self, index: int, rule: Rule) -> Rules:
        """Return the program with another rule at ``index``."""
        return replace(self, rules=(*self.rules[:index], rule, *self.rules[index + 1 :]))

    def inserted(self, index: int, rule: Rule) -> Rules:
        """Return the program with one more rule, before the one at ``index``."""
        return replace(self, rules=(*self.rules[:index], rule, *self.rules[index:]))

    def without(self, index: int) -> Rules:
        """Return the program without a rule and the comments above it."""
        return replace(self, rules=(*self.rules[:index], *self.rules[index + 1 :]))

    def moved(self, index: int, to: int) -> Rules:
        """Return the program with a rule at another place; beyond the ends nothing changes."""
        if not 0 <= to < len(self.rules):
            return self
        return self.without(index).inserted(to, self.rules[index])

    def rule_at(self, line: int) -> int | None:
        """Return which rule a line of the text, counted from 1, belongs to."""
        found = [index for index, start in enumerate(self.starts) if start <= line]
        return found[-1] if found else None


@lru_cache(maxsize=8)
def read_rules(source: str) -> Rules | None:
    """Return the rules of a program, ``None`` where the text is none that cards could show."""
    parsed = parse_yaml(source)
    data = parsed.data
    if parsed.flaws or not isinstance(data, dict) or not isinstance(data.get("rules"), list):
        return None
    entries = data["rules"]
    if not all(isinstance(entry, dict) and "when" in entry for entry in entries):
        return None
    lines = source.splitlines()
    key_line = parsed.keys["rules",][0] - 1
    end = _end_of_list(parsed, key_line, len(lines))
    places = [parsed.values["rules", n] for n in range(len(entries))]
    while places and end > places[-1][0] and _LEADING.fullmatch(lines[end - 1]):
        end -= 1
    bodies = _bodies(lines, places, key_line + 1, end)
    return Rules(
        rules=tuple(
            _rule(entry, *body) for entry, body in zip(entries, bodies, strict=True)
        ),
        before=tuple(lines[:key_line]),
        after=tuple(lines[end:]),
        indent=_indent_of(lines, places),
        starts=tuple(line for line, _ in places),
    )  # fmt: skip


def read_terms(when: str) -> tuple[tuple[Term, ...], Joint] | None:
    """Return a condition as comparisons joined by one word, ``None`` where it is another shape."""
    for joint in ("and", "or"):
        parts = _split(when, joint)
        terms = [_term(part, alone=len(parts) == 1) for part in parts]
        found = tuple(term for term in terms if term is not None)
        if len(found) == len(terms):
            return found, "or" if joint == "or" and len(parts) > 1 else "and"
    return None


def join_terms(terms: Sequence[Term], joint: Joint) -> str:
    """Return the condition; with several terms, one that waits stands in brackets."""
    if len(terms) == 1:
        return terms[0].text
    return f" {joint} ".join(f"({term.text})" if term.hold else term.text for term in terms)


def shared_outputs(rules: Sequence[Rule]) -> dict[str, list[int]]:
    """Return the points that several rules drive, with the numbers of those rules."""
    found: dict[str, list[int]] = {}
    for number, rule in enumerate(rules, start=1):
        for point in sorted(rule.driven):
            found.setdefault(point, []).append(number)
    return {point: numbers for point, numbers in found.items() if len(numbers) > 1}


def _split(when: str, joint: str) -> list[str]:
    """Split at a word outside brackets."""
    parts: list[str] = []
    current: list[str] = []
    depth = 0
    for word in when.replace("(", " ( ").replace(")", " ) ").split():
        depth += (word == "(") - (word == ")")
        if word == joint and depth == 0:
            parts.append(" ".join(current))
            current = []
        else:
            current.append(word)
    return [*parts, " ".join(current)]


def _term(part: str, *, alone: bool) -> Term | None:
    in_brackets = part.startswith("( ") and part.endswith(" )")
    match = _TERM.fullmatch(part[2:-2] if in_brackets else part)
    if match is None:
        return None
    hold = match["hold"] or ""
    if hold and not alone and not in_brackets:
        return None  # "a and b for 2 s": whether both wait is for a reader to say
    if match["state"] is not None:
        return Term(point=match["point"], op="is", value=match["state"], hold=hold)
    operator: dict[str, Comparison] = {">": ">", ">=": ">=", "<": "<", "<=": "<="}
    return Term(
        point=match["point"], op=operator[match["op"]], value=match["number"],
        unit=match["unit"] or "", hold=hold,
    )  # fmt: skip


def _rule(entry: dict[Any, Any], lead: tuple[str, ...], body: tuple[str, ...] | None) -> Rule:
    return Rule(
        name=_name(entry.get("name")),
        when=str(entry["when"]),
        then=_settings(entry.get("then")),
        otherwise=_settings(entry.get("else")),
        lead=lead,
        body=body,
    )


def _name(found: object) -> Text:
    if isinstance(found, Mapping):
        zh, en = str(found.get("zh") or ""), str(found.get("en") or "")
        return Text(zh or en, en or zh)
    word = "" if found is None else str(found)
    return Text(word, word)


def _settings(found: object) -> tuple[Setting, ...]:
    if not isinstance(found, Mapping):
        return ()
    return tuple((str(point), _value(value)) for point, value in found.items())


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _end_of_list(parsed: Parsed, key_line: int, last: int) -> int:
    others = [at[0] - 1 for loc, at in parsed.keys.items() if len(loc) == 1]
    return min((line for line in others if line > key_line), default=last)


def _bodies(
    lines: list[str], places: list[tuple[int, int]], first: int, end: int
) -> list[tuple[tuple[str, ...], tuple[str, ...] | None]]:
    """Return comments and lines of each rule; no lines where the list is not one rule a line."""
    starts = [line - 1 for line, _ in places]
    is_block = all(lines[start].lstrip().startswith("- ") for start in starts)
    if not starts or not is_block or len(set(starts)) != len(starts):
        return [((), None)] * len(places)
    tops = []
    for start in starts:
        top = start
        while top > first and _LEADING.fullmatch(lines[top - 1]):
            top -= 1
        tops.append(top)
    ends = [*tops[1:], end]
    return [
        (tuple(lines[top:start]), tuple(lines[start:stop]))
        for top, start, stop in zip(tops, starts, ends, strict=True)
    ]


def _indent_of(lines: list[str], places: list[tuple[int, int]]) -> int:
    if not places:
        return 2
    line = lines[places[0][0] - 1]
    return len(line) - len(line.lstrip()) if line.lstrip().startswith("- ") else 2


def _written(rule: Rule, indent: int) -> list[str]:
    margin = " " * indent
    zh, en = (json.dumps(words, ensure_ascii=False) for words in (rule.name.zh, rule.name.en))
    plain = _PLAIN.fullmatch(rule.when) and rule.when == rule.when.strip()
    when = rule.when if plain else json.dumps(rule.when, ensure_ascii=False)
    lines = [f"{margin}- name: {{zh: {zh}, en: {en}}}", f"{margin}  when: {when}"]
    lines.append(f"{margin}  then: {_map(rule.then)}")
    if rule.otherwise:
        lines.append(f"{margin}  else: {_map(rule.otherwise)}")
    return lines


def _map(settings: Sequence[Setting]) -> str:
    def shown(value: str) -> str:
        bare = re.fullmatch(r"[-+]?\d+(\.\d+)?|[A-Za-z_]\w*", value)
        return value if bare else json.dumps(value, ensure_ascii=False)

    return "{" + ", ".join(f"{point}: {shown(value)}" for point, value in settings) + "}"
