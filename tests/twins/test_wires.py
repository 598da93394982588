"""A twin says the same on every wire, and no client can spoil it for another."""

from __future__ import annotations

import os
import select
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack, closing

import pytest

from labapp.model.trouble import LabError, NoKit
from labapp.twins.answering import Answerer, ServerFramer
from labapp.twins.doors import QUIET_US, Answer, Door
from labapp.twins.fault_spec import LinkFaultSpec
from labapp.twins.faults import LinkFault
from labapp.twins.inprocess import InProcessIO
from labapp.twins.line_door import LineDoor
from labapp.twins.link_faults import Reply
from labapp.twins.listen import ListenUrl
from labapp.twins.memory import TwinMemory
from labapp.twins.open_door import open_door
from labapp.twins.tcp_door import MOST_CLIENTS, TcpDoor
from labapp.wire import mbap
from labapp.wire.checksums import has_good_crc
from labapp.wire.server_side import Request
from tests.twins.far_end import (
    SECOND,
    HandClock,
    ask,
    exactly,
    fire_profile,
    fire_twin,
    read_pdu,
    rtu_request,
    served,
    words,
)
from tests.waiting import wait_for

SENSORS = read_pdu(4, 0, 5)
needs_pty = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pty")
FIRE = "at: 5 s, do: ignite, growth: fast, fuel: pu\nat: 20 s, do: fault, on: co, kind: dropout"


def answers_of(memory: TwinMemory, listen: ListenUrl) -> Answer:
    answerer = Answerer(memory, listen.framing)

    def answer(request: Request, framer: ServerFramer) -> Reply | None:
        pdu = answerer.answer(request)
        return None if pdu is None else Reply(framer.encode(request, pdu))

    return answer


class Lockstep:
    """One twin behind one kind of wire; a request and its answer without any thread."""

    def __init__(self, stack: ExitStack, listen: str) -> None:
        self.twin = fire_twin(seed=11, steps=FIRE)
        self._memory = TwinMemory(fire_profile(), self.twin)
        self._stack = stack
        self._exchange = self._in_process if listen == "" else self._over(listen)
        self._is_rtu = not listen.startswith("tcp")

    def sensors(self) -> list[int]:
        if self._is_rtu:
            reply = self._exchange(rtu_request(SENSORS), 15)
            assert has_good_crc(reply)
            return words(reply[1:-2])
        return words(self._exchange(mbap.encode(1, SENSORS, 9), 19)[7:])

    def _in_process(self, request: bytes, _length: int) -> bytes:
        wire = InProcessIO(self._memory, "rtu")
        wire.write(request)
        return wire.read(0)

    def _over(self, listen: str) -> Callable[[bytes, int], bytes]:
        address, clock = ListenUrl.parse(listen), HandClock()
        door = self._stack.enter_context(closing(open_door(address, fire_profile(), clock)))
        answer = answers_of(self._memory, address)
        if address.scheme == "pty":
            return self._over_a_line(door, answer)
        port = int(door.url.rpartition(":")[2])
        sock = self._stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))

        def exchange(request: bytes, length: int) -> bytes:
            sock.sendall(request)
            while not select.select([sock], [], [], 0)[0]:
                door.turn(answer, 0.5)
            return exactly(sock, length)

        return exchange

    def _over_a_line(self, door: Door, answer: Answer) -> Callable[[bytes, int], bytes]:
        client = os.open(door.url.removeprefix("serial:"), os.O_RDWR | os.O_NOCTTY)
        self._stack.callback(os.close, client)

        def exchange(request: bytes, length: int) -> bytes:
            os.write(client, request)
            got = b""
            while len(got) < length:
                door.turn(answer, 0.2)
                if select.select([client], [], [], 0)[0]:
                    got += os.read(client, 256)
            return got

        return exchange


WIRES = ["", "tcp://127.0.0.1:0", "rtu+tcp://127.0.0.1:0"]
WIRES += [] if sys.platform == "win32" else ["pty:"]


def test_every_wire_shows_the_same_numbers() -> None:
    with ExitStack() as stack:
        ends = [Lockstep(stack, listen) for listen in WIRES]
        for tenth in range(5, 300, 5):
            for end in ends:
                end.twin.run_to(tenth * 100_000)
            shown = [end.sensors() for end in ends]
            assert all(numbers == shown[0] for numbers in shown[1:]), tenth
        assert len({end.twin.digest for end in ends}) == 1
        assert shown[0][3] == 0x8000  # the CO sensor had dropped out by then


# ---------------------------------------------------------------------- several clients


def test_clients_come_and_go_and_each_gets_its_own_answers() -> None:
    with served() as twin, ExitStack() as stack:
        socks = [stack.enter_context(twin.connect()) for _ in range(5)]
        for round_ in range(20):
            for number, sock in enumerate(socks):
                assert len(words(ask(sock, SENSORS, transaction=100 * round_ + number))) == 5
        socks[0].close()
        assert len(words(ask(socks[1], SENSORS))) == 5


