"""What testing a pack found, as rows: for people a table, for machines JSON."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from labapp.model.text import Lang, Text

ProofKind = Literal["reference", "same-twice", "untouched", "wrong", "answers", "mutant"]

_KINDS: dict[ProofKind, Text] = {
    "reference": Text("参考程序", "reference"),
    "same-twice": Text("两次相同", "same twice"),
    "untouched": Text("什么都不做", "untouched"),
    "wrong": Text("错误程序", "wrong program"),
    "answers": Text("答案", "answers"),
    "mutant": Text("改动的记录", "changed recording"),
}
_OK, _NOT_OK = Text("对", "ok"), Text("不对", "NOT OK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One thing that the rubric was put to: what it had to do, and what it did."""

    kind: ProofKind
    step: str
    what: str
    ok: bool
    wanted: Text
    seen: Text

    def to_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "kind": self.kind,
            "step": self.step,
            "what": self.what,
            "ok": self.ok,
            "wanted": self.wanted.to_json(),
            "seen": self.seen.to_json(),
        }

    def line(self) -> Text:
        """Return one line of progress."""
        kind, verdict = _KINDS[self.kind], _OK if self.ok else _NOT_OK
        return Text(
            f"{self.step}：{kind.zh} {self.what}：{verdict.zh}（{self.seen.zh}）",
            f"{self.step}: {kind.en} {self.what}: {verdict.en} ({self.seen.en})",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PackReport:
    """All proofs of one pack; ``tolerated`` are mutants that its author says need not be told apart."""

    pack: str
    version: str
    proofs: tuple[Proof, ...]
    tolerated: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the rubric did all that it had to do, and had something to do at all."""
        return bool(self.proofs) and all(proof.ok for proof in self.proofs)

    @property
    def killed(self) -> tuple[int, int]:
        """How many changed recordings were told apart, and how many there were."""
        changed = [proof for proof in self.proofs if proof.kind == "mutant"]
        return sum(proof.ok for proof in changed), len(changed)

    def to_json(self) -> dict[str, Any]:
        """Return the published form."""
        killed, changed = self.killed
        return {
            "pack": self.pack,
            "version": self.version,
            "ok": self.ok,
            "proofs": [proof.to_json() for proof in self.proofs],
            "mutants": {"told_apart": killed, "all": changed, "tolerated": list(self.tolerated)},
            "errors": [],
        }

    def table(self, lang: Lang) -> str:
        """Return every proof but the mutants, the mutants as one line, and the verdict."""
        single = [p for p in self.proofs if p.kind != "mutant" or not p.ok]
        rows = [_row(proof, lang) for proof in single]
        widths = [max((_width(row[n]) for row in rows), default=0) for n in range(4)]
        lines = ["  ".join(_padded(row[:4], widths)) + "  " + row[4] for row in rows]
        return "\n".join([*lines, "", self._mutants(lang), self._verdict(lang)])

    def _mutants(self, lang: Lang) -> str:
        killed, changed = self.killed
        left = len(self.tolerated)
        return Text(
            f"改动的记录：{changed} 种里分清了 {killed} 种；另有 {left} 种作者说不必分清。",
            f"Changed recordings: {killed} of {changed} told apart; {left} more need not be, "
            "says the author.",
        ).in_(lang)

    def _verdict(self, lang: Lang) -> str:
        bad = sum(not proof.ok for proof in self.proofs)
        if self.ok:
            return Text(
                f"{self.pack} {self.version}：评分标准可靠，{len(self.proofs)} 项全对。",
                f"{self.pack} {self.version}: the rubric is sound; all {len(self.proofs)} hold.",
            ).in_(lang)
        return Text(
            f"{self.pack} {self.version}：{bad} 项不对，改好后再测。",
            f"{self.pack} {self.version}: {bad} do not hold. Mend them and test again.",
        ).in_(lang)


def _row(proof: Proof, lang: Lang) -> list[str]:
    return [
        proof.step,
        _KINDS[proof.kind].in_(lang),
        proof.what,
        (_OK if proof.ok else _NOT_OK).in_(lang),
        proof.seen.in_(lang) if proof.ok else f"{proof.wanted.in_(lang)} → {proof.seen.in_(lang)}",
    ]


def _padded(cells: Iterable[str], widths: list[int]) -> list[str]:
    return [cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)]


def _width(text: str) -> int:
    """Return how many columns a text takes on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
