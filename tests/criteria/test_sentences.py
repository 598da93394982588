"""What people read: criteria as sentences, and verdicts in the form of their response."""

from __future__ import annotations

import pytest

from labapp.criteria.parse import parse_check
from labapp.criteria.say import sentence
from tests.criteria.bench import NAMES, judged, on
from tests.criteria.sixteen import CRITERIA

SENTENCES = {
    "F1": ("每次火焰打开时，应在 2 s 内蜂鸣器打开。",
           "Each time the flame turns on, the buzzer is on within 2 s."),
    "F2": ("除非最近 5 s 内曾火焰打开，否则不得蜂鸣器打开。",
           "Never the buzzer is on unless the flame is on in the last 5 s."),
    "F3": ("每次火焰打开时，应在 500 ms 内风机关闭并保持到复位打开时。",
           "Each time the flame turns on, the fan is off within 500 ms until reset turns on."),
    "L1": ("每次开始 lux 低于 50 lx 持续 3 s 时，应在 2 s 内 lamp 不低于 80 %。",
           "Each time lux is below 50 lx for 3 s begins, lamp is at least 80 % within 2 s."),
    "L2": ("每次 presence 关闭时，应在 5 s 内 lamp 为 30 % ± 3 %，除非 presence 打开。",
           "Each time presence turns off, lamp is 30 % ± 3 % within 5 s unless presence is on."),
    "L3": ("始终 lamp 最近 2 s 内变化不超过 1 次。",
           "Always lamp changes at most 1 time in the last 2 s."),
    "G1": ("应当达到：开始后 2 min 内土壤湿度在 40 %～60 % 之间并保持 5 min。",
           "Reach soil moisture is between 40 % and 60 % within 2 min of the start, held for 5 min."),
    "G2": ("只要 tank 低于 10 %，1 s 之后就应当 pump 关闭。",
           "Whenever tank is below 10 %, pump is off after 1 s."),
    "G3": ("“air_temp 在 20 °C～28 °C 之间”的时间占比不低于 90 %。",
           'The share of time with "air_temp is between 20 °C and 28 °C" is at least 90 %.'),
    "G4": ("开始 10 s 之后，始终温度与 temp_ref 相差不超过读数的 5 %。",
           "Always temperature agrees with temp_ref within 5 % of the reading, "
           "ignoring the first 10 s."),
    "W1": ("gesture_pred 与 gesture_label 的一致率不低于 85 %。",
           "The accuracy of gesture_pred against gesture_label is at least 85 %."),
    "V4": ("始终 telemetry 的最新数据距今不超过 2 s。",
           "Always the newest value of telemetry is at most 2 s old."),
}  # fmt: skip


@pytest.mark.parametrize("name", SENTENCES)
def test_criteria_are_sentences(name: str) -> None:
    check = parse_check(CRITERIA[name])
    assert (sentence(check, "zh", NAMES), sentence(check, "en", NAMES)) == SENTENCES[name]


