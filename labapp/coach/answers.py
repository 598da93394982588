"""What a student answers without the bench: choices, wires and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from labapp.model.text import Text
from labapp.model.trouble import BadInput, Problem

MOST_WIRES = 200
_FORM = (
    '{"choices": {"question": ["option"]}, "wires": [["a", "b"]], "numbers": {"answer": "24.5"}}'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """One hand-in.

    ``choices`` are option ids by question, ``wires`` pairs of terminals, ``numbers`` what was
    typed, by answer id: text, since a number has many ways to be written.
    """

    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    wires: tuple[tuple[str, str], ...] = ()
    numbers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, value: object, file: str | None = None) -> Answers:
        """Read ``{"choices": {...}, "wires": [[a, b], ...], "numbers": {...}}``; each part may be missing.

        Raises:
            BadInput: with every part that does not fit, by its path.
        """
        problems: list[Problem] = []
        parts = value if isinstance(value, dict) else {"": value}
        unknown = [str(name) for name in parts if name not in ("choices", "wires", "numbers")]
        problems += [_misfit(name, file, _FORM) for name in unknown]
        answers = cls(
            choices=_choices(parts.get("choices", {}), file, problems),
            wires=_wires(parts.get("wires", []), file, problems),
            numbers=_numbers(parts.get("numbers", {}), file, problems),
        )
        if problems:
            raise BadInput(*problems)
        return answers

    def to_json(self) -> dict[str, Any]:
        """Return what evidence keeps; strings and lists only."""
        return {
            "choices": {name: list(chosen) for name, chosen in sorted(self.choices.items())},
            "wires": sorted(sorted(wire) for wire in self.wires),
            "numbers": dict(sorted(self.numbers.items())),
        }


def _choices(part: object, file: str | None, problems: list[Problem]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    if not isinstance(part, dict):
        problems.append(_misfit("choices", file, '{"question": ["option"]}'))
        return found
    for name, chosen in part.items():
        options = [chosen] if isinstance(chosen, str) else chosen
        if isinstance(options, list | tuple) and all(isinstance(o, str) for o in options):
            found[str(name)] = tuple(options)
        else:
            problems.append(_misfit(f"choices.{name}", file, '["option"]'))
    return found


def _wires(part: object, file: str | None, problems: list[Problem]) -> tuple[tuple[str, str], ...]:
    if not isinstance(part, list | tuple) or len(part) > MOST_WIRES:
        problems.append(_misfit("wires", file, '[["a", "b"]]'))
        return ()
    found = []
    for number, wire in enumerate(part):
        match wire:
            case [str(a), str(b)] if a != b:
                found.append((a, b))
            case _:
                problems.append(_misfit(f"wires.{number}", file, '["a", "b"]'))
    return tuple(found)


def _numbers(part: object, file: str | None, problems: list[Problem]) -> dict[str, str]:
    found: dict[str, str] = {}
    if not isinstance(part, dict):
        problems.append(_misfit("numbers", file, '{"answer": "24.5"}'))
        return found
    for name, typed in part.items():
        if isinstance(typed, str | int | float) and not isinstance(typed, bool):
            found[str(name)] = str(typed)
        else:
            problems.append(_misfit(f"numbers.{name}", file, '"24.5"'))
    return found


def _misfit(path: str, file: str | None, form: str) -> Problem:
    return Problem(
        code="U-ANSWERS",
        message=Text(
            f"答案里的 {path or '内容'} 看不懂。写成 {form} 这样。",
            f"{path or 'The content'} of the answers cannot be read. Write it like {form}.",
        ),
        file=file,
        path=path or None,
    )
