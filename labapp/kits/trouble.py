"""Exchanges that came to nothing, and how each is told."""

from __future__ import annotations

from labapp.model.reading import Reason
from labapp.model.text import Text
from labapp.wire.modbus_pdu import ModbusRefused

# V1.1b3 §7, as people can act on them.
_REFUSALS: dict[int, Text] = {
    1: Text("不支持这个功能", "it does not know this function"),
    2: Text("没有这个地址", "it has no such address"),
    3: Text("不接受这个值", "it does not accept this value"),
    4: Text("内部故障", "it has a fault of its own"),
    5: Text("已收到，还没有做完", "it has taken the order and is not done yet"),
    6: Text("正忙", "it is busy"),
    8: Text("存储校验错误", "its memory has a parity error"),
    10: Text("网关走不到它", "the gateway has no path to it"),
    11: Text("网关等不到它的应答", "it did not answer the gateway"),
}
# A gateway that says these speaks for a unit that is silent.
SILENCE = frozenset({10, 11})


class NoAnswer(Exception):
    """One exchange brought no answer that can be believed.

    ``code`` is E-TIMEOUT, E-CRC, E-UNIT or E-DESYNC; ``reason`` goes with the readings.
    """

    def __init__(self, code: str, reason: Reason, message: Text) -> None:
        super().__init__(f"{code} {message.en}")
        self.code = code
        self.reason = reason
        self.message = message


def timeout(unit: int, timeout_ms: int) -> NoAnswer:
    """Nothing came."""
    return NoAnswer(
        "E-TIMEOUT",
        Reason.TIMEOUT,
        Text(
            f"从站 {unit} 在 {timeout_ms} ms 内无应答。检查供电、接线和从站地址。",
            f"Unit {unit} did not answer in {timeout_ms} ms. Check its power, the wires and the unit.",
        ),
    )


def damaged() -> NoAnswer:
    """A reply came, and its sum was wrong."""
    return NoAnswer(
        "E-CRC",
        Reason.CRC,
        Text(
            "应答校验错误。检查 A/B 线、终端电阻和校验位。",
            "A damaged reply. Check the A/B wires, the termination and the parity.",
        ),
    )


def wrong_unit(unit: int, answered: int) -> NoAnswer:
    """Somebody else answered, and nobody more."""
    return NoAnswer(
        "E-UNIT",
        Reason.DESYNC,
        Text(
            f"应答来自从站 {answered}，问的是 {unit}。总线上有没有两个设备用了同一个地址？",
            f"Unit {answered} answered for {unit}. Do two devices share an address?",
        ),
    )


def out_of_step(late_ms: int) -> NoAnswer:
    """Only replies to other requests came."""
    return NoAnswer(
        "E-DESYNC",
        Reason.DESYNC,
        Text(
            f"应答迟到，和请求对不上。把档案里的 timeout_ms 改成 {late_ms} 左右。",
            "Replies come late and do not fit the requests. Set the profile's timeout_ms to about "
            f"{late_ms}.",
        ),
    )


def refusal_code(refused: ModbusRefused) -> str:
    """Return ``E-REFUSED-2`` and the like."""
    return f"E-REFUSED-{refused.code}"


def refusal(refused: ModbusRefused, table: str, addr: int) -> Text:
    """Say what a kit refused and why."""
    why = _REFUSALS.get(refused.code, Text(f"异常码 {refused.code}", f"exception {refused.code}"))
    return Text(
        f"设备拒绝：{why.zh}（{table} {addr}）。核对档案里的地址和限值。",
        f"The kit refused: {why.en} ({table} {addr}). Check the address and limits in the profile.",
    )
