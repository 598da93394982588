"""Good profiles: found, read and frozen."""

from __future__ import annotations

from pathlib import Path

import pytest

from labapp.model.trouble import BadInput
from labapp.profiles.addressing import wire_addr
from labapp.profiles.load import known_profiles, load_profile, load_profile_bytes
from labapp.profiles.profile import Profile
from labapp.profiles.yaml_reader import MAX_BYTES

SHIPPED = Path(__file__).parents[2] / "device_profiles"
GREENHOUSE = Path(__file__).parents[1] / "kits" / "greenhouse.yaml"


@pytest.fixture(scope="module")
def fire() -> Profile:
    return load_profile("fire-safety", [SHIPPED])


@pytest.fixture(scope="module")
def greenhouse() -> Profile:
    return load_profile(str(GREENHOUSE), [])


def test_the_fire_kit_is_what_the_projects_rely_on(fire: Profile) -> None:
    assert {p.id: p.unit for p in fire.points if not p.states} == {
        "flame": "%", "smoke": "%/m", "temp": "Cel", "co": "ppm", "gas": "%LEL",
        "heartbeat": "count", "uptime": "s", "fan": "%",
    }  # fmt: skip
    assert {p.id for p in fire.points if p.states == ("off", "on")} == {
        "call_point", "buzzer", "strobe", "sprinkler", "gas_valve"
    }  # fmt: skip
    assert [p.id for p in fire.driven] == ["buzzer", "strobe", "sprinkler", "gas_valve", "fan"]
    assert set(fire.safe_on_disconnect) == {p.id for p in fire.driven}
    assert all(p.write is not None and p.write.safe == 0 for p in fire.driven)


def test_times_and_digits_are_worked_out(fire: Profile) -> None:
    facts = {p.id: (p.period_us, p.stale_us, p.decimals) for p in fire.points}
    assert facts["flame"] == (100_000, 1_000_000, 1)
    assert facts["temp"] == (200_000, 1_000_000, 2)
    assert facts["heartbeat"] == (1_000_000, 3_000_000, 0)


def test_states_are_words_of_criteria(greenhouse: Profile) -> None:
    mode, lamp = greenhouse.point("mode"), greenhouse.point("lamp")
    assert mode is not None
    assert lamp is not None
    assert mode.states == ("manual", "auto", "service")
    assert [name.zh for name in mode.state_names] == ["手动", "自动", "检修"]
    assert lamp.states == ("off", "on")
    assert mode.kind == lamp.kind == "state"
    assert (mode.write.min, mode.write.max) == (0, 2) if mode.write else False


def test_what_is_read_once_never_grows_stale(greenhouse: Profile) -> None:
    firmware = greenhouse.point("firmware")
    assert firmware is not None
    assert (firmware.period_us, firmware.stale_us) == (0, 0)


def test_the_same_bytes_give_the_same_profile(fire: Profile) -> None:
    again = load_profile_bytes(fire.source, "profile.yaml")
    assert again.points == fire.points
    assert again.sha256 == fire.sha256
    assert load_profile_bytes(fire.source.replace(b"\n", b"\r\n"), "p.yaml").sha256 == fire.sha256


def test_the_users_own_folder_is_searched_first(tmp_path: Path, fire: Profile) -> None:
    own = tmp_path / "fire-safety.yaml"
    own.write_bytes(fire.source.replace(b"version: 1.0.0", b"version: 9.9.9"))
    assert load_profile("fire-safety", [tmp_path, SHIPPED]).version == "9.9.9"
    assert load_profile(str(own), [SHIPPED]).version == "9.9.9"
    assert known_profiles([tmp_path, SHIPPED])["fire-safety"] == own


def test_drawings_are_no_profiles() -> None:
    assert "fire-safety.scene" not in known_profiles([SHIPPED])


@pytest.mark.parametrize(
    ("asked", "hint"),
    [("fire-safty", "Did you mean fire-safety?"), ("zzz", "There are: fire-safety")],
)
def test_an_unknown_profile_names_the_nearest(asked: str, hint: str) -> None:
    with pytest.raises(BadInput) as told:
        load_profile(asked, [SHIPPED])
    (problem,) = told.value.problems
    assert problem.code == "P-NO-PROFILE"
    assert hint in problem.message.en
    assert told.value.exit_code == 3


@pytest.mark.parametrize("asked", ["./no-such.yaml", "folder/no-such", "no-such.yaml"])
def test_a_missing_file_is_told(asked: str) -> None:
    with pytest.raises(BadInput) as told:
        load_profile(asked, [SHIPPED])
    assert told.value.problems[0].code == "Y000"
    assert told.value.problems[0].file is not None


def test_too_large_a_file_is_not_read_whole() -> None:
    with pytest.raises(BadInput):
        load_profile_bytes(b"# " + b"x" * MAX_BYTES, "large.yaml")


# The registers as manuals print them: MODBUS Application Protocol V1.1b3 §4.3-4.4 numbers them
# from 1, and 5- and 6-digit references put the table's digit in front.
@pytest.mark.parametrize(
    ("table", "addr", "addressing", "wire"),
    [
        ("holding", 0, "zero_based", 0),
        ("holding", 65_535, "zero_based", 65_535),
        ("holding", 65_536, "zero_based", None),
        ("holding", 1, "one_based", 0),
        ("holding", 0, "one_based", None),
        ("holding", 40_001, "modicon", 0),
        ("holding", 40_108, "modicon", 107),
        ("holding", 400_001, "modicon", 0),
        ("holding", 465_536, "modicon", 65_535),
        ("holding", 30_001, "modicon", None),
        ("input", 30_009, "modicon", 8),
        ("discrete", 10_197, "modicon", 196),
        ("coil", 1, "modicon", 0),
        ("coil", 0, "modicon", None),
    ],
)
def test_addresses_of_manuals(table: str, addr: int, addressing: str, wire: int | None) -> None:
    assert wire_addr(table, addr, addressing) == wire  # type: ignore[arg-type]


def test_a_profile_in_modicon_numbers_reads_the_same_registers(fire: Profile) -> None:
    text = GREENHOUSE.read_text("utf-8").replace("word_order: big", "addressing: modicon")
    for table, base in (("input", 30_001), ("holding", 40_001), ("coil", 1)):
        for addr in (40, 20, 10, 8, 7, 1, 0):
            text = text.replace(
                f"table: {table}, addr: {addr},", f"table: {table}, addr: {addr + base} ,"
            )
    plain = load_profile(str(GREENHOUSE), [])
    modicon = load_profile_bytes(text.encode(), "modicon.yaml")
    assert [p.at for p in modicon.points] == [p.at for p in plain.points]
