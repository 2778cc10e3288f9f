"""Who made a report: sealed, and found again only by whoever asks for their own.

``reporter_mark`` is a keyed hash, so that a pupil's own reports are found without being readable. No other row links
an anonymous report to its maker: rows of the audit log, of the talk and of the evidence say ``anonymous`` or nothing,
and rows of the outbox name the report instead of the pupil.
"""

from __future__ import annotations

from sqlalchemy import RowMapping

from bot.ports import Receiver
from bot.storage.vault import Place, Vault

ANONYMOUS = "anonymous"  # who acts in the audit log when it must not say
REPORTER = "reporter"  # receiver_kind of an outbox row whose ``receiver`` is a report's id
_MARK = "reporter"


class Seals:
    """Seals and opens what stands in a report's row."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def mark(self, school: str, user: str) -> str:
        """Return what a user's reports are found by."""
        return self._vault.mark(school, _MARK, user)

    def reporter(self, row: RowMapping) -> str:
        """Return a report's maker."""
        return self.text(row, "reporter_sealed")

    def text(self, row: RowMapping, column: str, table: str = "report") -> str:
        """Return what a sealed column of a row says; empty when nothing."""
        return self._vault.open(Place(row["school"], table, column, row["id"]), row[column]) or ""

    def seal(self, school: str, row: int, column: str, text: str, table: str = "report") -> bytes | None:
        """Seal a text for a column; an empty one stays nothing."""
        return self._vault.seal(Place(school, table, column, row), text or None)

    def receiver(self, row: RowMapping) -> Receiver:
        """Return where something for a report's maker goes, as the outbox may keep it."""
        if row["anonymous"]:
            return Receiver(REPORTER, str(row["id"]))
        return Receiver("user", self.reporter(row))

    def audited(self, row: RowMapping) -> str:
        """Return whom the audit log names as a report's maker."""
        return ANONYMOUS if row["anonymous"] else self.reporter(row)
