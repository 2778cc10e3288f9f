"""The evidence of a case, read for people: messages, edits, deletions, files, and what was added by hand."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases.facts import EvidenceLine
from bot.cases.store import Standing, belongs
from bot.media.unreadable import Reason
from bot.reports.kept import WITHHELD
from bot.storage.tables import evidence, finding
from bot.storage.vault import Place, Vault


class CaseEvidence:
    """Opens what was kept."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def lines(self, connection: AsyncConnection, standing: Standing) -> tuple[EvidenceLine, ...]:
        """Return all evidence of a case in order of time. A deletion carries the place of the message it took away."""
        school = standing.row["school"]
        asked = select(evidence, finding.c.channel.label("at_channel"), finding.c.message.label("at_message"))
        asked = asked.add_columns(finding.c.author.label("by_author"), finding.c.url.label("at_url"))
        joined = asked.select_from(evidence.outerjoin(finding, finding.c.id == evidence.c.finding))
        where = belongs(school, standing.id, standing.findings, standing.reports)
        rows = (await connection.execute(joined.where(where))).mappings().all()
        return tuple(sorted((self._line(row) for row in rows), key=lambda one: (one.at or one.kept_at, one.id)))

    def _line(self, row: RowMapping) -> EvidenceLine:
        text = self._vault.open(Place(row["school"], "evidence", "content_sealed", row["id"]), row["content_sealed"])
        name, unread = None, None
        if row["kind"] == WITHHELD:
            text = ""
        elif row["kind"] == "file":
            marks = json.loads(text or "{}") if row["file"] else {"name": text}
            name, unread, text = marks.get("name", ""), marks.get("unread"), ""
        return EvidenceLine(
            id=row["id"],
            kind=row["kind"],
            author=row["author"] or row["by_author"],
            text=text or "",
            at=row["said_at"],
            kept_at=row["kept_at"],
            kept_by=row["kept_by"],
            channel=row["channel"] or row["at_channel"],
            message=row["message"] or row["at_message"],
            url=row["url"] or row["at_url"],
            fingerprint=row["fingerprint"] or _fingerprint(text),
            file=name,
            finding=row["finding"],
            report=row["report"],
            unread=Reason(unread) if unread else None,
        )


def _fingerprint(text: str | None) -> str | None:
    """Return the SHA-256 (hex) of a kept text; None when there is none."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() if text else None
