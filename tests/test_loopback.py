"""The tests can't reach anything but this machine, nor can a process that they start."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

OUTSIDE = ("192.0.2.1", 9)  # https://www.rfc-editor.org/rfc/rfc5737: an address that belongs to nobody


def told(breaches: Path) -> str:
    """Return what was written down, and let this test pass in spite of it."""
    text = breaches.read_text(encoding="utf-8")
    breaches.unlink()
    return text


def test_a_socket_that_leads_away_is_stopped_and_written_down(loopback_breaches: Path) -> None:
    with socket.socket() as one, pytest.raises(OSError, match="this machine only"):
        one.connect(OUTSIDE)
    with socket.socket(type=socket.SOCK_DGRAM) as one, pytest.raises(OSError, match="this machine only"):
        one.sendto(b"x", OUTSIDE)
    with pytest.raises(OSError, match="this machine only"):
        socket.getaddrinfo("example.org", 443)
    assert [line.split()[0] for line in told(loopback_breaches).splitlines()] == [
        "socket.connect",
        "socket.sendto",
        "socket.getaddrinfo",
    ]


def test_a_process_that_a_test_starts_is_stopped_too(loopback_breaches: Path) -> None:
    code = f"import socket; socket.socket().connect({OUTSIDE!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert [done.returncode, "this machine only" in done.stderr] == [1, True]
    assert told(loopback_breaches) == "socket.connect '192.0.2.1'\n"


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1])).close()