def test_requests_may_be_cut_anywhere_and_come_in_one_piece() -> None:
    request = mbap.encode(1, SENSORS, 5)
    with served() as twin, twin.connect() as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(len(request)):
            sock.sendall(request[:at])
            sock.sendall(request[at:])
            assert exactly(sock, 19)[:2] == b"\0\5"
        sock.sendall(request * 30)
        assert len(exactly(sock, 19 * 30)) == 570


def test_another_unit_gets_no_answer() -> None:
    with served() as twin, twin.connect() as sock:
        sock.sendall(mbap.encode(2, SENSORS, 1))
        assert len(words(ask(sock, SENSORS, transaction=2))) == 5


def test_who_speaks_something_else_is_let_go_and_nobody_else_notices() -> None:
    with served() as twin, twin.connect() as good, twin.connect() as bad:
        bad.sendall(b"GET / HTTP/1.1\r\nHost: kit\r\n\r\n")
        assert bad.recv(100) == b""
        assert len(words(ask(good, SENSORS))) == 5


def test_who_does_not_read_is_let_go() -> None:
    # A short question with a long answer: what the kit is called.
    flood = mbap.encode(1, bytes((43, 14, 1, 0)), 1) * 500
    with served() as twin, twin.connect() as good, socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        deaf.settimeout(0.2)
        deaf.connect(("127.0.0.1", twin.port))

        def is_let_go() -> bool:
            try:
                deaf.sendall(flood)
            except TimeoutError:
                return False
            except OSError:
                return True
            return False

        wait_for(is_let_go, 20, "letting the deaf client go")
        assert len(words(ask(good, SENSORS))) == 5


def test_too_many_clients_are_turned_away() -> None:
    with served() as twin, ExitStack() as stack:
        for _ in range(MOST_CLIENTS):
            assert len(words(ask(stack.enter_context(twin.connect()), SENSORS))) == 5
        with twin.connect() as late:
            assert late.recv(10) == b""


def test_noise_on_an_rtu_stream_does_not_hide_the_next_request() -> None:
    with served("rtu+tcp://127.0.0.1:0") as twin, twin.connect() as sock:
        sock.sendall(b"\x01\x10\x00\x00\x00\x05\x0a")  # the head of a write that never comes
        pause = threading.Event()
        pause.wait(2 * QUIET_US / 1e6)
        sock.sendall(rtu_request(SENSORS))
        assert len(words(exactly(sock, 15)[1:-2])) == 5


def test_a_serial_broadcast_is_carried_out_in_silence() -> None:
    on, off = b"\x05\x00\x00\xff\x00", b"\x05\x00\x00\x00\x00"
    with served("rtu+tcp://127.0.0.1:0") as twin, twin.connect() as sock:
        sock.sendall(rtu_request(on, unit=0) + rtu_request(read_pdu(1, 0, 1)))
        assert exactly(sock, 6)[3] == 1
        sock.sendall(rtu_request(off))
        assert exactly(sock, 8)[1] == 5


# ---------------------------------------------------------------------- addresses


def test_the_real_port_is_told_and_taken() -> None:
    with served() as twin:
        assert twin.port > 0
        with pytest.raises(NoKit) as refused:
            TcpDoor(ListenUrl.parse(f"tcp://127.0.0.1:{twin.port}"), HandClock())
        assert refused.value.problems[0].code == "E-NET-LISTEN"
        assert str(twin.port) in refused.value.problems[0].message.en


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(NoKit):
        TcpDoor(ListenUrl.parse("tcp://192.0.2.1:0"), HandClock())


def test_ipv6_loopback() -> None:
    try:
        door = TcpDoor(ListenUrl.parse("tcp://[::1]:0"), HandClock())
    except NoKit:
        pytest.skip("this machine has no IPv6")
    with closing(door):
        assert door.url.startswith("tcp://[::1]:")


@pytest.mark.parametrize(
    "text",
    ["", "tcp", "tcp:", "tcp:/x", "udp://127.0.0.1:0", "tcp://127.0.0.1:99999", "tcp://h:1/path",
     "tcp://h:1?x=1", "serial:", "pty:/dev/pts/1", "tcp://u@h:1", "tcp://[::1"],
)  # fmt: skip
def test_what_is_no_address_is_told(text: str) -> None:
    with pytest.raises(LabError) as refused:
        ListenUrl.parse(text)
    assert refused.value.problems[0].code == "U-LISTEN"
    assert refused.value.exit_code == 2


