# ruff: noqa: E501 - lessons and drawings as they are written
"""A small project with every kind of step, made by hand so that the window's tests stand alone."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from labapp.criteria.bind import bind
from labapp.criteria.parse import parse_check
from labapp.model.text import Text, same
from labapp.packs.kit_channels import kit_channels
from labapp.packs.pack import (
    Answer,
    Connection,
    Criterion,
    Forbidden,
    Option,
    Pack,
    Question,
    Score,
    Solutions,
    Step,
    Terminal,
    Threshold,
    Titled,
)
from labapp.profiles.load import load_profile
from labapp.profiles.profile import Profile

PROFILES = Path(__file__).parents[2] / "device_profiles"
GUIDE = Text(
    """现在让控制器自己做判断：**有烟先报警，温度超限再喷水**。只用温度触发会太慢，只用烟雾触发容易误喷。

![从信号到动作](figures/logic.svg)

### 要做什么

1. 打开 [规则](rules) 页，新建两条规则：火焰持续 500 ms 超过 `30 %` 时打开蜂鸣器和闪灯；温度超过 `57 °C` 时打开喷淋。
2. 点击 **运行规则**，在右边的画面上点燃试样，观察曲线。
3. 看下方检查项。未通过时点“定位曲线”，右侧会跳到出问题的那一段。

| 情况 | 动作 |
|---|---|
| 看见火焰 | 3 s 内打开蜂鸣器 |
| 火灭了 | 蜂鸣器停下来 |
""",
    """Let the controller judge by itself: **sound the alarm at the first flame, spray only when it gets hot**.
Temperature alone is too slow, smoke alone is fooled by toast.

![From signal to action](figures/logic.svg)

### What to do

1. Open [Rules](rules) and write two rules: a flame above `30 %` for 500 ms switches buzzer and strobe on; a temperature above `57 °C` opens the sprinkler.
2. Choose **Run rules**, light the sample in the picture at the right, and watch the plots.
3. Look at the checks below. For one that was not passed choose “Show on plot”.

| Case | Action |
|---|---|
| A flame is seen | buzzer on within 3 s |
| The fire is out | buzzer off |
""",
)
FIGURE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 460 150" width="460" height="150">
  <rect x="1" y="1" width="458" height="148" rx="8" fill="#F6F8FB" stroke="#D3DAE3"/>
  <g fill="#FFFFFF" stroke="#1A2332"><rect x="20" y="28" width="96" height="34" rx="6"/>
  <rect x="20" y="88" width="96" height="34" rx="6"/><rect x="344" y="28" width="96" height="34" rx="6"/>
  <rect x="344" y="88" width="96" height="34" rx="6"/></g>
  <rect x="182" y="44" width="96" height="62" rx="8" fill="#0A5FB4"/>
  <g fill="none" stroke="#0A5FB4" stroke-width="1.6"><path d="M116 45h40v20h26"/><path d="M116 105h40v-20h26"/>
  <path d="M278 65h40v-20h26"/><path d="M278 85h40v20h26"/></g>
  <g font-family="Noto Sans CJK SC" font-size="13" text-anchor="middle" fill="#1A2332">
  <text x="68" y="50">S1</text><text x="68" y="110">T1</text><text x="392" y="50">B1</text>
  <text x="392" y="110">V1</text><text x="230" y="80" fill="#FFFFFF">if</text></g>
</svg>
"""
WIRING = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 360" width="600" height="360">
  <g fill="#F6F8FB" stroke="#7F8B9B" stroke-width="1.5"><rect x="30" y="40" width="150" height="110" rx="8"/>
  <rect x="380" y="30" width="190" height="300" rx="8"/><rect x="30" y="210" width="150" height="110" rx="8"/></g>
  <g font-family="Noto Sans CJK SC" font-size="15" fill="#1A2332">
  <text x="46" y="70">24 V</text><text x="400" y="62">RTU-08</text><text x="46" y="240">F1</text></g>
