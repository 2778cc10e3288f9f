"""The school's clock and the ids made from it: real speed, plus the jumps of ``advance``."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

DISCORD_EPOCH_MS = 1_420_070_400_000
DEFAULT_START = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))


class Clock:
    """A clock that starts where it is told, runs at real speed and can jump forward."""

    def __init__(self, start: datetime, elapsed: Callable[[], float] = time.monotonic) -> None:
        """Start at ``start`` (with a time zone); ``elapsed`` counts real seconds."""
        self._elapsed = elapsed
        self._base = start.astimezone(UTC)
        self._since = elapsed()

    def now(self) -> datetime:
        """Return the controlled time, in UTC."""
        return self._base + timedelta(seconds=self._elapsed() - self._since)

    def jump_to(self, moment: datetime) -> None:
        """Go on from ``moment``; the clock never goes back."""
        self._base = max(self.now(), moment.astimezone(UTC))
        self._since = self._elapsed()


class Snowflakes:
    """Discord ids: the milliseconds of the controlled clock, strictly increasing."""

    def __init__(self, clock: Clock) -> None:
        """Draw the time from ``clock``."""
        self._clock = clock
        self._last = 0

    def next(self) -> int:
        """Return a new id, higher than every id before it."""
        self._last = max(self._last + 1, snowflake_at(self._clock.now()))
        return self._last


def snowflake_at(moment: datetime) -> int:
    """Return the lowest id of this millisecond."""
    return (int(moment.timestamp() * 1000) - DISCORD_EPOCH_MS) << 22


def moment_of(snowflake: int) -> datetime:
    """Return the time in an id, in UTC."""
    return datetime.fromtimestamp(((snowflake >> 22) + DISCORD_EPOCH_MS) / 1000, tz=UTC)


def stamp(moment: datetime) -> str:
    """Return a timestamp as Discord writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "+00:00"
