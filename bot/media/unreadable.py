"""Why a file could not be looked at; a file like that is held, never passed in silence."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """The reasons; people read ``media.unreadable.<name>`` in ``data/texts``."""

    EMPTY = "empty"
    BROKEN = "broken"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    TOO_MANY_FRAMES = "too_many_frames"
    TOO_MANY_PARTS = "too_many_parts"
    NESTED = "nested"
    ENCRYPTED = "encrypted"
    SCRIPT = "script"
    TWO_KINDS = "two_kinds"
    WRONG_NAME = "wrong_name"
    NOT_OPENED = "not_opened"
    TOO_SLOW = "too_slow"
    TOO_MUCH_MEMORY = "too_much_memory"
    GONE = "gone"
    NOT_FETCHED = "not_fetched"
    BUSY = "busy"  # nobody looked yet: the machine was too busy


class UnreadableError(Exception):
    """A file, or a part of one, can't be looked at."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def told(reason: Reason) -> str:
    """Return what stands under ``error`` in the facts."""
    return f"unreadable: {reason.value}"


def reason_of(error: str | None) -> Reason | None:
    """Return the reason that ``told`` wrote."""
    return Reason(error.removeprefix("unreadable: ")) if error else None