def test_without_a_host_only_this_machine_is_served() -> None:
    assert ListenUrl.parse("tcp://:1502").host == "127.0.0.1"
    assert ListenUrl.parse("rtu+tcp://0.0.0.0:1").framing == "rtu"


# ---------------------------------------------------------------------- lines


class Line:
    """A serial line in memory whose other end is the test."""

    def __init__(self, *heard: bytes) -> None:
        self.heard = list(heard)
        self.said = b""

    def read(self, timeout_s: float) -> bytes:
        return self.heard.pop(0) if self.heard else b""

    def write(self, chunk: bytes) -> None:
        self.said += chunk

    def close(self) -> None:
        self.heard.clear()

    def describe(self) -> str:
        return "memory"


def test_a_line_answers_what_noise_had_hidden_once_it_is_quiet() -> None:
    memory = TwinMemory(fire_profile(), fire_twin())
    clock = HandClock()
    line = Line(b"\x01\x10\x00\x00\x00\x05\xff" + rtu_request(SENSORS))
    door = LineDoor(line, "serial:memory", clock)
    answer = answers_of(memory, ListenUrl.parse("pty:"))
    door.turn(answer, 0.01)
    assert line.said == b""
    clock.t_us += QUIET_US
    door.turn(answer, 0.01)
    assert len(line.said) == 15
    assert has_good_crc(line.said)


@needs_pty
def test_a_pty_sends_whether_somebody_listens_or_not() -> None:
    from labapp.twins.pty_line import PtyLine

    with closing(PtyLine()) as line:
        for _ in range(200):
            line.write(bytes(250))
        client = os.open(line.device, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            assert 0 < len(os.read(client, 100_000)) < 50_000
            os.write(client, b"\r\n\x00\x03\x11")  # raw: nothing is translated or acted on
            assert line.read(1.0) == b"\r\n\x00\x03\x11"
            assert line.read(0.0) == b""
        finally:
            os.close(client)
    line.close()


@needs_pty
def test_a_port_that_refuses_its_setting_is_told_and_free_again() -> None:
    from labapp.twins.pty_line import PtyLine

    with closing(PtyLine()) as line:
        uneven = ListenUrl.parse(f"serial:{line.device}?parity=E")  # no pty has a parity
        with pytest.raises(NoKit):
            open_door(uneven, fire_profile(), HandClock())
        even = ListenUrl.parse(f"serial:{line.device}?parity=N")
        open_door(even, fire_profile(), HandClock()).close()


# ---------------------------------------------------------------------- spoilt links


def spoilt(kind: LinkFault, value: float, **when: int) -> LinkFaultSpec:
    return LinkFaultSpec(kind=kind, value=value, **when)


def test_lost_replies_are_the_same_ones_for_the_same_seed() -> None:
    patterns = []
    for _ in range(2):
        faults = [spoilt(LinkFault.DROP, 0.5)]
        with served("rtu+tcp://127.0.0.1:0", link_faults=faults) as twin, twin.connect() as sock:
            pattern = []
            sock.settimeout(0.05)
            for _ in range(12):
                sock.sendall(rtu_request(SENSORS))
                try:
                    pattern.append(len(exactly(sock, 15)))
                except TimeoutError:
                    pattern.append(0)
            patterns.append(pattern)
    assert patterns[0] == patterns[1]
    assert set(patterns[0]) == {0, 15}


def test_a_corrupt_reply_has_one_wrong_byte_and_its_sum_shows_it() -> None:
    faults = [spoilt(LinkFault.CORRUPT, 1.0)]
    with served("rtu+tcp://127.0.0.1:0", link_faults=faults) as twin, twin.connect() as sock:
        for _ in range(20):
            sock.sendall(rtu_request(read_pdu(1, 0, 4)))
            reply = exactly(sock, 6)
            assert not has_good_crc(reply)
    with served(link_faults=faults) as twin, twin.connect() as sock:
        replies = {bytes(ask(sock, read_pdu(1, 0, 4))) for _ in range(20)}
        assert b"\x01\x01\x08" not in replies


def test_a_delayed_reply_comes_late_and_in_order() -> None:
    faults = [spoilt(LinkFault.DELAY, 150_000)]
    with served(link_faults=faults) as twin, twin.connect() as sock:
        sock.sendall(mbap.encode(1, SENSORS, 1) + mbap.encode(1, SENSORS, 2))
        sock.settimeout(0.05)
        with pytest.raises(TimeoutError):
            sock.recv(1)
        sock.settimeout(5)
        assert [exactly(sock, 19)[:2] for _ in range(2)] == [b"\0\1", b"\0\2"]


def test_a_link_fault_has_its_time() -> None:
    fault = spoilt(LinkFault.DROP, 1.0, at_us=5 * SECOND, for_us=SECOND)
    assert [fault.is_on(t * SECOND) for t in (0, 5, 6)] == [False, True, False]
