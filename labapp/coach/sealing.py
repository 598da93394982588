"""What goes into the sealed file beside the recording, and comes out of it again."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import labapp
from labapp.coach.answers import Answers
from labapp.criteria.judge import ENGINE
from labapp.model.bench import Bench
from labapp.model.canonical import canonical_json, sha256_hex
from labapp.model.text import Text
from labapp.model.trouble import BadInput, Damaged, Problem
from labapp.packs.load import load_members, rubric_members
from labapp.packs.pack import Pack, Step
from labapp.profiles.load import load_profile_bytes
from labapp.programs.program import Program
from labapp.store.evidence import Evidence, seal
from labapp.store.pending import keep_pending
from labapp.store.recording import Recorded

PACK, PROFILE, SCENARIO, PROGRAM, ANSWERS = (
    "pack/",
    "profile.yaml",
    "scenario.yaml",
    "program/",
    "answers.json",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try at a step. ``when`` is wall-clock time for people; it is never judged."""

    pack: Pack
    step: Step
    bench: Bench
    when: str
    student: str = ""
    seat: str = ""
    answers: Answers = field(default_factory=Answers)
    scenario: bytes | None = None

    @property
    def meta(self) -> dict[str, object]:
        """What the recording itself says about where it comes from."""
        return {
            "project": self.pack.id,
            "step": self.step.id,
            "bench": self.bench.to_json(),
            "link": self.bench.link,
            "when": self.when,
            "app": labapp.__version__,
        }


def seal_attempt(attempt: Attempt, recorded: Recorded, program: Program | None) -> Path:
    """Seal a finished recording with everything that judging it again needs; return the file.

    Raises:
        LabError: the disk does not take it; the recording stays where it is.
    """
    manifest = _sound(_manifest(attempt, program))
    return seal(recorded.path.parent, manifest, _files(attempt, program))


def prepare_seal(attempt: Attempt, folder: Path, program: Program | None) -> None:
    """Keep beside a recording that begins what its seal will need, should a crash end it.

    Raises:
        LabError: the disk does not take it.
    """
    keep_pending(folder, _sound(_manifest(attempt, program)), _files(attempt, program))


def sealed_pack(evidence: Evidence) -> Pack:
    """Return the rubric as it was when the attempt was made.

    Raises:
        Damaged: it cannot be read, though its digest is right: it was made by other software.
    """
    try:
        profile = load_profile_bytes(evidence.files[PROFILE], PROFILE)
        members = {n.removeprefix(PACK): s for n, s in evidence.files.items() if n.startswith(PACK)}
        return load_members(members, profile, str(evidence.path))
    except (KeyError, BadInput) as cause:
        raise Damaged(_unreadable(evidence, cause)) from cause


def sealed_answers(evidence: Evidence) -> Answers:
    """Return what the student answered.

    Raises:
        Damaged: the answers cannot be read.
    """
    try:
        return Answers.from_json(json.loads(evidence.files.get(ANSWERS, b"{}")))
    except (ValueError, BadInput) as cause:
        raise Damaged(_unreadable(evidence, cause)) from cause


def _files(attempt: Attempt, program: Program | None) -> dict[str, bytes]:
    files = {PACK + name: source for name, source in rubric_members(attempt.pack).items()}
    files[PROFILE] = attempt.pack.profile.source
    files[ANSWERS] = canonical_json(_sound(attempt.answers.to_json()))
    if attempt.scenario is not None:
        files[SCENARIO] = attempt.scenario
    if program is not None:
        files[PROGRAM + _member_name(program.filename)] = program.source
    return files


def _member_name(filename: str) -> str:
    """Return a file's own name in a form that is legal in evidence on every system."""
    name = Path(filename.replace("\\", "/")).name
    fitting = "".join("_" if c in '\\:*?"<>|\x7f' or ord(c) < 32 else c for c in name)[-60:]
    return fitting if fitting.strip(".") else "program"


def _manifest(attempt: Attempt, program: Program | None) -> dict[str, Any]:
    pack = attempt.pack
    return {
        "project": pack.id,
        "version": pack.version,
        "step": attempt.step.id,
        "bench": attempt.bench.to_json(),
        "link": attempt.bench.link,
        "when": attempt.when,
        "student": attempt.student,
        "seat": attempt.seat,
        "pack_sha256": pack.sha256,
        "rubric_sha256": pack.rubric_sha256,
        "profile_sha256": pack.profile.sha256,
        "scenario_sha256": None if attempt.scenario is None else sha256_hex(attempt.scenario),
        "program": None if program is None else {"kind": program.kind} | program.facts(),
        "engine": ENGINE,
        "app": labapp.__version__,
    }


def _sound(value: Any) -> Any:
    """Return JSON whose texts can be written: half of a surrogate pair becomes a question mark."""
    match value:
        case str():
            return value.encode("utf-8", "replace").decode()
        case dict():
            return {_sound(key): _sound(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_sound(inner) for inner in value]
    return value


def _unreadable(evidence: Evidence, cause: Exception) -> Problem:
    return Problem(
        code="G-RUBRIC",
        message=Text(
            f"证据里的评分标准读不出来（{cause}）。用 --pack 指定项目包再评分。",
            f"The rubric inside the evidence cannot be read ({cause}). "
            "Name a pack with --pack and grade again.",
        ),
        file=str(evidence.path),
    )