F1 = CRITERIA["F1"]
HOLD = "each time flame turns on: buzzer is on within 2 s for 3 s"
UNTIL = CRITERIA["F3"]
ALL_ALONG = "each time flame turns on: buzzer is on throughout"
FLAME = on((10, 15), (30, 35))
VERDICTS = [
    (F1, {"flame": FLAME, "buzzer": on((11, 15), (31.8, 35))}, "1.8 s", "≤ 2 s",
     "触发 2 次，每次都做到了，最慢 1.8 s。",
     "Triggered 2 times, kept every time; the slowest took 1.8 s."),
    (F1, {"flame": FLAME, "buzzer": on((11, 15), (34.4, 35))}, "4.4 s", "≤ 2 s",
     "第 2 次触发在 30 s：应在 2 s 内蜂鸣器打开，实际 4.4 s 后才发生，晚了 2.4 s。共 2 次，成功 1 次。",
     "Trigger 2 came at 30 s; we expected “the buzzer is on within 2 s”, but it did so after "
     "4.4 s, 2.4 s too late. 1 of 2 episodes met it."),
    # The buzzer that came with the second flame is no answer to the first one.
    (F1, {"flame": FLAME, "buzzer": on((31, 35))}, "1 missed", "≤ 2 s",
     "第 1 次触发在 10 s：应在 2 s 内蜂鸣器打开，实际一直没有发生。共 2 次，成功 1 次。",
     "Trigger 1 came at 10 s; we expected “the buzzer is on within 2 s”, but it never did. "
     "1 of 2 episodes met it."),
    (HOLD, {"flame": FLAME, "buzzer": on((11, 15), (31, 33))}, "1 missed", "≤ 2 s",
     "第 2 次触发在 30 s：应在 2 s 内蜂鸣器打开并保持 3 s，实际最长只保持了 2 s。共 2 次，成功 1 次。",
     "Trigger 2 came at 30 s; we expected “the buzzer is on within 2 s for 3 s”, but it held "
     "for 2 s at the longest. 1 of 2 episodes met it."),
    (UNTIL, {"flame": on((10, 15)), "fan": on((0, 10.2), (20, 40)), "reset": on((30, 31))},
     "1 missed", "≤ 500 ms",
     "第 1 次触发在 10 s：应在 500 ms 内风机关闭并保持到复位打开时，实际在 20 s 就中断了。"
     "共 1 次，成功 0 次。",
     "Trigger 1 came at 10 s; we expected “the fan is off within 500 ms until reset turns on”, "
     "but it stopped too early, at 20 s. 0 of 1 episode met it."),
    (ALL_ALONG, {"flame": FLAME, "buzzer": on((10, 15), (30, 33))}, "1 broken", "throughout",
     "第 2 次触发在 30 s：期间应当始终蜂鸣器打开，实际在 33 s 中断。共 2 次，成功 1 次。",
     "Trigger 2 came at 30 s; we expected “the buzzer is on throughout”, but it stopped at 33 s. "
     "1 of 2 episodes met it."),
    (F1, {"flame": on(), "buzzer": on()}, "—", "≤ 2 s",
     "没有测到：火焰打开时才能判定，但它一次也没有出现。先让它发生，再测一次。",
     "Not exercised: it is judged when the flame turns on, which never happened. "
     "Make it happen, then run it again."),
    (CRITERIA["F2"], {"flame": FLAME, "buzzer": on((11, 15), (45, 46))}, "1 time", "0 times",
     "45 s～46 s 出现了“蜂鸣器打开”，而没有“最近 5 s 内曾火焰打开”；共 1 段，合计 1 s。",
     "From 45 s to 46 s “the buzzer is on” happened without “the flame is on in the last 5 s”; "
     "1 stretch, 1 s in all."),
    ("always temp <= 70 degC", {"temp": [(0, 20), (5, 64), (9, 30)]}, "64 °C", "≤ 70 °C",
     "全程做到，最接近限值时为 64 °C。", "Kept throughout; nearest: 64 °C."),
    ("always temp <= 70 degC", {"temp": [(0, 20), (5, 71.5), (9, 30)]}, "71.5 °C", "≤ 70 °C",
     "5 s～9 s 不满足“温度不高于 70 °C”；共 1 段，合计 4 s，最差为 71.5 °C。",
     "From 5 s to 9 s this did not hold: “temperature is at most 70 °C”; 1 stretch, 4 s in all; "
     "the worst was 71.5 °C."),
    ("always temp <= 70 degC", {"temp": [(0, 20), (5, None), (9, 30)]}, "no data", "≤ 70 °C",
     "5 s～9 s 缺数据，无法判定，不扣分。请重测。缺的是温度在 5 s～9 s 的数据。",
     "Data is missing from 5 s to 9 s. Not judged, no points lost; please run it again. "
     "Missing: temperature from 5 s to 9 s."),
    ("whenever flame is on: buzzer is on after 1 s",
     {"flame": FLAME, "buzzer": on((10.5, 15), (32, 35))}, "1 time", "0 times",
     "31 s～32 s“火焰打开”时不满足“蜂鸣器打开”；共 1 段，合计 1 s。",
     "From 31 s to 32 s “the flame is on” held but “the buzzer is on” did not; "
     "1 stretch, 1 s in all."),
    ("reach soil > 40 % within 12 s for 3 s", {"soil": [(0, 10), (14.5, 50)]}, "14.5 s", "≤ 12 s",
     "“土壤湿度高于 40 %”在 14.5 s 后才达到，晚了 2.5 s。",
     "“soil moisture is above 40 %” was reached only after 14.5 s, 2.5 s too late."),
    ("share(flame is on) >= 50 %", {"flame": on((0, 15))}, "25 %", "≥ 50 %",
     "要求“火焰打开”的时间占比不低于 50 %，实测 25 %。",
     'It is required that the share of time with "the flame is on" is at least 50 %; '
     "measured: 25 %."),
]  # fmt: skip


@pytest.mark.parametrize("row", VERDICTS, ids=lambda row: f"{row[0][:30]} {row[2]}")
def test_verdicts_are_told_in_their_own_form(row) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    check, drawn, measured, required, zh, en = row
    found = judged(check, drawn)
    assert (found.say.zh, found.say.en) == (zh, en)
    assert found.measured is not None
    assert found.required is not None
    assert (found.measured.en, found.required.en) == (measured, required)
