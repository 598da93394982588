from __future__ import annotations

import pytest

from labapp.model.trouble import LabError
from labapp.transport.kit_url import KitUrl


@pytest.mark.parametrize(
    ("text", "scheme", "place"),
    [
        ("serial:COM3", "serial", "COM3"),
        ("serial:/dev/ttyUSB0?baud=9600&parity=E", "serial", "/dev/ttyUSB0"),
        ("tcp://192.0.2.7:502", "tcp", "192.0.2.7:502"),
        ("tcp://lab-3.example", "tcp", "lab-3.example"),
        ("tcp://[::1]:1502", "tcp", "[::1]:1502"),
        ("rtu+tcp://192.0.2.7:4001", "rtu+tcp", "192.0.2.7:4001"),
        ("twin:", "twin", "twin:"),
        ("replay:evening/attempt.lab", "replay", "evening/attempt.lab"),
        ("  TCP://localhost:1  ", "tcp", "localhost:1"),
    ],
)
def test_every_form_of_the_contract(text: str, scheme: str, place: str) -> None:
    url = KitUrl.parse(text)
    assert (url.scheme, url.place, url.text) == (scheme, place, text.strip())


def test_what_a_serial_url_says_of_the_line() -> None:
    url = KitUrl.parse("serial:COM3?baud=19200&parity=e&stopbits=2&bytesize=7")
    assert dict(url.params) == {"baud": "19200", "parity": "E", "stopbits": "2", "bytesize": "7"}
    assert url.device == "COM3"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "(empty)"),
        ("COM3", "serial:COM3"),
        ("/dev/ttyACM0", "serial:/dev/ttyACM0"),
        ("serail:COM3", "Did you mean serial:"),
        ("gopher:hole", "Known forms"),
        ("serial:", "needs a port"),
        ("replay:", "needs a file"),
        ("tcp:192.0.2.7:502", "tcp://HOST:PORT"),
        ("tcp://:502", "tcp://HOST:PORT"),
        ("tcp://a b:1", "tcp://HOST:PORT"),
        ("tcp://x:0", "1..65535"),
        ("tcp://x:65536", "1..65535"),
        ("tcp://x:1/path", "tcp://HOST:PORT"),
        ("twin:7", "Nothing follows"),
        ("serial:COM3?bauds=9600", "Did you mean baud?"),
        ("serial:COM3?baud=fast", "baud=9600"),
        ("serial:COM3?baud=9600&baud=9600", "once each"),
        ("serial:COM3?parity=X", "parity=E"),
    ],
)
def test_what_is_no_kit_url_is_told_with_the_right_form(text: str, hint: str) -> None:
    with pytest.raises(LabError) as told:
        KitUrl.parse(text)
    (problem,) = told.value.problems
    assert problem.code == "U-KIT-URL"
    assert hint in problem.message.en
    assert told.value.exit_code == 2
