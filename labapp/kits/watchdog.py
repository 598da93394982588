"""Keeps a kit's own watchdog content, so that it makes itself safe once this PC is gone."""

from __future__ import annotations

from labapp.kits.master import ModbusMaster
from labapp.kits.trouble import NoAnswer
from labapp.profiles.formats import format_of
from labapp.profiles.profile import Profile
from labapp.wire.modbus_pdu import ModbusRefused


class KitWatchdog:
    """Writes a changing value three times in each of the kit's periods; owned by the link's thread."""

    def __init__(self, profile: Profile, master: ModbusMaster, now_us: int) -> None:
        said = profile.watchdog
        self._point = None if said is None else profile.point(said.point)
        self._every_us = 0 if said is None else said.period_us // 3
        self._profile = profile
        self._master = master
        self._beat = 0
        self.due_us: int | None = None if said is None else now_us

    def feed(self, now_us: int) -> None:
        """Write the next value, if it is time; one that is not answered is made up for by the next.

        Raises:
            PortGone: the port or the far end is gone.
        """
        point = self._point
        if self.due_us is None or point is None or point.write is None or self.due_us > now_us:
            return
        self.due_us = now_us + self._every_us
        self._beat = (self._beat + 1) % (int(point.write.max - point.write.min) + 1)
        unit, value = self._profile.modbus.unit, point.write.min + self._beat
        try:
            if point.at.table == "coil":
                self._master.write_coil(unit, point.at.addr, bool(value))
            else:
                words = format_of(point, self._profile.modbus).encode(value)
                self._master.write_registers(unit, point.at.addr, words)
        except (NoAnswer, ModbusRefused):
            self.due_us = now_us + self._every_us // 2
