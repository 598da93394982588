"""Turns a well-formed ``pack.yaml`` into a pack, or into everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from labapp.model.text import Text
from labapp.packs.figures import check_figure
from labapp.packs.findings import Findings
from labapp.packs.members import SOLUTIONS
from labapp.packs.pack import Pack, Solutions, Step, Titled, WrongSolution
from labapp.packs.schema import PackFile, SolutionsPart, StepPart, TitledPart
from labapp.packs.steps import StepDraft
from labapp.profiles.document import Document
from labapp.profiles.profile import Profile


class PackDraft:
    """One pack on its way from file to use; ``sealed`` packs come without their solutions."""

    def __init__(
        self,
        document: Document,
        form: PackFile,
        profile: Profile,
        members: Mapping[str, bytes],
        *,
        sealed: bool,
    ) -> None:
        self._form = form
        self._profile = profile
        self._members = members
        self._sealed = sealed
        self._found = Findings(document)

    def finish(self, *, folder: Path | None, sha256: str, rubric_sha256: str) -> Pack:
        """Return the pack.

        Raises:
            BadInput: all that is wrong with it.
        """
        form, found = self._form, self._found
        steps = tuple(self._step(at, part) for at, part in enumerate(form.steps))
        solutions = self._solutions(form.solutions)
        pass_mark = found.share(form.pass_mark, ("pass_mark",))
        self._check_ids()
        self._check_figures()
        found.raise_all()
        return Pack(
            id=form.id,
            version=form.version,
            title=form.title.text,
            summary=form.summary.text,
            minutes=form.minutes,
            pass_mark=pass_mark,
            objectives=_titled(form.objectives),
            groups=_titled(form.groups),
            steps=steps,
            solutions=solutions,
            profile=self._profile,
            members=self._members,
            sha256=sha256,
            rubric_sha256=rubric_sha256,
            folder=folder,
        )

    def _step(self, at: int, part: StepPart) -> Step:
        loc = ("steps", at)
        text = self._step_text(part, (*loc, "text"))
        groups = [g.id for g in self._form.groups]
        if part.group is not None and part.group not in groups:
            self._found.unknown(
                "P-GROUP", (*loc, "group"), Text("分组", "group"), part.group, groups
            )
        if part.figure is not None and part.figure not in self._members:
            self._found.unknown(
                "P-FIGURE",
                (*loc, "figure"),
                Text("图", "figure"),
                part.figure,
                self._names("figures/"),
            )
        objectives = frozenset(o.id for o in self._form.objectives)
        return StepDraft(self._found, self._profile, self._members, objectives, loc, part).finish(
            text
        )

    def _step_text(self, part: StepPart, loc: tuple[str | int, ...]) -> Text:
        texts = {}
        for lang in ("zh", "en"):
            name = f"{part.text}.{lang}.md"
            source = self._members.get(name)
            if source is None:
                self._found.say(
                    "P-LANGUAGE",
                    loc,
                    f"缺少文件 {name}。每一步都要有中文和英文。",
                    f"The file {name} is missing. Every step needs Chinese and English.",
                )
            texts[lang] = (
                (source or b"").decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
            )
        return Text(zh=texts["zh"], en=texts["en"])

    def _solutions(self, part: SolutionsPart | None) -> Solutions:
        if part is None:
            return Solutions()
        reference = [part.reference] if isinstance(part.reference, str) else part.reference
        for at, name in enumerate(reference):
            self._check_solution(
                name,
                ("solutions", "reference")
                if isinstance(part.reference, str)
                else ("solutions", "reference", at),
            )
        for at, wrong in enumerate(part.wrong):
            self._check_solution(wrong.file, ("solutions", "wrong", at, "file"))
            self._check_loses(wrong.loses, at)
        return Solutions(
            reference=tuple(reference),
            wrong=tuple(
                WrongSolution(
                    file=w.file,
                    about=w.about.text,
                    loses={step: frozenset(items) for step, items in w.loses.items()},
                )
                for w in part.wrong
            ),
            tolerated=frozenset(change for each in part.tolerated for change in each.changes),
        )

    def _check_solution(self, name: str, loc: tuple[str | int, ...]) -> None:
        if not self._sealed and name not in self._members:
            self._found.unknown(
                "P-SOLUTION", loc, Text("解答文件", "solution file"), name, self._names(SOLUTIONS)
            )

    def _check_loses(self, loses: Mapping[str, list[str]], at: int) -> None:
        known = {step.id: [c.id for c in step.criteria] for step in self._form.steps}
        for step, items in loses.items():
            loc = ("solutions", "wrong", at, "loses", step)
            if step not in known:
                self._found.unknown("P-STEP", loc, Text("步骤", "step"), step, known)
                continue
            for index, item in enumerate(items):
                if item not in known[step]:
                    self._found.unknown(
                        "P-ITEM", (*loc, index), Text("评分项", "item"), item, known[step]
                    )

    def _check_ids(self) -> None:
        form, unique = self._form, self._found.unique
        unique("P-TWICE", [(s.id, ("steps", at, "id")) for at, s in enumerate(form.steps)])
        unique("P-TWICE", [(g.id, ("groups", at, "id")) for at, g in enumerate(form.groups)])
        unique(
            "P-TWICE", [(o.id, ("objectives", at, "id")) for at, o in enumerate(form.objectives)]
        )

    def _check_figures(self) -> None:
        for name in self._names(""):
            if name.lower().endswith(".svg"):
                self._found.add(check_figure(name, self._members[name]))

    def _names(self, folder: str) -> list[str]:
        return sorted(name for name in self._members if name.startswith(folder))


def _titled(parts: list[TitledPart]) -> tuple[Titled, ...]:
    return tuple(Titled(id=part.id, title=part.title.text) for part in parts)