</svg>
"""


@cache
def make_profile() -> Profile:
    """Return the profile of the fire kit."""
    profile: Profile = load_profile("fire-safety", [PROFILES])
    return profile


def make_pack(**changes: Any) -> Pack:
    """Return the project."""
    profile = make_profile()
    facts: dict[str, Any] = {
        "id": "fire-alarm",
        "version": "1.0.0",
        "title": Text("家庭火灾报警", "Home fire alarm"),
        "summary": Text("烟雾、火焰、温度联动报警", "Alarm by smoke, flame and temperature"),
        "minutes": 90,
        "pass_mark": Fraction(3, 5),
        "objectives": (
            Titled(id="o1", title=Text("识图接线", "Read and wire")),
            Titled(id="o2", title=Text("测量", "Measure")),
            Titled(id="o3", title=Text("联动编程", "Program interlocks")),
        ),
        "groups": (
            Titled(id="know", title=Text("认识", "Get to know")),
            Titled(id="wire", title=Text("接线与连接", "Wire and connect")),
            Titled(id="measure", title=Text("测量", "Measure")),
            Titled(id="code", title=Text("编程", "Program")),
            Titled(id="challenge", title=Text("挑战", "Challenge")),
        ),
        "steps": make_steps(profile),
        "solutions": Solutions(),
        "profile": profile,
        "members": {"figures/logic.svg": FIGURE.encode(), "figures/wiring.svg": WIRING.encode()},
        "sha256": "sha256:" + "0" * 64,
        "rubric_sha256": "sha256:" + "1" * 64,
    }
    return Pack(**{**facts, **changes})


def make_steps(profile: Profile) -> tuple[Step, ...]:
    """Return one step of every kind, a second measuring step among them."""
    limits = (
        Threshold(point="temp", value=57.0, label=Text("上限", "limit")),
        Threshold(point="smoke", value=5.0, label=Text("报警", "alarm")),
    )
    plots = ("temp", "smoke")
    return (
        Step(
            id="know",
            kind="read",
            title=Text("认识套件与安全须知", "Know the kit and its safety rules"),
            minutes=8,
            points=Fraction(5),
            text=GUIDE,
            group="know",
            figure="figures/logic.svg",
            questions=questions()[:1],
        ),
        Step(
            id="wire",
            kind="wire",
            title=Text("完成传感器接线", "Wire the sensors"),
            minutes=10,
            points=Fraction(10),
            text=GUIDE,
            group="wire",
            figure="figures/wiring.svg",
            terminals=terminals(),
            connections=connections(),
            forbidden=(
                Forbidden(
                    a="24+", b="24-", cap=Fraction(0), why=Text("这是短路。", "That is a short.")
                ),
            ),
            hints=(Text("先接电源两根线。", "Start with the two supply wires."),),
        ),
        Step(
            id="connect",
            kind="connect",
            title=Text("连接套件并读取数据", "Connect the kit and read it"),
            minutes=8,
            points=Fraction(10),
            text=GUIDE,
            group="wire",
            plots=plots,
            duration_us=15_000_000,
            criteria=(
                criterion(
                    profile,
                    "online",
                    Text("所有传感器连续 10 s 有数据", "All sensors answer for 10 s"),
                    "always age(temp) <= 2 s",
                    10,
                ),
            ),
        ),
        Step(
            id="zero",
            kind="measure",
            title=Text("测量室温和烟雾零点", "Measure room temperature and smoke zero"),
            minutes=10,
            points=Fraction(10),
            text=GUIDE,
            group="measure",
            plots=plots,
            answers=answers(),
        ),
        Step(
            id="program",
            kind="program",
            title=Text("编写烟雾联动规则", "Write the interlock rules"),
            minutes=12,
            points=Fraction(20),
            text=GUIDE,
            group="code",
            plots=plots,
            thresholds=limits,
            criteria=criteria(profile),
            hints=(
                Text("规则的“持续”越长，动作越晚。", "The longer a rule waits, the later it acts."),
                Text("蜂鸣器也要有关掉的规则。", "The buzzer needs a rule that turns it off, too."),
            ),
        ),
        Step(
            id="quiz",
            kind="quiz",
            title=Text("测验：联动逻辑", "Quiz: interlock logic"),
            minutes=5,
            points=Fraction(10),
            text=GUIDE,
            group="code",
            figure="figures/logic.svg",
            questions=questions(),
        ),
        Step(
            id="challenge",
            kind="challenge",
            title=Text("挑战：起火 90 秒", "Challenge: 90 seconds of fire"),
            minutes=6,
            points=Fraction(20),
            text=GUIDE,
            group="challenge",
            plots=plots,
            thresholds=limits,
            scenario="flaming",
            seed=12,
            duration_us=90_000_000,
            criteria=criteria(profile),
        ),
    )


def criterion(
    profile: Profile, name: str, title: Text, check: str, points: int, **more: Any
) -> Criterion:
    """Return a bound criterion."""
    bound = bind(parse_check(check), kit_channels(profile))
    score = Score(points=Fraction(points))
    return Criterion(
        id=name,
        title=title,
        check=check,
        bound=bound,
        horizon_us=(10_000_000, 3_000_000),
        score=score,
        **more,
    )


def criteria(profile: Profile) -> tuple[Criterion, ...]:
    """Return the criteria of the programming steps."""
    return (
        criterion(
            profile,
            "alarm",
            Text("起火后打开蜂鸣器", "Buzzer on after a flame"),
            "each time flame >= 30 % begins: buzzer is on within 3 s",
            6,
            objectives=(("o3", Fraction(1)),),
        ),
        criterion(
            profile,
            "spray",
            Text("温度超过 57 °C 后打开喷淋", "Sprinkler on above 57 °C"),
            "each time temp > 57 Cel begins: sprinkler is on within 3 s",
            6,
            objectives=(("o3", Fraction(1)),),
            hint=Text(
                "把规则 2 的“持续”改成 1 s，再做一次。",
                "Set the wait of rule 2 to 1 s and run again.",
            ),
        ),
        criterion(
            profile,
            "cool",
            Text("全程温度不超过 70 °C", "Never above 70 °C"),
            "always temp <= 70 Cel",
            4,
            objectives=(("o2", Fraction(1)),),
        ),
        criterion(
            profile,
            "quiet",
            Text("起火前没有误报", "No false alarm before the fire"),
            "never buzzer is on unless flame >= 30 % in the last 10 s",
            4,
            objectives=(("o1", Fraction(1)),),
        ),
    )


def questions() -> tuple[Question, ...]:
    """Return two questions, one with several right options."""
    return (
        Question(
            id="q1",
            text=Text(
                "只用烟雾触发喷淋，会出什么问题？",
                "What goes wrong when smoke alone opens the sprinkler?",
            ),
            options=(
                Option(
                    id="a",
                    text=Text("太慢，火已经烧大了", "It is too slow; the fire has grown by then"),
                ),
                Option(
                    id="b",
                    text=Text(
                        "容易误喷：烤焦的面包也会冒烟，水损很难补救",
                        "False sprays: burnt toast smokes as well, and water damage is hard to undo",
                    ),
                ),
                Option(id="c", text=Text("没有问题", "Nothing")),
            ),
            key=frozenset({"b"}),
            explain=Text(
                "一个探头可能被骗，两个信号对得上才喷水。",
                "One sensor can be fooled; spray only when two agree.",
            ),
            points=Fraction(5),
        ),
        Question(
            id="q2",
            text=Text("哪些做法能防止蜂鸣器一开一关？", "What keeps the buzzer from chattering?"),
            options=(
                Option(
                    id="hold",
                    text=Text(
                        "让条件持续一会儿再动作", "Wait until the condition has held for a while"
                    ),
                ),
                Option(
                    id="hyst", text=Text("开和关用不同的阈值", "Different limits for on and off")
                ),
                Option(id="fast", text=Text("采样再快一点", "Sample faster")),
            ),
            key=frozenset({"hold", "hyst"}),
            many=True,
            explain=Text(
                "延时和回差都能防抖，采样快只会抖得更快。",
                "Delay and hysteresis help; faster sampling chatters faster.",
            ),
            points=Fraction(5),
        ),
    )


def answers() -> tuple[Answer, ...]:
    """Return two numbers to read off a recording."""
    return (
        Answer(
            id="room",
            title=Text("室温的平均值", "Mean room temperature"),
            point="temp",
            statistic="mean",
            unit="Cel",
            decimals=1,
            tolerance=Fraction(1, 2),
            zero_at=Fraction(2),
            points=Fraction(5),
        ),
        Answer(
            id="smoke0",
            title=Text("烟雾的零点", "Zero of the smoke sensor"),
            point="smoke",
            statistic="mean",
            unit="%/m",
            decimals=2,
            tolerance=Fraction(1, 10),
            zero_at=Fraction(1, 2),
            points=Fraction(5),
        ),
    )


def terminals() -> tuple[Terminal, ...]:
    """Return the terminals of the wiring step."""
    places = (
        ("24+", Text("电源 24 V+", "Supply 24 V+"), (180.0, 75.0)),
        ("24-", Text("电源 24 V−", "Supply 24 V−"), (180.0, 115.0)),
        ("v+", Text("控制器 V+", "Controller V+"), (380.0, 90.0)),
        ("gnd", Text("控制器 GND", "Controller GND"), (380.0, 140.0)),
        ("out", Text("火焰探头 OUT", "Flame sensor OUT"), (180.0, 265.0)),
        ("ai1", Text("控制器 AI1", "Controller AI1"), (380.0, 240.0)),
        ("ai2", Text("控制器 AI2", "Controller AI2"), (380.0, 290.0)),
    )
    return tuple(Terminal(id=name, name=words, at=at) for name, words, at in places)


def connections() -> tuple[Connection, ...]:
    """Return the wires that have to be there."""
    return (
        Connection(id="w1", title=same("24 V+ → V+"), a="24+", b="v+", points=Fraction(4)),
        Connection(id="w2", title=same("24 V− → GND"), a="24-", b="gnd", points=Fraction(3)),
        Connection(
            id="w3",
            title=Text("火焰探头 OUT → AI1", "Flame OUT → AI1"),
            a="out",
            b="ai1",
            points=Fraction(3),
        ),
    )
