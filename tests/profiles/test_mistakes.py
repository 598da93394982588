"""Bad profiles: every mistake has a code, its place and what to write instead."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from labapp.model.trouble import BadInput, Problem
from labapp.profiles.load import load_profile_bytes

SOURCE = (Path(__file__).parents[2] / "device_profiles" / "fire-safety.yaml").read_text("utf-8")
LINES = SOURCE.splitlines()


def problems_of(source: str) -> Sequence[Problem]:
    with pytest.raises(BadInput) as told:
        load_profile_bytes(source.encode(), "kit.yaml")
    for problem in told.value.problems:
        assert problem.file == "kit.yaml"
        assert problem.message.zh
        assert problem.message.en
        assert "!" not in problem.message.en
        assert "！" not in problem.message.zh
    return told.value.problems


def place_of(text: str, source: str = SOURCE, nth: int = 0) -> tuple[int, int]:
    """Return line and column of the nth time that ``text`` stands in ``source``."""
    at = -1
    for _ in range(nth + 1):
        at = source.index(text, at + 1)
    return source.count("\n", 0, at) + 1, at - source.rfind("\n", 0, at)


# What to replace, by what, the code, what stands at the place that is named, and a word of the
# sentence that says what to write.
CASES = [
    ("scale: 0.01\n", "scael: 0.01\n", "P000", "scael", "scale"),
    ("id: smoke", "id: flame", "P401", "flame\n", "two points flame"),
    ("'%/m'", "'%m'", "P302", "'%m'", "%/m"),
    ("unit: Cel", "unit: °C", "P302", "°C", "write Cel"),
    ("zh: 烟雾 S1, ", "", "P002", "name: {en: Smoke S1", "Chinese"),
    ("unit: 1\n", "unit: 0\n", "P105", "0\n  addressing", "1 to 247"),
    ("timeout_ms: 300", "timeout_ms: 5", "P104", "5\n  late_ms", "20 to 30000"),
    ("framing: rtu, baud: 115200", "framing: mbap, baud: 115200", "P102", "mbap, baud", "rtu"),
    ("coil, addr: 0, type: bool", "coil, addr: 0, type: int16", "P201", "int16}\n    kind", "bool"),
    ("addr: 32, type: uint16", "addr: 32, type: bool", "P202", "bool}\n    unit: count", "bits: [n, n]"),
    ("scale: 0.0625", "scale: 0", "P301", "0\n    decimals", "must not be 0"),
    ("poll: slow", "poll: slwo", "P402", "slwo", "slow"),
    ("addr: 3, type: int16", "addr: 9, type: int16", "P403", "9, type", "0..4"),
    ("addr: 4, type: int16", "addr: 3, type: int16", "P405", "3, type: int16}\n    scale", "co"),
    ("write: {min: 0, max: 100, step", "write: {step", "P305", "write: {step", "min and max"),
    ("step: 0.1, verify_ms: 500, safe: 0", "step: 0.1, verify_ms: 500, safe: 101", "P306", "101", "0..100"),
    ("[gas_valve, sprinkler", "[gas_vlave, sprinkler", "P307", "gas_vlave", "gas_valve"),
    ("[gas_valve, sprinkler", "[flame, sprinkler", "P307", "flame, sprinkler", "safe"),
    ("[0xFF5E], value: -10.125", "[0xFF5E], value: -10.25", "P601", "example: {regs: [0xFF5E]", "-10.125"),
    ("regs: [0x0001, 0x86A0]", "regs: [0x86A0]", "P601", "example: {regs: [0x86A0]", "2 registers"),
    ("1: {zh: 已按下, en: 'On'}", "2: {zh: 已按下, en: 'On'}", "P309", "enum: {0: {zh: 未按下", "0, 1, 2"),
    ("{zh: 已按下, en: 'On'}", "{zh: 已按下, en: 'Off'}", "P309", "enum: {0: {zh: 未按下", "differ"),
    ("schema: labapp.device/1", "schema: labapp.device/2", "P001", "labapp.device/2", "update"),
    ("schema: labapp.device/1", "schema: labapp.pack/1", "P001", "labapp.pack/1", "labapp.device/1"),
    ("range: [0, 40]", "range: [40, 0]", "P308", "range: [40, 0]", "[low, high]"),
    ("baud: 115200", "baud: fast", "P004", "fast", "whole number"),
    ("parity: N", "parity: X", "P006", "X", "N, E, O"),
    ("version: 1.0.0", "version: 1.0", "P004", "1.0\n", "quotes"),
    ("strobe]}", "strobe], device_watchdog: {point: fna, period_ms: 9}}", "P311", "fna", "fan"),
    ("strobe]}", "strobe], device_watchdog: {point: fan}}", "P311", "device_watchdog", "1000"),
    ("input: [[0, 4]", "input: [[4, 0]", "P204", "[4, 0]", "lower address first"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "code", "at", "says"), CASES, ids=[f"{c[2]}-{i}" for i, c in enumerate(CASES)]
)
def test_a_mistake_is_told_at_its_place(old: str, new: str, code: str, at: str, says: str) -> None:
    assert old in SOURCE, "the test is stale"
    source = SOURCE.replace(old, new, 1)
    found = [p for p in problems_of(source) if p.code == code]
    assert found, [p.code for p in problems_of(source)]
    changed_at = SOURCE.index(old)
    places = [place_of(at, source, n) for n in range(source.count(at))]
    assert (found[0].line, found[0].column) in places
    assert says in found[0].message.en
    assert abs((found[0].line or 0) - SOURCE.count("\n", 0, changed_at)) < 6


def test_all_mistakes_are_told_at_once_in_their_order() -> None:
    source = SOURCE.replace("scale: 0.01\n", "scael: 0.01\n").replace("unit: ppm", "unit: pmm")
    source = source.replace("parity: N", "parity: X")
    found = problems_of(source)
    assert [p.code for p in found] == ["P006", "P000", "P302"]
    assert [p.line for p in found] == sorted(p.line or 0 for p in found)


def test_a_line_that_is_too_slow_for_the_polls_says_what_would_do() -> None:
    source = SOURCE.replace("baud: 115200, parity: N", "baud: 9600, parity: N")
    (problem,) = problems_of(source)
    assert problem.code == "P404"
    assert problem.path == "transport.variants.0"
    assert "fast" in problem.message.en
    wanted_ms = int(problem.message.en.split("about ")[1].split(" ms")[0])
    better = source.replace("polls: {fast: 100", f"polls: {{fast: {wanted_ms}")
    load_profile_bytes(better.encode(), "kit.yaml")


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("", "Y013"),
        ("a: 1\na: 2\n", None),
        ("points: [", "Y004"),
        ("a: &x 1\nb: *x\n", None),
        ("a:\t1\n", None),
        ("- 1\n- 2\n", None),
        ("17\n", None),
    ],
)
def test_what_is_no_profile_at_all(source: str, code: str | None) -> None:
    found = problems_of(source)
    assert found[0].line is not None
    assert code is None or found[0].code == code


def test_a_file_of_another_encoding_is_told() -> None:
    with pytest.raises(BadInput) as told:
        load_profile_bytes(SOURCE.encode("gbk"), "kit.yaml")
    problem = told.value.problems[0]
    assert problem.code == "Y001"
    assert "GBK" in problem.message.en
    first_chinese = next(i for i, line in enumerate(LINES, 1) if not line.isascii())
    assert problem.line == first_chinese


POINT = """\
  - id: extra
    name: {zh: 另外, en: Extra}
    at: {at}
    poll: slow
    {more}
