"""A command line that does not fit is told in the user's language, and ends with 2."""

from __future__ import annotations

import re

import pytest

from labapp.cli.main import main

WRONG = [
    (["run"], "还缺少 PROJECT", "PROJECT is missing"),
    (
        ["run", "fire-alarm", "--seed", "x"],
        "--seed 要一个整数，写的是 x",
        "--seed takes a whole number, not x",
    ),
    (
        ["bogus"],
        "COMMAND 不能是 bogus，可以是 run、grade",
        "COMMAND cannot be bogus; it can be run, grade",
    ),
    (["run", "fire-alarm", "--zz"], "不认识 --zz", "--zz is not known"),
    (["run", "fire-alarm", "--seed"], "--seed 后面少了值", "the value after --seed is missing"),
    (
        ["simulate", "fire-safety", "--seed", "-1"],
        "--seed 不能是 -1，可以是 0",
        "--seed cannot be -1; it can be 0",
    ),
    (
        ["simulate", "fire-safety", "--rate", "fast"],
        "--rate 看不懂 fast",
        "--rate cannot be read from fast",
    ),
    (
        ["monitor", "fire-safety", "--kit", "twin:", "--for", "5"],
        "--for 不能是 5，可以是 500ms",
        "--for cannot be 5; it can be 500ms",
    ),
    (
        ["run", "fire-alarm", "--clock", "slow"],
        "--clock 不能是 slow，可以是 lockstep、live",
        "--clock cannot be slow",
    ),
]


@pytest.mark.parametrize(("words", "zh", "en"), WRONG)
def test_it_is_told_in_both_languages(
    words: list[str], zh: str, en: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--lang", "zh"]) == 2
    told = capsys.readouterr().err
    assert zh in told
    rest = re.sub(r"U-USAGE|labapp|PROJECT|COMMAND|--?[\w-]+", "", told)
    assert not re.search(r"argument|required|expected|invalid|choose", rest)
    assert main([*words, "--lang", "en"]) == 2
    assert en in capsys.readouterr().err
