"""Canonical JSON: equal values have equal bytes, and the bytes are those of RFC 8785."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labapp.model.canonical import canonical_json, sha256_hex

TEXTS = st.text(max_size=8)  # without halves of surrogate pairs, as Hypothesis has it
LEAVES = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)
ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
}


def _jcs(value: Any) -> str:
    """Write a value as RFC 8785 says it, letter by letter; the oracle."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return '"' + "".join(_letter(letter) for letter in value) + '"'
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_jcs, value)) + "]"
    names = sorted(value, key=_code_units)
    return "{" + ",".join(f"{_jcs(name)}:{_jcs(value[name])}" for name in names) + "}"


def _letter(letter: str) -> str:
    if letter in ESCAPES:
        return ESCAPES[letter]
    return f"\\u{ord(letter):04x}" if letter < " " else letter


def _code_units(text: str) -> list[int]:
    octets = text.encode("utf-16-be")
    return [octets[at] * 256 + octets[at + 1] for at in range(0, len(octets), 2)]


@given(VALUES)
def test_it_is_what_the_standard_says(value: Any) -> None:
    assert canonical_json(value).decode() == _jcs(value)


@given(VALUES)
def test_it_reads_back_the_same(value: Any) -> None:
    assert json.loads(canonical_json(value)) == value


@given(st.dictionaries(TEXTS, LEAVES, max_size=6), st.randoms())
def test_the_order_of_keys_does_not_matter(value: dict[str, Any], random: Any) -> None:
    items = list(value.items())
    random.shuffle(items)
    assert canonical_json(dict(items)) == canonical_json(value)


def test_keys_are_in_the_order_of_utf_16() -> None:
    # U+1F600 is written D83D DE00, which is before U+FF01.
    assert canonical_json({"！": 1, "😀": 2}).decode() == '{"😀":2,"！":1}'


@pytest.mark.parametrize(
    "value", [1.0, float("nan"), {"a": [1, 2.5]}, {1: "a"}, {"a": {1, 2}}, b""]
)
def test_what_has_no_one_form_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match=r"canonical form|key must be"):
        canonical_json(value)


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        canonical_json("\ud83d")


def test_a_digest_says_how_it_was_made() -> None:
    assert sha256_hex(b"abc") == "sha256:" + hashlib.sha256(b"abc").hexdigest()
