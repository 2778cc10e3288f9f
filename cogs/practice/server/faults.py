"""What a scenario lets go wrong: refused messages, limits, broken servers, lost answers, cut sockets."""

from dataclasses import dataclass

from cogs.practice.server.router import pattern_fits

KINDS = (
    "closed_dms", "rate_limited", "server_error", "timeout", "drop_socket", "invalid_session", "reconnect",
    "missing_access", "unknown_message", "file_slow", "file_refused",
)  # fmt: skip
FILE_KINDS = frozenset({"file_slow", "file_refused"})
"""What goes wrong at the file server: it keeps silent for as long as anybody waits, or says 403."""
CUT, CUT_AFTER = "cut", "cut_after"
"""The bot dies at this request: before its answer, or just after it. Not for scripts; the torture run sets them."""


@dataclass(slots=True)
class Fault:
    """A fault that waits for its requests. Without a route or person it fits any request."""

    kind: str
    route: str | None
    person: int | None
    left: int
    performed: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """What a fault looks at: the request, and the people it concerns."""

    method: str
    path: str
    people: frozenset[int]


class Faults:
    """The faults that are set, oldest first."""

    def __init__(self) -> None:
        self._set: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Set a fault; the same kind for the same target replaces the one before, and 0 times lifts it."""
        same = (fault.kind, fault.route, fault.person)
        self._set = [item for item in self._set if (item.kind, item.route, item.person) != same]
        if fault.left > 0:
            self._set.append(fault)

    def clear(self) -> None:
        """Lift all faults."""
        self._set.clear()

    def take(self, asked: Asked, *, files: bool = False) -> Fault | None:
        """Return the fault that hits this request, and count it; ``files``: a request to the file server."""
        for fault in self._set:
            if fault.left > 0 and (fault.kind in FILE_KINDS) is files and _fits(fault, asked):
                fault.left -= 1
                return fault
        return None


def _fits(fault: Fault, asked: Asked) -> bool:
    if fault.route is not None:
        return pattern_fits(fault.route, asked.method, asked.path)
    return fault.person is None or fault.person in asked.people
