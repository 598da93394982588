"""A scenario: what happens to a simulated kit, as a file a teacher can write.

A scenario leaves some things open (``vary``) and is closed by a seed: the same seed makes the
same script on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from labapp.model.text import Text
from labapp.model.trouble import BadInput, Problem
from labapp.profiles.document import Document, read_document
from labapp.twins.noise import uniform_word
from labapp.twins.scenario_file import Draft, Draw, Step, read_draft
from labapp.twins.scenario_script import Kit, write_script
from labapp.twins.script import Script
from labapp.twins.stimuli import Value
from labapp.twins.vocabulary import unknown_word

SHIPPED = Path(__file__).parent / "scenarios"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scenario:
    """A scenario as its file has it; ``kit`` is the id of the profile that it is made for."""

    id: str
    title: Text
    about: Text | None
    kit: str
    preset: str
    seed: int
    duration_us: int
    init: Mapping[str, Value]
    vary: Mapping[str, Draw]
    steps: tuple[Step, ...]
    document: Document

    @property
    def source(self) -> bytes:
        """The file's bytes, for evidence."""
        return self.document.source

    @property
    def path(self) -> Path:
        """Where the file stands."""
        return Path(self.document.file)

    def draws(self, seed: int) -> dict[str, Value]:
        """Return what ``vary`` gives for a seed; times are microseconds, whole ticks."""
        return {
            name: draw.at(uniform_word(seed, f"vary.{name}")) for name, draw in self.vary.items()
        }

    def script(self, seed: int, kit: Kit) -> Script:
        """Return what will happen for a seed.

        Raises:
            BadInput: a step asks for what the kit does not have; all of them at once.
        """
        return write_script(self.id, self.steps, self.init, self.draws(seed), kit, self.document)

    def check(self, kit: Kit) -> None:
        """Write the script for every end of every ``vary``, so that no seed meets a surprise.

        Raises:
            BadInput: with every problem of every script, each told once.
        """
        told: dict[tuple[int | None, int | None, str], Problem] = {}
        for values in _corners(self.vary):
            try:
                write_script(self.id, self.steps, self.init, values, kit, self.document)
            except BadInput as trouble:
                for problem in trouble.problems:
                    told.setdefault((problem.line, problem.column, problem.code), problem)
        if told:
            raise BadInput(*(told[place] for place in sorted(told, key=str)))


def _corners(vary: Mapping[str, Draw]) -> Iterable[dict[str, Value]]:
    most = max((len(draw.ends) for draw in vary.values()), default=1)
    for corner in range(most):
        yield {name: draw.ends[min(corner, len(draw.ends) - 1)] for name, draw in vary.items()}


def read_scenario(source: Path | str, text: str | None = None) -> Scenario:
    """Read a scenario file, or ``text`` under the name ``source``.

    Raises:
        BadInput: with every mistake of the file at its line and column.
    """
    document = read_document(source, text)
    draft: Draft = read_draft(document)
    return Scenario(
        id=draft.id,
        title=draft.title,
        about=draft.about,
        kit=draft.kit,
        preset=draft.preset,
        seed=draft.seed,
        duration_us=draft.duration_us,
        init=draft.init,
        vary=draft.vary,
        steps=draft.steps,
        document=document,
    )


def find_scenarios(folders: Sequence[Path]) -> dict[str, Path]:
    """Return the scenario files by id (the file's name): earlier folders first, shipped last."""
    found: dict[str, Path] = {}
    for folder in (*folders, SHIPPED):
        inner = folder / "scenarios"
        for path in sorted((inner if inner.is_dir() else folder).glob("*.yaml")):
            found.setdefault(path.stem, path)
    return found


def load_scenario(id_or_path: str | Path, folders: Sequence[Path] = ()) -> Scenario:
    """Read a scenario by file or by id; ids are sought in ``folders``, then among the shipped.

    A folder may be a pack (its ``scenarios/`` is looked into) or a folder of scenarios.

    Raises:
        BadInput: no such scenario, or mistakes in its file.
    """
    asked = Path(id_or_path)
    if asked.suffix.lower() in (".yaml", ".yml") or asked.is_file():
        return read_scenario(asked)
    known = find_scenarios(folders)
    path = known.get(str(id_or_path))
    if path is None:
        raise BadInput(
            Problem(code="T-SCENARIO", message=unknown_word(str(id_or_path), known.keys()))
        )
    return read_scenario(path)
