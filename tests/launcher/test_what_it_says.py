"""What the launcher tells people: times, causes, and nobody's server."""

from __future__ import annotations

import pytest

from labapp.model.text import Text
from launcher.install import packages_in, why
from launcher.say import Voice, listen, seconds_said, without_addresses


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.04, "0.0 s"), (9.96, "10.0 s"), (31.2, "31 s"), (59.7, "1 min 0 s"), (160, "2 min 40 s")],
)
def test_seconds_as_people_say_them(seconds: float, said: str) -> None:
    assert seconds_said(seconds) == said


@pytest.mark.parametrize(
    ("wrote", "begins"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
         "The disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
         "A downloaded file does not have the hash"),
        ("WARNING: Retrying after connection broken by 'NewConnectionError'",
         "The package server does not answer"),
        ("ERROR: No matching distribution found for numpy==2.4.6",
         "There is no ready-made package"),
        ("something nobody has seen before", "The installation did not finish"),
    ],
)  # fmt: skip
def test_a_failure_is_told_by_its_cause(wrote: str, begins: str) -> None:
    told = why(["Collecting numpy", wrote])
    assert told.en.startswith(begins)
    assert told.zh != told.en


def test_no_address_is_told() -> None:
    lines = [
        "ERROR: Could not fetch https://user:secret@mirror.campus.example/simple/numpy/",
        "ERROR: HTTPSConnectionPool(host='mirror.campus.example', port=443): Max retries exceeded",
    ]
    told = why(lines)
    assert "campus" not in told.en + told.zh
    assert "secret" not in told.en + told.zh


def test_versions_and_files_are_no_addresses() -> None:
    line = "numpy-2.4.6-cp312.whl needs Python 3.11.2, see README.md"
    assert without_addresses(line) == line


def test_a_lock_says_how_many_packages_it_pins() -> None:
    lock = "numpy==2.1 \\\n    --hash=sha256:00\n# six==1.0\nlark==1.3.1 \\\n    --hash=sha256:11\n"
    assert packages_in(lock) == 2


def test_a_step_says_what_and_how_long(capsys: pytest.CaptureFixture[str]) -> None:
    with Voice("zh").step(Text("建立 .venv", "making .venv")):
        pass
    assert capsys.readouterr().err == "lab.py: 建立 .venv … 0.0 s\n"


def test_a_step_that_fails_ends_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(OSError, match="full"), Voice("en").step(Text("安装", "installing")):
        raise OSError("full")
    assert capsys.readouterr().err == "lab.py: installing … \n"


@pytest.mark.parametrize(
    ("words", "lang"),
    [(["run", "--lang", "en"], "en"), (["run", "--lang=zh"], "zh"), (["--lang", "xx"], "zh")],
)
def test_it_speaks_the_language_that_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, words: list[str], lang: str
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert listen(words).lang == lang