"""


@pytest.mark.parametrize(
    ("at", "more", "code"),
    [
        ("{table: holding, addr: 0, type: uint16, bits: [3, 1]}", "", "P203"),
        ("{table: holding, addr: 0, type: uint16, bits: [0, 16]}", "", "P203"),
        ("{table: holding, addr: 0, type: bool, bits: [0, 1]}", "", "P203"),
        ("{table: coil, addr: 3, type: bool, bits: [0, 0]}", "", "P203"),
        ("{table: input, addr: 33, type: string}", "", "P202"),
        ("{table: input, addr: 33, type: int16, length: 2}", "", "P202"),
        ("{table: input, addr: 3, type: int16}", "access: rw", "P303"),
        ("{table: holding, addr: 0, type: int16}", "access: rw", "P304"),
        ("{table: holding, addr: 0, type: int16}", "write: {min: 0, max: 1}", "P304"),
        ("{table: holding, addr: 0, type: int16}",
         "{access: rw, write: {method: fc5, min: 0, max: 1}}", "P310"),
        ("{table: holding, addr: 0, type: float32}",
         "{access: rw, write: {method: fc6, min: 0, max: 1}}", "P310"),
        ("{table: holding, addr: 0, type: uint16, bits: [0, 1]}",
         "{access: rw, write: {method: fc16, min: 0, max: 1}}", "P310"),
        ("{table: holding, addr: 0, type: uint16}",
         "{access: rw, write: {method: mask, min: 0, max: 1}}", "P310"),
        ("{table: holding, addr: 0, type: uint16, bits: [0, 1]}",
         "{access: w, write: {method: rmw, min: 0, max: 1}}", "P310"),
        ("{table: holding, addr: 0, type: float32}",
         "enum: {0: {zh: 一, en: One}, 1: {zh: 二, en: Two}}", "P309"),
    ],
)  # fmt: skip
def test_points_that_cannot_be(at: str, more: str, code: str) -> None:
    more = more.strip("{}") if more.startswith("{access") else more
    more = more.replace(", write:", "\n    write:") + (
        "}" if more.count("{") > more.count("}") else ""
    )
    extra = POINT.replace("{at}", at).replace("{more}", more)
    source = SOURCE.replace("\nsafety:", f"\n{extra}\nsafety:")
    assert code in [problem.code for problem in problems_of(source)]


def test_bits_may_share_a_register_where_they_do_not_collide() -> None:
    low = POINT.replace("extra", "low").replace(
        "{at}", "{table: holding, addr: 0, type: uint16, bits: [0, 3]}"
    )
    high = POINT.replace("extra", "high").replace(
        "{at}", "{table: holding, addr: 0, type: uint16, bits: [4, 7]}"
    )
    both = (low + high).replace("{more}", "")
    load_profile_bytes(SOURCE.replace("\nsafety:", f"\n{both}\nsafety:").encode(), "kit.yaml")
    clash = both.replace("[4, 7]", "[3, 7]")
    found = problems_of(SOURCE.replace("\nsafety:", f"\n{clash}\nsafety:"))
    assert [problem.code for problem in found] == ["P405"]
