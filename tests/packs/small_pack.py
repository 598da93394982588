"""A small sound pack in a folder, and ways to make it unsound: one edit a test."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from labapp.model.trouble import BadInput, Problem
from labapp.packs.lint import lint
from labapp.packs.load import load_pack
from labapp.packs.pack import Pack
from labapp.profiles.load import load_profile
from labapp.profiles.profile import Profile

ROOT = Path(__file__).parents[2]
PROFILES = ROOT / "device_profiles"


@cache
def fire_kit() -> Profile:
    """Return the kit's profile, read once."""
    profile: Profile = load_profile("fire-safety", [PROFILES])
    return profile


PACK = """\
schema: labapp.pack/1
id: small
version: 1.0.0
title: {zh: 小项目, en: A small project}
summary: {zh: 只有两步, en: Two steps only}
kit: fire-safety
minutes: 10
objectives:
  - {id: wires, title: {zh: 接线, en: Wiring}}
  - {id: code, title: {zh: 编程, en: Programming}}
groups:
  - {id: all, title: {zh: 全部, en: All}}
steps:
  - id: wire
    kind: wire
    title: {zh: 接两根线, en: Two wires}
    minutes: 4
    points: 4
    text: steps/wire
    group: all
    figure: figures/wires.svg
    terminals:
      - {id: p1, name: {zh: 一, en: One}, at: [20, 20]}
      - {id: p2, name: {zh: 二, en: Two}, at: [80, 20]}
      - {id: p3, name: {zh: 三, en: Three}, at: [20, 80]}
      - {id: p4, name: {zh: 四, en: Four}, at: [80, 80]}
    connections:
      - {id: upper, title: {zh: 上, en: Upper}, ends: [p1, p2], points: 2, objectives: {wires: 1}}
      - {id: lower, title: {zh: 下, en: Lower}, ends: [p3, p4], points: 2}
    forbidden:
      - {ends: [p1, p3], cap: 0 %, why: {zh: 短路。, en: A short.}}
  - id: alarm
    kind: challenge
    title: {zh: 手动报警, en: Call point}
    minutes: 6
    points: 6
    text: steps/alarm
    group: all
    scenario: press
    seed: 3
    duration: 14 s
    criteria:
      - id: answers
        title: {zh: 按下就响, en: Rings when pressed}
        check: "each time call_point turns on: buzzer is on within 1 s for 1 s"
        needs: {episodes: 2}
        score: {points: 4, by: episodes}
        objectives: {code: 1}
      - id: quiet
        title: {zh: 没按不响, en: Silent otherwise}
        check: >-
          each time buzzer turns on: call_point is on in the last 2 s within 200 ms;
          never buzzer is on unless call_point is on in the last 2 s
        score: {points: 2}
solutions:
  reference: solutions/good.yaml
  wrong:
    - file: solutions/late.yaml
      about: {zh: 晚 1.5 s, en: 1.5 s late}
      loses: {alarm: [answers]}
    - file: solutions/always.yaml
      about: {zh: 一直响, en: Always on}
      loses: {alarm: [quiet]}
"""
SCENARIO = """\
schema: labapp.scenario/1
id: press
title: {zh: 按两次, en: Pressed twice}
kit: fire-safety
duration: 14 s
vary: {first: [3 s, 3500 ms]}
steps:
  - {at: $first, do: call_point, for: 2 s}
  - {at: 8 s, do: call_point, for: 2 s}
"""
FIGURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="100" height="100">\n'
    '  <rect x="5" y="5" width="90" height="90" fill="#FFFFFF"/>\n</svg>\n'
)
FILES = {
    "pack.yaml": PACK,
    "scenarios/press.yaml": SCENARIO,
    "figures/wires.svg": FIGURE,
    "steps/wire.zh.md": "接上两根线。\n\n1. 上面一根。\n2. 下面一根。\n",
    "steps/wire.en.md": "Place two wires.\n\n1. The upper one.\n2. The lower one.\n",
    "steps/alarm.zh.md": "按下按钮就响。\n",
    "steps/alarm.en.md": "Ring when the button is pressed.\n",
    "solutions/good.yaml": (
        "rules:\n  - name: {zh: 报警, en: Alarm}\n    when: call_point is on\n"
        "    then: {buzzer: on}\n    else: {buzzer: off}\n"
    ),
    "solutions/late.yaml": (
        "rules:\n  - name: {zh: 报警, en: Alarm}\n    when: call_point is on for 1500 ms\n"
        "    then: {buzzer: on}\n    else: {buzzer: off}\n"
    ),
    "solutions/always.yaml": (
        "rules:\n  - name: {zh: 一直响, en: Always}\n    when: temp > -50 Cel\n"
        "    then: {buzzer: on}\n"
    ),
}


def write_pack(
    folder: Path, *edits: tuple[str, str, str], extra: dict[str, str] | None = None
) -> Path:
    """Write the pack with edits ``(file, old, new)``; ``new`` alone, with an empty ``old``, is the file."""
    files = dict(FILES) | (extra or {})
    for name, old, new in edits:
        assert old in files[name], f"{name} has no {old!r}"
        files[name] = files[name].replace(old, new) if old else new
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8", newline="\n")
    return folder


def load_small(
    folder: Path, *edits: tuple[str, str, str], extra: dict[str, str] | None = None
) -> Pack:
    """Return the pack after edits."""
    return load_pack(write_pack(folder, *edits, extra=extra), [], [PROFILES], fire_kit())


def problems_of(folder: Path, *edits: tuple[str, str, str]) -> tuple[Problem, ...]:
    """Return what keeps the edited pack from being used."""
    try:
        load_small(folder, *edits)
    except BadInput as trouble:
        return trouble.problems
    return ()


def findings_of(
    folder: Path, *edits: tuple[str, str, str], extra: dict[str, str] | None = None
) -> list[str]:
    """Return the codes of what lint finds in the edited pack."""
    return [finding.code for finding in lint(load_small(folder, *edits, extra=extra))]
