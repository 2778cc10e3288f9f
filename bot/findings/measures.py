"""What a person lets the bot do to a message or its writer: remove it, a time-out. Never by itself, always by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.opening import Alerts
from bot.clock import Clock
from bot.errors import InputError, WrongStateError
from bot.findings.cards import AnyRow, Cards, about, alert_row, findings_of
from bot.findings.evidence import EvidenceStore
from bot.findings.facts import AlertCard
from bot.findings.standing import require_decision, wanted
from bot.people import Actor, Verb
from bot.ports import Messenger
from bot.storage.audit import Audit
from bot.storage.engine import Database
from bot.storage.tables import finding
from bot.storage.vault import Vault

LONGEST_TIME_OUT = 28 * 24 * 60  # minutes; the platform's own limit


class Pictures(Protocol):
    """What remembers the pictures of a message that is taken away."""

    async def fetched(self, school: str, channel: str, message: str) -> Any:
        """Return what ``remember`` needs of a message that still stands there."""
        ...

    async def remember(self, school: str, message: str, fetched: Any, finding: int, by: str) -> None:
        """Remember them, once the message is gone."""
        ...


class Measures:
    """Removes messages and silences writers at a person's request."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        vault: Vault,
        audit: Audit,
        alerts: Alerts,
        evidence: EvidenceStore,
        messenger: Messenger,
        pictures: Pictures,
    ) -> None:
        self._database = database
        self._clock = clock
        self._audit = audit
        self._alerts = alerts
        self._evidence = evidence
        self._messenger = messenger
        self._pictures = pictures
        self._cards = Cards(vault)

    async def remove(self, actor: Actor, number: int) -> AlertCard:
        """Take the messages of an alert away; the evidence stays, and copies of their pictures will be found.

        Raises ``DeliveryRefusedError``: no right.
        """
        row, findings = await self._allowed(actor, Verb.REMOVE, number)
        if not findings:
            raise WrongStateError("error.alert.no_message")
        for one in (one for one in findings if one.removed_at is None):
            seen = await self._pictures.fetched(row.school, one.channel, one.message)
            await self._messenger.remove(one.channel, one.message, _reason(number))
            async with self._database.write() as connection:
                now = {"removed_at": self._clock.now()}
                await connection.execute(update(finding).where(finding.c.id == one.id).values(**now))
                await self._alerts.changed(connection, row.school, number)
            await self._pictures.remember(row.school, one.message, seen, one.id, actor.id)
        return await self._card(row.school, number)

    async def time_out(self, actor: Actor, number: int, minutes: int, reason: str) -> AlertCard:
        """Silence the writer for some minutes, with a reason that is kept. Raises ``DeliveryRefusedError``."""
        told = wanted(reason)
        if not 1 <= minutes <= LONGEST_TIME_OUT:
            raise InputError("error.alert.minutes", limit=LONGEST_TIME_OUT)
        row, findings = await self._allowed(actor, Verb.TIME_OUT, number)
        if not findings:
            raise WrongStateError("error.alert.no_message")
        until = self._clock.now() + timedelta(minutes=minutes)
        await self._messenger.time_out(row.school, findings[-1].author, until, _reason(number))
        async with self._database.write() as connection:
            await self._evidence.keep_note(connection, row.school, findings[-1].id, actor.id, told)
            await self._alerts.changed(connection, row.school, number)
        return await self._card(row.school, number)

    async def _allowed(self, actor: Actor, verb: Verb, number: int) -> tuple[AnyRow, list[AnyRow]]:
        async with self._database.write() as connection:
            row = await alert_row(connection, actor.school.guild, number)
            findings = (await findings_of(connection, [number])).get(number, [])
            require_decision(actor, verb, row, await about(connection, row))
            await self._note(connection, actor, verb, number)
        return row, findings

    async def _note(self, connection: AsyncConnection, actor: Actor, verb: Verb, number: int) -> None:
        await self._audit.note(connection, actor.school.guild, actor.id, verb, f"alert:{number}")

    async def _card(self, school: str, number: int) -> AlertCard:
        async with self._database.read() as connection:
            return await self._cards.one(connection, school, number)


def _reason(number: int) -> str:
    return f"Klaswacht {number}"  # stands in the platform's own log, so it says nothing about anybody
