"""One way to write a value as bytes, so that equal values have equal digests."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical_json(value: Any) -> bytes:
    """Return RFC 8785 (JCS) bytes for a value of dicts, lists, strings, integers, booleans, null.

    Floats are refused: where a number is not whole, write it as a string or a fraction.
    Integers are written whole, also those past 2**53, which JCS would have as strings.

    Raises:
        TypeError: the value holds a float or another kind that has no one form.
        UnicodeEncodeError: a text holds half of a surrogate pair.
    """
    text = json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8")


def sha256_hex(data: bytes) -> str:
    """Return ``sha256:`` and the 64 hex digits of the digest of ``data``."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _ordered(value: Any) -> Any:
    """Return the value with its keys in JCS' order: by UTF-16 code units, not by code points."""
    match value:
        case float():
            raise TypeError(f"a float has no canonical form: {value!r}")
        case dict():
            return {key: _ordered(value[key]) for key in sorted(value, key=_utf16)}
        case list() | tuple():
            return [_ordered(inner) for inner in value]
        case str() | int() | None:
            return value
        case _:
            raise TypeError(f"no canonical form for {type(value).__name__}")


def _utf16(key: object) -> bytes:
    if not isinstance(key, str):
        raise TypeError(f"a key must be a string: {key!r}")
    return key.encode("utf-16-be", "surrogatepass")
