"""Report pages stand alone, say everything, and do nothing that a title tells them to."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from labapp.coach.grader import grade
from labapp.model.reading import Event, Gap, Reading, Reason
from labapp.model.text import Lang
from labapp.packs.pack import Pack
from labapp.report.html import to_html
from labapp.report.markup import escape, tag
from labapp.store.evidence import Evidence, open_evidence
from tests.coach.attempts import readings, sealed_attempt
from tests.packs.small_pack import load_small
from tests.report.grades import HOSTILE, all_outcomes

VOID = {"meta", "path", "rect", "line", "polyline", "use", "br"}


class _Page(HTMLParser):
    """Checks that tags nest, and collects tags, attributes and text."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """The small pack."""
    return load_small(tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory, pack: Pack) -> Evidence:
    """A late attempt with a gap and events, by a student with an odd name."""
    given: list[Event | Gap | Reading] = [
        Event(11_000_000, "stimulus", {"do": "call_point"}),
        Event(15_000_000, "write", {"point": "buzzer", "value": 1.0, "result": "verified"}),
        Gap(33_000_000, 34_000_000, Reason.LINK_DOWN),
        *readings(3_000_000),
    ]
    folder = tmp_path_factory.mktemp("evidence")
    return open_evidence(sealed_attempt(folder, pack, given, student="<b>李雷</b>"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_page_says_what_the_grade_says(evidence: Evidence, pack: Pack, lang: Lang) -> None:
    verdict = grade(evidence)
    source = to_html(verdict, evidence, None, lang)
    page = _Page(source)
    assert page.open == []
    for item in verdict.items:
        assert item.title.in_(lang) in page.text
        assert item.say.in_(lang) in page.text
    for said in (str(verdict.to_json()["digest"]), verdict.recording, evidence.head_code,
                 pack.rubric_sha256, "<b>李雷</b>"):  # fmt: skip
        assert said in page.text
    assert ("仿真" if lang == "zh" else "Simulated") in page.text
    assert 'lang="zh-CN"' in source if lang == "zh" else 'lang="en"' in source
    assert source == to_html(verdict, evidence, pack, lang)


def test_a_page_loads_nothing_and_runs_nothing(evidence: Evidence) -> None:
    source = to_html(all_outcomes(), evidence, None, "zh")
    page = _Page(source)
    assert "script" not in {name for name, _ in page.tags}
    for name, attributes in page.tags:
        assert name not in {"img", "link", "iframe", "object", "form", "base", "image"}
        assert not [key for key in attributes if key.startswith("on") or key in ("src", "style")]
        assert (attributes.get("href") or "#").startswith("#")
    assert not re.search(r"url\((?!#)|@import", source)
    policy = [a for n, a in page.tags if n == "meta" and a.get("http-equiv")]
    assert "default-src 'none'" in str(policy[0]["content"])


def test_hostile_texts_stay_texts(evidence: Evidence) -> None:
    source = to_html(all_outcomes(), evidence, None, "en")
    source.encode("utf-8")
    page = _Page(source)
    assert page.open == []
    assert "<script>alert(1)</script>" in page.text
    assert not re.search("[\x00-\x08\u202a-\u202e]", source)


def test_every_outcome_has_its_own_shape_and_word(evidence: Evidence) -> None:
    source = to_html(all_outcomes(), evidence, None, "zh")
    for outcome in ("met", "not_met", "inconclusive", "not_exercised", "error"):
        assert f'id="i-{outcome}"' in source
        assert f'href="#i-{outcome}"' in source
    page = _Page(source)
    for word in ("通过", "未通过", "无法判定", "没测到", "判定中断"):
        assert word in page.text


def test_the_drawing_shows_what_was_cited(evidence: Evidence) -> None:
    page = _Page(to_html(all_outcomes(), evidence, None, "zh"))
    drawings = [a for n, a in page.tags if n == "svg" and a.get("class") == "plot"]
    assert len(drawings) == 1
    assert drawings[0]["aria-label"] == "原因在这里。"
    classes = [str(a.get("class")) for _, a in page.tags]
    assert classes.count("broken") == 1  # the buzzer that was off
    assert classes.count("context") == 1  # the temperature that was as it had to be
    assert "12:00" not in page.text
    assert "00:12.0" in page.text


def test_an_inconclusive_item_says_what_is_still_possible(evidence: Evidence) -> None:
    assert "between 0 and 4" in to_html(all_outcomes(), evidence, None, "en")


def test_answers_without_a_kit_make_a_page_too(pack: Pack, tmp_path: Path) -> None:
    sealed = open_evidence(sealed_attempt(tmp_path, pack, [], step="wire", seconds=0))
    page = _Page(to_html(grade(sealed), sealed, None, "en"))
    assert "Two wires" in page.text
    assert not [a for n, a in page.tags if a.get("class") == "plot"]


def test_text_is_escaped_everywhere() -> None:
    assert tag("p", {"title": '"<'}, "<&'") == '<p title="&quot;&lt;">&lt;&amp;&#39;</p>'
    assert escape(HOSTILE + "\ud800").isprintable()
