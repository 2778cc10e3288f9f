"""Who lost the right to read something lately: what a list of readers of now can't tell.

Rights are keys: a channel's id for reading it, with ``MANAGES`` behind it for managing its threads. What somebody had
before a change is known from the last time that the platform told it; where it is not, a list is "onvolledig".

Time is told by messages: a change came after a message when that message, or a later one, had come before it. So no
two clocks are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

MANAGES = "/threads"
KEPT = 24 * 60 * 60 * 1000 << 22
"""A day, in ids of messages: a hold follows its post within seconds, and after a pause a list is incomplete anyway.
https://discord.com/developers/docs/reference#snowflakes"""
NOTHING: frozenset[str] = frozenset()
Payload = Mapping[str, Any]


class Changes:
    """Remembers, as long as the connection stays, what people could do and when they lost it."""

    def __init__(self) -> None:
        self._now = 0
        self._held: dict[tuple[str, str], frozenset[str]] = {}
        self._lost: dict[str, dict[str, int]] = {}
        self._unsure: dict[str, int] = {}
        self._rules: dict[str, Any] = {}
        self._same: dict[frozenset[str], frozenset[str]] = {}  # a class has the same rights: kept once

    def clear(self) -> None:
        """Forget everything: the connection was lost, and changes may have been missed."""
        for table in (self._held, self._lost, self._rules, self._unsure, self._same):
            table.clear()

    def passed(self, message: int) -> None:
        """Note that a message came: what changes from now on, changes after it."""
        self._now = max(self._now, message)

    def knows(self, school: str, user: str, keys: frozenset[str]) -> None:
        """Note what somebody can do now, as the platform tells it without a change."""
        self._held.setdefault((school, user), self._same.setdefault(keys, keys))

    def became(self, school: str, user: str, keys: frozenset[str], before: frozenset[str] | None = None) -> None:
        """Note a change of a member; ``before``: what is known to be so before, else what was noted last."""
        had = before if before is not None else self._held.get((school, user))
        if had is None:
            self.unsure(school)
        for key in (had or NOTHING) - keys:
            self.lost(key, user)
        self._held[school, user] = self._same.setdefault(keys, keys)

    def lost(self, key: str, user: str) -> None:
        """Note that somebody lost a right just now."""
        fresh = {one: at for one, at in self._lost.get(key, {}).items() if self._now - at < KEPT}
        self._lost[key] = {**fresh, user: self._now}

    def unsure(self, school: str) -> None:
        """Note that something changed for people who are not known."""
        self._unsure[school] = self._now

    def rule(self, school: str, thing: str, rule: object) -> bool:
        """Note the rights that a channel or role gives; True when they changed."""
        name = f"{school}/{thing}"
        changed = name in self._rules and self._rules[name] != rule
        self._rules[name] = rule
        if changed:
            self.unsure(school)
        return changed

    def since(self, keys: Iterable[str], message: int) -> frozenset[str]:
        """Return who lost one of these rights since a message."""
        return frozenset(user for key in keys for user, at in self._lost.get(key, {}).items() if at >= message)

    def sure_since(self, school: str, message: int) -> bool:
        """Whether every change since a message is known."""
        at = self._unsure.get(school)
        return at is None or at < message
