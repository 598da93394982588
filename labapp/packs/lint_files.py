"""Lint of a pack's files and words: nothing left over, nothing missing, both languages alike."""

from __future__ import annotations

import re
from collections.abc import Iterator

from labapp.model.text import Text
from labapp.model.trouble import Problem
from labapp.packs.findings import Findings
from labapp.packs.members import PACK_FILE
from labapp.packs.pack import Pack

_FIGURE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} ", re.MULTILINE)
# Samples of code show both languages side by side, as rules have them.
_CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_HAN = re.compile(r"[\u4e00-\u9fff]")
# What the app itself looks for by name, whatever the pack says of it.
_BY_NAME = ("starters/program.py", "starters/rules.yaml")
_BY_FOLDER = ("scenarios/",)
_FREE = ("README.md", "LICENSE", "LICENSE.txt", "LICENSE.md")


def look_at_files(found: Findings, pack: Pack) -> None:
    """Note every file that nothing refers to, and every figure that a text asks for in vain."""
    used = {PACK_FILE, *_BY_NAME, *_FREE, *_named_files(pack)}
    for name in pack.members:
        if name not in used and not name.startswith(_BY_FOLDER):
            found.add([_unused(pack, name)])


def look_at_texts(found: Findings, pack: Pack) -> None:
    """Note step texts that are empty, differ in shape, or show figures that are not there."""
    for at, step in enumerate(pack.steps):
        loc = ("steps", at, "text")
        shapes = [_shape(step.text.zh), _shape(step.text.en)]
        if "" in (step.text.zh.strip(), step.text.en.strip()):
            found.say("L-EMPTY", loc, "步骤文字是空的。", "The text of the step is empty.")
        elif shapes[0] != shapes[1]:
            found.say(
                "L-LANGUAGES",
                loc,
                "中文和英文的标题、列表、图的数目不一样，多半有一边没跟上。",
                "Headings, list entries and figures differ in number between Chinese and English; "
                "one of them was probably left behind.",
            )
        for figure in sorted(_figures(step.text)):
            if figure not in pack.members:
                found.say(
                    "L-FIGURE",
                    loc,
                    f"文字里的图 {figure} 不在项目包里。",
                    f"The figure {figure} of the text is not in the pack.",
                )
    _look_at_words(found, pack)


def _look_at_words(found: Findings, pack: Pack) -> None:
    for loc, words in _all_words(pack):
        if _HAN.search(_CODE.sub("", words.en)):
            found.say("L-ENGLISH", loc, "英文里有汉字。", "The English has Chinese in it.")
        if words.zh == words.en and re.search(r"[A-Za-z]{4}", words.zh):
            found.say("L-CHINESE", loc, "中文和英文一样，还没有译。", "The Chinese is the English.")


def _all_words(pack: Pack) -> Iterator[tuple[tuple[str | int, ...], Text]]:
    yield ("title",), pack.title
    yield ("summary",), pack.summary
    for at, step in enumerate(pack.steps):
        here = ("steps", at)
        yield (*here, "title"), step.title
        yield (*here, "text"), step.text
        yield from (((*here, "criteria", n, "title"), c.title) for n, c in enumerate(step.criteria))
        yield from (((*here, "answers", n, "title"), a.title) for n, a in enumerate(step.answers))
        for n, wire in enumerate(step.connections):
            yield (*here, "connections", n, "title"), wire.title
        for n, question in enumerate(step.questions):
            yield (*here, "questions", n, "text"), question.text
            for i, option in enumerate(question.options):
                yield (*here, "questions", n, "options", i, "text"), option.text
        for n, hint in enumerate(step.hints):
            yield (*here, "hints", n), hint


def _named_files(pack: Pack) -> set[str]:
    used = {*pack.solutions.reference, *(wrong.file for wrong in pack.solutions.wrong)}
    texts = set(_step_texts(pack))
    for step in pack.steps:
        used |= {step.figure or PACK_FILE} | _figures(step.text)
    return used | texts


def _step_texts(pack: Pack) -> Iterator[str]:
    """Give the members whose content is a step's text: the pack keeps words, not names."""
    wanted = {words for step in pack.steps for words in (step.text.zh, step.text.en)}
    for name, source in pack.members.items():
        if name.endswith((".zh.md", ".en.md")):
            text = source.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
            if text in wanted:
                yield name


def _figures(text: Text) -> set[str]:
    return {*_FIGURE.findall(text.zh), *_FIGURE.findall(text.en)}


def _shape(text: str) -> tuple[int, ...]:
    """Return how many headings, list entries, table rows, figures and fences a text has."""
    lines = [line.strip() for line in text.splitlines()]
    return (
        len(_HEADING.findall(text)),
        sum(line.startswith(("- ", "* ")) or bool(re.match(r"\d+\. ", line)) for line in lines),
        sum(line.startswith("|") for line in lines),
        len(_FIGURE.findall(text)),
        sum(line.startswith("```") for line in lines),
    )


def _unused(pack: Pack, name: str) -> Problem:
    return Problem(
        code="L-UNUSED",
        message=Text(
            f"没有地方用到文件 {name}。删掉它，或者在 pack.yaml 里写上。",
            f"Nothing uses the file {name}. Remove it, or name it in pack.yaml.",
        ),
        file=name if pack.folder is None else str(pack.folder / name),
    )
