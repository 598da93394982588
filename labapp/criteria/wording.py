"""How mistakes in a criterion are told: stable codes, where they stand, what was expected."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from labapp.criteria.condition import Place
from labapp.model.text import Text
from labapp.model.trouble import BadInput, Problem

DIMENSIONS: dict[str, str] = {
    "ratio": "比例",
    "relative humidity": "相对湿度",
    "battery level": "电量",
    "explosive limit": "爆炸下限",
    "obscuration": "减光率",
    "optical density": "光密度",
    "temperature": "温度",
    "time": "时间",
    "length": "长度",
    "velocity": "速度",
    "acceleration": "加速度",
    "angle": "角度",
    "latitude": "纬度",
    "longitude": "经度",
    "angular velocity": "角速度",
    "frequency": "频率",
    "heart rate": "心率",
    "rate": "次数率",
    "rotation": "转速",
    "illuminance": "照度",
    "luminous flux": "光通量",
    "luminous intensity": "光强",
    "voltage": "电压",
    "current": "电流",
    "power": "功率",
    "energy": "电能",
    "work": "功",
    "apparent power": "视在功率",
    "reactive power": "无功功率",
    "resistance": "电阻",
    "pressure": "压力",
    "volume": "体积",
    "flow": "流量",
    "mass": "质量",
    "density": "密度",
    "conductivity": "电导率",
    "acidity": "酸碱度",
    "level": "分贝",
    "signal": "信号强度",
    "count": "个数",
    "data rate": "数据速率",
    "data": "数据量",
}


def mistake(code: str, at: Place, zh: str, en: str) -> BadInput:
    """Return the error to raise for one mistake at ``at``."""
    return BadInput(Problem(code=code, message=Text(zh, en), line=at.line, column=at.column))


def did_you_mean(word: str, known: Iterable[str]) -> Text:
    """Return a closing remark with the nearest known word, empty where none is near."""
    near = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    if not near:
        return Text("", "")
    return Text(f"是不是 {near[0]}？", f" Did you mean {near[0]}?")


def listed(words: Iterable[str]) -> Text:
    """Return words in a row: ``a、b`` and ``a, b``."""
    kept = list(words)
    return Text("、".join(kept), ", ".join(kept))
