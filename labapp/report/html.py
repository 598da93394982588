"""A grade as a page that stands alone: no scripts, no links out, nothing loaded."""

from __future__ import annotations

from dataclasses import dataclass

from labapp.coach.sealing import sealed_pack
from labapp.model.bench import BenchKind
from labapp.model.text import Lang, Text
from labapp.model.verdict import Outcome
from labapp.model.work import Grade, Item, marks
from labapp.packs.pack import Pack, Step
from labapp.report.facts import (
    Share,
    counting,
    hint,
    main_sentence,
    name_of,
    objective_shares,
    verdict,
)
from labapp.report.markup import Markup, tag, together, trusted
from labapp.report.plot import Scene, item_plot
from labapp.report.style import DRAWINGS, SHEET
from labapp.report.words import (
    OUTCOME_WORDS,
    bench_words,
    bounds_of,
    clock_text,
    points_of,
    waiting_points,
)
from labapp.store.evidence import Evidence

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""The page may do nothing but be looked at, whatever a title or a name tries."""
MOST_CITES = 8


@dataclass(frozen=True, slots=True)
class _Page:
    """What every part of one page needs."""

    grade: Grade
    evidence: Evidence
    pack: Pack
    step: Step | None
    scene: Scene
    lang: Lang

    def say(self, zh: str, en: str) -> str:
        """Return a text in the page's language."""
        return zh if self.lang == "zh" else en


def to_html(grade: Grade, evidence: Evidence, pack: Pack | None, lang: Lang) -> str:
    """Return the report of a graded attempt as one HTML page.

    ``pack`` is the rubric of the grade, by default the one that was sealed. Everything that
    comes from packs and students is escaped. The same arguments give the same page.

    Raises:
        Damaged: the sealed rubric cannot be read.
    """
    rubric = sealed_pack(evidence) if pack is None else pack
    step = rubric.step(grade.step)
    scene = Scene(
        trace=evidence.trace(rubric.profile),
        order=tuple(point.id for point in rubric.profile.points),
        thresholds=() if step is None else step.thresholds,
        events=evidence.recording.events,
        lang=lang,
    )
    page = _Page(grade, evidence, rubric, step, scene, lang)
    body = tag(
        "main",
        "",
        _head(page),
        _verdict_card(page),
        _goals_card(page),
        _details_card(page),
        *(_item_card(item, number, page) for number, item in enumerate(grade.items, 1)),
        _provenance_card(page),
    )
    return _document(page, body)


