"""One way to write a value as bytes, so that equal values have equal digests."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical_json(value: Any) -> bytes:
    """Return RFC 8785 (JCS) bytes for a value of dicts, lists, strings, integers, booleans, null.

    Floats are refused: where a number is not whole, write it as a string or a fraction.

    Raises:
        TypeError: the value holds a float or another kind that has no one form.
    """
    _refuse_floats(value)
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode("utf-8")


def sha256_hex(data: bytes) -> str:
    """Return ``sha256:`` and the 64 hex digits of the digest of ``data``."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _refuse_floats(value: Any) -> None:
    match value:
        case float():
            raise TypeError(f"a float has no canonical form: {value!r}")
        case dict():
            for key, inner in value.items():
                if not isinstance(key, str):
                    raise TypeError(f"a key must be a string: {key!r}")
                _refuse_floats(inner)
        case list() | tuple():
            for inner in value:
                _refuse_floats(inner)
        case str() | int() | None:
            pass
        case _:
            raise TypeError(f"no canonical form for {type(value).__name__}")
