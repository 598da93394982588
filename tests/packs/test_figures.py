"""Figures come from anybody: what could harm or hang is refused with its line."""

from __future__ import annotations

import time

import pytest

from labapp.packs.figures import MAX_FIGURE_BYTES, check_figure

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
FIT = 'viewBox="0 0 10 10" width="10" height="10">'
BOMB = "".join(
    f'<g id="g{n}">' + f'<use xlink:href="#g{n - 1}"/>' * 10 + "</g>" for n in range(1, 8)
)


def codes(body: str, head: str = HEAD + FIT, tail: str = "</svg>") -> list[str]:
    return [problem.code for problem in check_figure("f.svg", (head + body + tail).encode())]


def test_a_plain_figure_is_fine() -> None:
    body = '\n<defs><linearGradient id="a"><stop offset="0"/></linearGradient></defs>'
    body += '<g id="layer"><rect width="5" height="5" fill="url(#a)"/><use href="#a"/></g>'
    assert codes(body) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<script>x()</script>", "F-ELEMENT"),
        ("<style>*{}</style>", "F-ELEMENT"),
        ("<foreignObject/>", "F-ELEMENT"),
        ('<html xmlns="http://www.w3.org/1999/xhtml"/>', "F-ELEMENT"),
        ('<rect onclick="x()"/>', "F-SCRIPT"),
        ('<image href="file:///etc/passwd"/>', "F-LINK"),
        ('<image xlink:href="http://example.org/a.png"/>', "F-LINK"),
        ('<use href="other.svg#a"/>', "F-LINK"),
        ('<rect fill="url(http://example.org/a)"/>', "F-LINK"),
        ("<rect fill=\"URL( '//example.org/a' )\"/>", "F-LINK"),
        ('<g><rect id="deep"/></g>', "F-ID"),
        ("<?php x ?>", "F-ELEMENT"),
        ("<rect>", "F-XML"),
        ('<g id="a"><use href="#a"/></g>', "F-USE"),
    ],
)
def test_what_a_figure_may_not_have(body: str, code: str) -> None:
    assert code in codes(body)


def test_a_document_type_is_refused_before_anything_unfolds() -> None:
    source = b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + (HEAD + FIT).encode()
    found = check_figure("f.svg", source + b"<text>&b;</text></svg>")
    assert found[0].code == "F-DOCTYPE"


@pytest.mark.parametrize(
    "head",
    [HEAD + 'viewBox="0 0 1 1" width="99999" height="5">', HEAD + 'width="5" height="5">',
     HEAD + 'viewBox="0 0 1 1" width="100%" height="5">'],
)  # fmt: skip
def test_a_figure_has_a_size_of_its_own(head: str) -> None:
    assert codes("", head) == ["F-EXTENT"]


def test_uses_that_unfold_into_millions_are_refused() -> None:
    started = time.process_time()
    assert codes('<g id="g0"><rect/></g>' + BOMB) == ["F-USE"]
    assert time.process_time() - started < 2.0


def test_nests_crowds_and_sizes_are_limited() -> None:
    assert "F-SHAPES" in codes("<g>" * 50, tail="")
    assert "F-SHAPES" in codes("<rect/>" * 20_001)
    assert codes(" " * MAX_FIGURE_BYTES) == ["F-SIZE"]


def test_a_problem_says_its_line() -> None:
    (problem,) = check_figure("f.svg", (HEAD + FIT + "\n\n  <script/></svg>").encode())
    assert (problem.file, problem.line, problem.column) == ("f.svg", 3, 3)
