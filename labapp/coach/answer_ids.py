"""Checks that a file of answers speaks of what a pack has: a typing slip is told, not marked."""

from __future__ import annotations

import difflib
from collections.abc import Collection

from labapp.coach.answers import Answers
from labapp.model.text import Text
from labapp.model.trouble import BadInput, Problem
from labapp.packs.pack import Pack


def check_ids(answers: Answers, pack: Pack, file: str) -> None:
    """Compare the ids of ``answers`` with those of all steps of ``pack``.

    Raises:
        BadInput: with every id that no step has, by its path.
    """
    questions = {q.id: [o.id for o in q.options] for s in pack.steps for q in s.questions}
    terminals = [t.id for step in pack.steps for t in step.terminals]
    numbers = [answer.id for step in pack.steps for answer in step.answers]
    named: list[tuple[str, str, Collection[str]]]
    named = [(f"choices.{name}", name, questions) for name in answers.choices]
    named += [
        (f"choices.{name}", option, questions[name])
        for name, chosen in answers.choices.items()
        if name in questions
        for option in chosen
    ]
    named += [(f"wires.{n}", end, terminals) for n, w in enumerate(answers.wires) for end in w]
    named += [(f"numbers.{name}", name, numbers) for name in answers.numbers]
    problems = [
        _unknown(path, name, known, file) for path, name, known in named if name not in known
    ]
    if problems:
        raise BadInput(*problems)


def _unknown(path: str, name: str, known: Collection[str], file: str) -> Problem:
    there = list(known)
    near = difflib.get_close_matches(name, there, n=1)
    hint_zh = f"是不是 {near[0]}？" if near else f"可用的有：{'、'.join(there) or '无'}。"
    hint_en = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(there) or 'none'}."
    return Problem(
        code="U-ANSWER-ID",
        message=Text(
            f"答案 {path} 里的 {name} 项目包里没有。{hint_zh}",
            f"The pack has no {name}, which {path} of the answers names. {hint_en}",
        ),
        file=file,
        path=path,
    )
