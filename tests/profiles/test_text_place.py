"""A mistake inside a text is told where it stands in the file, however the text is written."""

from __future__ import annotations

import pytest

from labapp.model.text import Text
from labapp.model.trouble import Problem
from labapp.profiles.document import parse_document

TEXT = "flame > 30 % and smok > 3 %/m"
AT = TEXT.index("smok") + 1

WRITTEN = {
    "plain": (f"a:\n  when: {TEXT}\n", 1, AT),
    "single quotes": (f"a:\n  when: '{TEXT}'\n", 1, AT),
    "double quotes": (f'a:\n  when: "{TEXT}"\n', 1, AT),
    "folded": ("a:\n  when: >-\n    flame > 30 %\n    and smok > 3 %/m\n", 1, AT),
    "folded, on the first line": (f"a:\n  when: >-\n    {TEXT}\n    and gas > 1 %LEL\n", 1, AT),
    "folded, in Windows": (
        "a:\r\n  when: >\r\n    flame > 30 %\r\n    and smok > 3 %/m\r\n",
        1,
        AT,
    ),
    "literal": ("a:\n  when: |\n    flame > 30 %\n    and smok > 3 %/m\n  b: 1\n", 2, 5),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_mistake_in_a_text_is_where_it_is_written(name: str) -> None:
    source, line, column = WRITTEN[name]
    document = parse_document("a.yaml", source.encode())
    inner = Problem(code="X", message=Text("甲", "A"), line=line, column=column)
    found = document.inside(("a", "when"), inner)
    assert found.line is not None
    assert found.column is not None
    assert (found.file, found.path) == ("a.yaml", "a.when")
    assert source.splitlines()[found.line - 1][found.column - 1 :].startswith("smok")


@pytest.mark.parametrize(
    "source",
    [
        'a:\n  when: "flame > 30 %\n    and smok > 3 %/m"\n',
        "a:\n  when: flame > 30 %\n    and smok > 3 %/m\n",
        "a:\n  when: >-\n    flame > 30 %\n\n    and smok > 3 %/m\n",
    ],
)
def test_a_text_broken_in_another_way_names_its_line_and_no_wrong_column(source: str) -> None:
    inner = Problem(code="X", message=Text("甲", "A"), line=1, column=AT)
    found = parse_document("a.yaml", source.encode()).inside(("a", "when"), inner)
    assert (found.line, found.column) == (2, None)


def test_a_mistake_at_the_end_of_a_text_stands_behind_it() -> None:
    document = parse_document("a.yaml", b"a: flame >\nb: 1\n")
    inner = Problem(code="X", message=Text("甲", "A"), line=1, column=8)
    found = document.inside(("a",), inner)
    assert (found.line, found.column) == (1, 11)