def _document(page: _Page, body: Markup) -> str:
    project, step = name_of(page.pack, page.step, page.grade)
    title = f"{project.in_(page.lang)} · {step.in_(page.lang)}"
    head = tag(
        "head",
        "",
        tag("meta", {"charset": "utf-8"}),
        tag("meta", {"http-equiv": "Content-Security-Policy", "content": POLICY}),
        tag("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        tag("meta", {"name": "generator", "content": "labapp"}),
        tag("title", "", title),
        tag("style", "", trusted(SHEET)),
    )
    language = "zh-CN" if page.lang == "zh" else "en"
    page_body = tag("body", "", trusted(DRAWINGS), body)
    return "<!DOCTYPE html>\n" + tag("html", {"lang": language}, head, page_body) + "\n"


def _icon(outcome: Outcome) -> Markup:
    facts = {"class": f"icon {outcome.value}", "aria-hidden": "true"}
    return tag("svg", facts, tag("use", {"href": f"#i-{outcome.value}"}))


def _chip(outcome: Outcome, words: str) -> Markup:
    shape = tag(
        "svg", {"class": "icon", "aria-hidden": "true"}, tag("use", {"href": f"#i-{outcome.value}"})
    )
    return tag("span", f"chip {outcome.value}", shape, words)


def _head(page: _Page) -> Markup:
    project, step = name_of(page.pack, page.step, page.grade)
    is_twin = page.grade.bench.get("kind") == BenchKind.TWIN.value
    simulated = is_twin and page.grade.bench.get("clock") != "none"
    return tag(
        "header",
        "top",
        tag("h1", "", step.in_(page.lang)),
        tag("span", "caption", project.in_(page.lang)),
        tag("span", "chip sim", page.say("仿真", "Simulated")) if simulated else "",
    )


def _verdict_card(page: _Page) -> Markup:
    grade, lang = page.grade, page.lang
    outcome, words = verdict(grade, page.pack)
    open_items = [item for item in grade.items if item.score is None]
    count, waiting = len(open_items), marks(waiting_points(grade))
    plural = "" if count == 1 else "s"
    unsure = _chip(
        Outcome.INCONCLUSIVE, page.say(f"{count} 项没有判分", f"{count} item{plural} not judged")
    )
    full = marks(grade.max)
    score = tag(
        "div",
        "",
        tag("div", "caption", page.say("本次得分", "Score")),
        tag(
            "div",
            "score",
            marks(grade.points),
            tag("small", "", page.say(f" / {full} 分", f" / {full} points")),
        ),
        tag("div", "caption", page.say(f"{waiting} 分待重测", f"{waiting} still open"))
        if count
        else "",
    )
    say = tag(
        "div", "say", _chip(outcome, words.in_(lang)), unsure if count else "",
        tag("p", "", main_sentence(grade).in_(lang)),
    )  # fmt: skip
    return tag("section", "card verdict", score, say, _meta(page))


def _meta(page: _Page) -> Markup:
    manifest = page.evidence.manifest
    who = [str(manifest.get("student") or ""), str(manifest.get("seat") or "")]
    seat = page.say(f"{who[1]} 号机", f"seat {who[1]}") if who[1] else ""
    when = str(manifest.get("when") or "").replace("T", " ")[:19]
    lines = (
        "  ".join(part for part in (who[0], seat, when) if part),
        bench_words(page.grade.bench).in_(page.lang),
        page.say("核对码", "head code") + f" {page.evidence.head_code}",
    )
    return tag("div", "meta caption", *(tag("div", "", line) for line in lines if line))


def _goals_card(page: _Page) -> Markup:
    shares = objective_shares(page.pack, page.step, page.grade)
    if not shares:
        return Markup()
    mark = round(page.pack.pass_mark * 100)
    return tag(
        "section", "card",
        tag("h2", "", page.say("目标达成", "Objectives")),
        tag("div", "caption", page.say(f"虚线是及格线 {mark} %", f"dashed: pass mark {mark} %")),
        *(_goal(share, page) for share in shares),
    )  # fmt: skip


def _goal(share: Share, page: _Page) -> Markup:
    percent, mark = round(share.share * 100), float(page.pack.pass_mark) * 1000
    tone = "var(--accent)" if share.share >= page.pack.pass_mark else "var(--warn)"
    bar = tag(
        "svg", {"viewBox": "0 0 1000 14", "preserveAspectRatio": "none", "aria-hidden": "true"},
        tag("rect", {"y": 2, "width": 1000, "height": 10, "fill": "var(--sunken)"}),
        tag("rect", {"y": 2, "width": percent * 10, "height": 10, "fill": tone}),
        tag("path", {"d": f"M{mark:.0f} 0V14", "stroke": "var(--warn)", "stroke-width": 3,
                     "stroke-dasharray": "4 2"}),
    )  # fmt: skip
    part = round(share.covered * 100)
    covered = page.say(f"（判了其中 {part} %）", f" ({part} % of it was judged)")
    title = share.title.in_(page.lang) + ("" if share.covered == 1 else covered)
    return tag(
        "div", "goal", tag("span", "", title), tag("span", "number strong", f"{percent} %"), bar
    )


def _details_card(page: _Page) -> Markup:
    if not page.grade.items:
        return Markup()
    heads = (
        ("", page.say("评分项", "Item")), ("", page.say("结果", "Outcome")),
        ("number wide", page.say("实测", "Measured")), ("number wide", page.say("要求", "Required")),
        ("number", page.say("得分", "Points")), ("number wide", page.say("时刻", "At")),
    )  # fmt: skip
    head = tag(
        "tr", "", *(tag("th", {"class": kind, "scope": "col"}, name) for kind, name in heads)
    )
    rows = [_row(item, number, page) for number, item in enumerate(page.grade.items, 1)]
    total = f"{marks(page.grade.points)} / {marks(page.grade.max)}"
    foot = tag(
        "tr", "", tag("td", {"colspan": 2}, page.say("合计", "Total")), tag("td", "wide"),
        tag("td", "wide"), tag("td", "number", total), tag("td", "wide"),
    )  # fmt: skip
    table = tag(
        "table", "", tag("thead", "", head), tag("tbody", "", *rows), tag("tfoot", "", foot)
    )
    return tag("section", "card long", tag("h2", "", page.say("评分明细", "Details")), table)


def _row(item: Item, number: int, page: _Page) -> Markup:
    measured = "" if item.measured is None else item.measured.in_(page.lang)
    required = "" if item.required is None else item.required.in_(page.lang)
    at = clock_text(item.cites[0].from_us) if item.cites else ""
    word = OUTCOME_WORDS[item.outcome].in_(page.lang)
    link = tag("a", {"href": f"#item-{number}"}, item.title.in_(page.lang))
    return tag(
        "tr", "", tag("td", "", link),
        tag("td", item.outcome.value, _icon(item.outcome), " ", word),
        tag("td", "number wide strong", measured), tag("td", "number wide", required),
        tag("td", "number strong", points_of(item)), tag("td", "number wide", at),
    )  # fmt: skip


def _item_card(item: Item, number: int, page: _Page) -> Markup:
    """Return one item with its evidence; those that were met are folded away."""
    word = OUTCOME_WORDS[item.outcome].in_(page.lang)
    head = tag(
        "summary", "", _icon(item.outcome), " ", tag("h3", "", item.title.in_(page.lang)),
        tag("span", f"caption {item.outcome.value}", f"  {word}"),
        tag("span", "points", points_of(item)),
    )  # fmt: skip
    facts = {"class": "card item", "id": f"item-{number}"}
    opened = {} if item.outcome == Outcome.MET else {"open": "open"}
    plot = item_plot(item, page.scene) if page.scene.trace.channels else None
    return tag(
        "details", facts | opened, head, plot or "", _cites(item, page), _reasons(item, page)
    )


def _reasons(item: Item, page: _Page) -> Markup:
    bounds, advice = bounds_of(item), hint(page.step, item)
    said: list[tuple[str, Text | None]] = [
        (page.say("怎么算", "Points"), counting(item)),
        (page.say("还可能", "Still possible"), bounds),
        (page.say("为什么", "Why"), item.say),
        (page.say("怎么改", "Next"), advice),
    ]
    pairs = [(name, text.in_(page.lang)) for name, text in said if text is not None]
    return tag("dl", "", *(part for n, t in pairs for part in (tag("dt", "", n), tag("dd", "", t))))


def _cites(item: Item, page: _Page) -> Markup:
    """Return the cited stretches as a table: the drawing in words."""
    if not item.cites:
        return Markup()
    heads = [
        page.say(zh, en)
        for zh, en in (("时刻", "At"), ("测点", "Point"), ("应为", "Expected"), ("实际", "Seen"))
    ]
    rows = [tag("tr", "", *(tag("th", {"scope": "col"}, head) for head in heads))]
    for cite in item.cites[:MOST_CITES]:
        channel = page.scene.trace.channels.get(cite.channel)
        name = (
            cite.channel if channel is None or channel.name is None else channel.name.in_(page.lang)
        )
        at = clock_text(cite.from_us)
        until = clock_text(cite.to_us)
        cells = (at if at == until else f"{at} – {until}", name, cite.expected, cite.seen)
        rows.append(tag("tr", "", *(tag("td", "", cell) for cell in cells)))
    left = len(item.cites) - MOST_CITES
    more = page.say(f"另有 {left} 处", f"and {left} more")
    return together(tag("table", "cites", *rows), tag("div", "caption", more) if left > 0 else "")


def _provenance_card(page: _Page) -> Markup:
    grade, manifest = page.grade, page.evidence.manifest
    counts = page.evidence.recording.counts
    rows = [
        (page.say("套件", "Bench"), bench_words(grade.bench).in_(page.lang)),
        (page.say("连接", "Link"), str(manifest.get("link") or "")),
        (page.say("项目包", "Pack"), f"{grade.project} {grade.version}"),
        (page.say("评分标准", "Rubric"), page.pack.rubric_sha256),
        (page.say("套件描述", "Profile"), page.pack.profile.sha256),
        (page.say("录制", "Recording"), grade.recording),
        (page.say("内容", "Content"), _content(counts.readings, counts.gaps, counts.events, page)),
        (page.say("评分", "Grade"), str(grade.to_json()["digest"])),
        (page.say("判定引擎", "Engine"), grade.engine),
        (page.say("软件", "Software"), f"labapp {manifest.get('app') or ''}"),
        (page.say("核对码", "Head code"), page.evidence.head_code),
    ]
    if manifest.get("recovered"):
        rows.append(
            (page.say("备注", "Note"), page.say("断电或崩溃后找回", "recovered after a crash"))
        )
    pairs = [part for n, v in rows if v for part in (tag("dt", "", n), tag("dd", "code", v))]
    title = page.say("来源与核对", "Where this comes from")
    return tag("section", "card", tag("h2", "", title), tag("dl", "", *pairs))


def _content(readings: int, gaps: int, events: int, page: _Page) -> str:
    return page.say(
        f"{readings} 个读数，{gaps} 个缺口，{events} 个事件",
        f"{readings} readings, {gaps} gaps, {events} events",
    )
