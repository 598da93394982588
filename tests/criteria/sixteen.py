"""The criteria that the language was made for, with the channels that they speak of."""

from __future__ import annotations

from labapp.criteria.bind import ChannelSpec

SWITCH = ChannelSpec(unit="1", states=("off", "on"))
GESTURE = ChannelSpec(unit="1", states=("rest", "wave", "fist"))
CHANNELS = {
    **dict.fromkeys(
        ("flame", "buzzer", "fan", "reset", "presence", "pump", "lap_gate", "finish", "off_track"),
        SWITCH,
    ),
    "lux": ChannelSpec(unit="lx"),
    "lamp": ChannelSpec(unit="%"),
    "soil": ChannelSpec(unit="%"),
    "tank": ChannelSpec(unit="%"),
    "air_temp": ChannelSpec(unit="Cel"),
    "temp": ChannelSpec(unit="Cel"),
    "temp_ref": ChannelSpec(unit="Cel"),
    "hr": ChannelSpec(unit="bpm"),
    "hr_ref": ChannelSpec(unit="bpm"),
    "distance": ChannelSpec(unit="m"),
    "speed": ChannelSpec(unit="m/s"),
    "telemetry": ChannelSpec(unit="count"),
    "gesture_pred": GESTURE,
    "gesture_label": GESTURE,
}
CRITERIA = {
    "F1": "each time flame turns on: buzzer is on within 2 s",
    "F2": "never buzzer is on unless flame is on in the last 5 s",
    "F3": "each time flame turns on: fan is off within 500 ms until reset turns on",
    "L1": "each time lux < 50 lx for 3 s begins: lamp >= 80 % within 2 s",
    "L2": "each time presence turns off: lamp = 30 % +- 3 % within 5 s unless presence is on",
    "L3": "always changes(lamp, 2 s) <= 1",
    "G1": "reach soil in 40 %..60 % within 2 min for 5 min",
    "G2": "whenever tank < 10 %: pump is off after 1 s",
    "G3": "share(air_temp in 20 degC..28 degC) >= 90 %",
    "G4": "always temp agrees with temp_ref within 5 % ignoring 10 s after start",
    "W1": "accuracy(gesture_pred, gesture_label) >= 85 %",
    "W2": "median_abs_error(hr, hr_ref) <= 3 bpm",
    "V1": "each time distance < 20 cm begins: speed <= 2 cm/s within 300 ms",
    "V2": "always distance > 5 cm",
    "V3": "each time lap_gate turns on: finish is on within 1 min; total(off_track is on) <= 3 s",
    "V4": "always age(telemetry) <= 2 s",
}
