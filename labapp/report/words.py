"""Words and marks that every form of a grade shares."""

from __future__ import annotations

from fractions import Fraction

from labapp.model.bench import BenchKind
from labapp.model.text import Text
from labapp.model.verdict import Outcome
from labapp.model.work import Grade, Item, marks

OUTCOME_WORDS = {
    Outcome.MET: Text("通过", "Passed"),
    Outcome.NOT_MET: Text("未通过", "Not passed"),
    Outcome.NOT_EXERCISED: Text("没测到", "Not exercised"),
    Outcome.INCONCLUSIVE: Text("无法判定", "Cannot tell"),
    Outcome.ERROR: Text("判定中断", "Judging stopped"),
}
_BENCHES = {
    BenchKind.HARDWARE.value: Text("真实套件", "real kit"),
    BenchKind.TWIN.value: Text("仿真套件", "simulated kit"),
    BenchKind.REPLAY.value: Text("回放", "played back"),
}
_CLOCKS = {
    "lockstep": Text("虚拟时间", "virtual time"),
    "live": Text("实时", "real time"),
}
NO_KIT = Text("没有用套件", "no kit used")
_WORST = (Outcome.ERROR, Outcome.NOT_MET, Outcome.INCONCLUSIVE, Outcome.NOT_EXERCISED)


def points_of(item: Item) -> str:
    """Return ``8.33 / 10``; a dash where nothing could be judged."""
    got = "—" if item.score is None else marks(item.points)
    return f"{got} / {marks(item.max)}"


def bounds_of(item: Item) -> Text | None:
    """Return what an item can still come to, ``None`` where that is decided."""
    if item.low == item.high or item.outcome == Outcome.NOT_EXERCISED:
        return None
    low, high = marks(item.low * item.max), marks(item.high * item.max)
    return Text(f"数据补全后在 {low} 到 {high} 分之间", f"between {low} and {high} with all data")


def bench_words(bench: dict[str, object]) -> Text:
    """Return where the readings come from: kind, profile, scenario, seed, clock."""
    if bench.get("clock") == "none":
        return NO_KIT
    kind = _BENCHES.get(str(bench.get("kind")), NO_KIT)
    zh, en = [f"{kind.zh} {bench.get('profile')}"], [f"{kind.en} {bench.get('profile')}"]
    for name, said in (("scenario", Text("情景", "scenario")), ("seed", Text("种子", "seed"))):
        if bench.get(name) is not None:
            zh.append(f"{said.zh} {bench[name]}")
            en.append(f"{said.en} {bench[name]}")
    clock = _CLOCKS.get(str(bench.get("clock")))
    if clock is not None:
        zh.append(clock.zh)
        en.append(clock.en)
    return Text("，".join(zh), ", ".join(en))


def main_item(grade: Grade) -> Item | None:
    """Return the item to look at first: of the worst outcome, the one that costs most."""
    for outcome in _WORST:
        found = [item for item in grade.items if item.outcome == outcome]
        if found:
            return max(found, key=lambda item: item.max - item.points)
    return None


def waiting_points(grade: Grade) -> Fraction:
    """Return the marks of all items that could not be judged."""
    return sum((item.max for item in grade.items if item.score is None), Fraction(0))


def clock_text(t_us: int) -> str:
    """Return an instant of a recording as ``05:38.8``."""
    tenths = round(max(0, t_us) / 100_000)
    minutes, rest = divmod(tenths, 600)
    return f"{minutes:02d}:{rest // 10:02d}.{rest % 10}"
