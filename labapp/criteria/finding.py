"""What judging one clause finds, and how shares become a score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from labapp.criteria.condition import Condition
from labapp.criteria.evaluate import Evaluation
from labapp.criteria.intervals import Runs
from labapp.model.text import Text
from labapp.model.verdict import Cite, Episode, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """How often a criterion must have been put to the test, and how far apart."""

    episodes: int = 1
    spaced_us: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRule:
    """How much of a criterion counts: all or nothing, the share of episodes, or of time.

    At a share of ``zero_at`` or below nothing is earned; above it the score rises to 1.
    """

    by: Literal["all", "episodes", "time"] = "all"
    zero_at: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """Good, bad and unknown parts of a whole, in episodes or microseconds."""

    good: int
    bad: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Instants at which a condition had the truth that decided the verdict.

    ``wanted`` is false for a fact that only set the scene (a trigger): what was seen there
    is what was expected.
    """

    condition: Condition
    instants: Runs
    truth: bool
    wanted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What judging a clause needs to know besides the clause."""

    on: Evaluation
    names: Mapping[str, Text]
    needs: Needs
    score: ScoreRule
    doubt_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The verdict on one clause with all that it is told by."""

    outcome: Outcome
    share: Share
    say: Text
    episodes: tuple[Episode, ...] = ()
    reasons: tuple[Reason, ...] = ()
    cites: tuple[Cite, ...] = ()
    measured: Text | None = None
    required: Text | None = None
    borderline: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """The share earned, ``None`` while the criterion is not judged, and its bounds."""

    earned: Fraction | None
    low: Fraction
    high: Fraction


def outcome_of(*, violated: bool, unknown: bool, exercised: bool) -> Outcome:
    """Return the verdict: a violation outweighs missing data, and that a missing stimulus."""
    if violated:
        return Outcome.NOT_MET
    if unknown:
        return Outcome.INCONCLUSIVE
    return Outcome.MET if exercised else Outcome.NOT_EXERCISED


def score_of(outcome: Outcome, share: Share, rule: ScoreRule) -> Score:
    """Return the score: 1 exactly where the clause is met, never outside 0 to 1."""
    match outcome:
        case Outcome.MET:
            return Score(Fraction(1), Fraction(1), Fraction(1))
        case Outcome.NOT_EXERCISED | Outcome.ERROR:
            return Score(None, Fraction(0), Fraction(1))
        case _ if rule.by == "all":
            if outcome == Outcome.NOT_MET:
                return Score(Fraction(0), Fraction(0), Fraction(0))
            return Score(None, Fraction(0), Fraction(1))
    low, high = _bounds(share, rule)
    if outcome == Outcome.INCONCLUSIVE:
        return Score(None, low, high)
    judged = share.good + share.bad
    earned = Fraction(share.good, judged) if judged else Fraction(0)
    return Score(_from_zero(earned, rule), low, high)


def _bounds(share: Share, rule: ScoreRule) -> tuple[Fraction, Fraction]:
    total = share.good + share.bad + share.unknown
    if not total:
        return Fraction(0), Fraction(1)
    low, high = Fraction(share.good, total), Fraction(share.good + share.unknown, total)
    return _from_zero(low, rule), _from_zero(high, rule)


def _from_zero(share: Fraction, rule: ScoreRule) -> Fraction:
    if rule.zero_at is None or share == 1:
        return share
    if rule.zero_at >= 1:
        return Fraction(0)
    return max(Fraction(0), (share - rule.zero_at) / (1 - rule.zero_at))
