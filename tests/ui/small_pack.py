"""A project of one short challenge: somebody presses the call point, the buzzer has to sound."""

from __future__ import annotations

from pathlib import Path

PACK = """\
schema: labapp.pack/1
id: call-alarm
version: 1.0.0
title: {zh: 手动报警, en: Call alarm}
summary: {zh: 按下按钮就报警, en: Press the button to sound the alarm}
kit: fire-safety
minutes: 5
pass_mark: 60 %
objectives:
  - {id: quick, title: {zh: 动作及时, en: Act in time}}
steps:
  - id: challenge
    kind: challenge
    title: {zh: 挑战：有人按下按钮, en: 'Challenge: somebody presses the button'}
    minutes: 1
    points: 10
    text: steps/challenge
    scenario: press
    duration: SECONDS s
    plots: [temp]
    criteria:
      - id: on-time
        title: {zh: 按下后 1 s 内打开蜂鸣器, en: Buzzer on within 1 s}
        check: "each time call_point turns on: buzzer is on within 1 s"
        score: {points: 6, by: episodes}
        objectives: {quick: 1}
        hint: {zh: 把“持续”改短, en: Wait less}
      - id: cool
        title: {zh: 室温不超过 75 °C, en: Never above 75 °C}
        check: "always temp <= 75 Cel"
        score: {points: 4}
solutions: {reference: solutions/reference.yaml}
"""
SCENARIO = """\
schema: labapp.scenario/1
id: press
title: {zh: 按下按钮, en: The button is pressed}
kit: fire-safety
preset: room
seed: 3
duration: SECONDS s
steps:
  - {at: 1500 ms, do: call_point, to: 'on', mark: pressed, text: {zh: 按下, en: pressed}}
"""
RULES = """\
rules:
  - name: {zh: 按下就响, en: Sound when pressed}
    when: call_point is on
    then: {buzzer: on}
    else: {buzzer: off}
"""


def write_small_pack(projects: Path, seconds: int) -> None:
    """Write the project into a folder of projects; its challenge lasts that long."""
    home = projects / "call-alarm"
    for name, text in (
        ("pack.yaml", PACK),
        ("scenarios/press.yaml", SCENARIO),
        ("solutions/reference.yaml", RULES),
        ("steps/challenge.zh.md", "按下按钮后，让蜂鸣器响。\n"),
        ("steps/challenge.en.md", "Sound the buzzer when the button is pressed.\n"),
    ):
        place = home / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text.replace("SECONDS", str(seconds)), encoding="utf-8")
