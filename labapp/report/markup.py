"""HTML and SVG in which every text is escaped unless it was made here."""

from __future__ import annotations

import re
from collections.abc import Mapping

# What HTML cannot carry: control characters but tab and line ends, halves of surrogate pairs.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Marks that reorder text: a title could make a report read otherwise than it is.
_REORDER = re.compile("[\u202a-\u202e\u2066-\u2069]")
_VOID = frozenset({"meta", "br", "col"})


class Markup(str):
    """A piece of a page; only this module makes one of a text."""

    __slots__ = ()


def escape(text: str) -> Markup:
    """Return a text as it may stand between tags and in attributes."""
    clean = _REORDER.sub("", _UNFIT.sub("\ufffd", text))
    for sign, name in (("&", "amp"), ("<", "lt"), (">", "gt"), ('"', "quot"), ("'", "#39")):
        clean = clean.replace(sign, f"&{name};")
    return Markup(clean)


def tag(name: str, attributes: Mapping[str, object] | str = "", *inner: str) -> Markup:
    """Return an element; ``attributes`` may be its class alone. Texts inside are escaped."""
    pairs = {"class": attributes} if isinstance(attributes, str) else attributes
    told = "".join(
        f' {key}="{escape(str(value))}"' for key, value in pairs.items() if value not in ("", None)
    )
    if name in _VOID:
        return Markup(f"<{name}{told}>")
    return Markup(f"<{name}{told}>{together(*inner)}</{name}>")


def together(*inner: str) -> Markup:
    """Return pieces after one another; texts are escaped."""
    return Markup("".join(each if isinstance(each, Markup) else escape(each) for each in inner))


def trusted(text: str) -> Markup:
    """Return text of this package as markup: a style sheet, a drawing. Never what comes from outside."""
    return Markup(text)
