# 只看火焰：阴燃没有火焰，等看见就晚了。
# Flames only: a smouldering fire shows none until it is too late.
from labkit import every, kit

FLAME_S = 0.5  # 火焰持续多久才算数  how long flames must last to count
SLOW_S = 1  # 烟、气、温度持续多久才算数  the same for smoke, gas and heat
HOLD_S = 8  # 最后一次见到险情后再响多久  how long the siren sounds after the last danger
COOL_S = 3  # 降温持续多久才关水  how long it must be cool before the water stops


class Lasting:
    """What holds now, and for how long. 现在成立吗，已经成立多久。"""

    def __init__(self):
        self.since = None

    def at_least(self, seconds, t, holds):
        self.since = None if not holds else t if self.since is None else self.since
        return self.since is not None and t - self.since >= seconds


def reading(name):
    """The newest value, or 0 before the first. 最新读数；还没有时当 0。"""
    value = getattr(kit, name)
    return 0 if value is None else value


def drive(name, value):
    """Write only what changes, to keep the bus free. 只写有变化的，不占总线。"""
    if driven.get(name) != value:
        setattr(kit, name, value)
        driven[name] = value


driven = {}
flames, heat, cool, clear = (Lasting() for _ in range(4))
last_danger = None
drive("gas_valve", "on")

for t in every(0.1):
    sees_flames = flames.at_least(FLAME_S, t, reading("flame") >= 30)
    if sees_flames:
        last_danger = t
    alarm = last_danger is not None and t - last_danger < HOLD_S
    drive("buzzer", "on" if alarm else "off")
    drive("strobe", "on" if alarm else "off")

    if sees_flames:
        drive("gas_valve", "off")  # 火灭后由人检查再打开  a person opens it again

    if alarm:
        drive("fan", 100)
    elif clear.at_least(5, t, reading("smoke") < 5):
        drive("fan", 0)

    if heat.at_least(SLOW_S, t, reading("temp") >= 57):
        drive("sprinkler", "on")
    elif cool.at_least(COOL_S, t, reading("temp") < 45):
        drive("sprinkler", "off")
