"""Lets a Python process of the tests reach this machine only; ``tests/conftest.py`` puts it into every one of them.

Whoever tries to reach anything else is stopped and written down in the file that ``LOOPBACK_BREACHES`` names.
"""

import ipaddress
import os
import sys

WATCHED = ("socket.connect", "socket.sendto", "socket.sendmsg")
ASKED = ("socket.getaddrinfo", "socket.gethostbyname")
HERE = ("", "localhost", "0.0.0.0", "::", None)  # noqa: S104 - names of this machine, nothing listens there


class OutsideError(OSError):
    """Something outside this machine was to be reached."""


def is_here(host):  # noqa: ANN001, ANN201 - runs before anything else is imported
    """Tell whether a host is this machine."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in HERE:
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


def write_down(line):  # noqa: ANN001, ANN201
    """Tell the tests; a process that gets no settings along is stopped all the same."""
    if path := os.environ.get("LOOPBACK_BREACHES"):
        with open(path, "a", encoding="utf-8") as file:  # noqa: PTH123 - nothing more is imported than it takes
            file.write(line)


def watch(event, arguments):  # noqa: ANN001, ANN201
    """Stop what leads away from this machine (https://docs.python.org/3/library/audit_events.html)."""
    if event in WATCHED:
        address = arguments[1] if len(arguments) > 1 else None
        host = address[0] if isinstance(address, tuple) else None  # a path or nothing: a socket of this machine
    elif event in ASKED:
        host = arguments[0]
    else:
        return
    if not is_here(host):
        write_down(f"{event} {host!r}\n")
        raise OutsideError(f"the tests reach this machine only, not {host!r}")


sys.addaudithook(watch)
