"""One criterion of a pack: parsed, bound to the kit, and told where it is wrong."""

from __future__ import annotations

from fractions import Fraction

from labapp.criteria.bind import BoundCheck, bind
from labapp.criteria.check import horizons
from labapp.criteria.parse import parse_check
from labapp.model.trouble import BadInput
from labapp.packs.findings import Findings, Loc, exact
from labapp.packs.kit_channels import kit_channels
from labapp.packs.pack import Criterion, Score
from labapp.packs.schema import CriterionPart, ScorePart
from labapp.profiles.profile import Profile


def build_criterion(
    found: Findings, profile: Profile, loc: Loc, part: CriterionPart
) -> Criterion | None:
    """Return the criterion at ``loc``, or ``None`` and notes where its check cannot be used."""
    score = _score(found, (*loc, "score"), part.score)
    spaced = found.duration(part.needs.spaced, (*loc, "needs", "spaced"))
    doubt = found.duration(part.doubt, (*loc, "doubt"))
    bound = _bound(found, profile, (*loc, "check"), part.check)
    if bound is None:
        return None
    return Criterion(
        id=part.id,
        title=part.title.text,
        check=part.check,
        bound=bound,
        horizon_us=horizons(bound.check),
        score=score,
        episodes=part.needs.episodes,
        spaced_us=spaced,
        doubt_us=doubt,
        objectives=tuple((name, exact(w)) for name, w in sorted(part.objectives.items())),
        hint=None if part.hint is None else part.hint.text,
    )


def _bound(found: Findings, profile: Profile, loc: Loc, text: str) -> BoundCheck | None:
    try:
        return bind(parse_check(text), kit_channels(profile))
    except BadInput as trouble:
        found.inside(loc, trouble)
        return None


def _score(found: Findings, loc: Loc, part: ScorePart) -> Score:
    zero_at: Fraction | None = None
    cap: Fraction | None = None
    if part.zero_at is not None:
        zero_at = found.share(part.zero_at, (*loc, "zero_at"))
    if part.gate is not None:
        cap = found.share(part.gate.cap, (*loc, "gate", "cap"))
    return Score(points=exact(part.points), by=part.by, zero_at=zero_at, cap=cap)
