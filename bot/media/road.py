"""Puts the parts of the photo road together and gives its timers to the runner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.alerts.opening import Alerts
from bot.alerts.outbox import Outbox
from bot.clock import Clock, Ids
from bot.consent.register import ENDS, ConsentRegister
from bot.findings.evidence import EvidenceStore
from bot.media.again import LooksAgain
from bot.media.byhand import TakenByHand
from bot.media.config import MediaConfig
from bot.media.desk import POST, MediaDesk
from bot.media.intake import MediaIntake
from bot.media.judging import MediaJudge
from bot.media.moving import MediaMoves
from bot.media.patience import Onlooker
from bot.media.ports import MediaGateway
from bot.media.sent import SentFiles
from bot.media.store import HoldStore
from bot.media.using import ConsentUse
from bot.media.writing import LOOK, REMIND, SECOND, TAKE, MediaWriter
from bot.ports import History
from bot.reports.kept import FileStore
from bot.runner import Handler
from bot.school import Schools
from bot.storage.audit import Audit
from bot.storage.engine import Database
from bot.storage.vault import Vault
from bot.timers import Timers


class TakesHandlers(Protocol):
    """The part of the runner that is needed here."""

    def on(self, kind: str, handler: Handler) -> None:
        """Let a handler do timers of a kind."""
        ...


@dataclass(frozen=True, slots=True)
class PhotoRoad:
    """The intake, the desk, the register, the timers' work, and the looks at files that people send or take away."""

    intake: MediaIntake
    desk: MediaDesk
    consents: ConsentRegister
    moves: MediaMoves
    sent: SentFiles
    by_hand: TakenByHand
    again: LooksAgain

    def register(self, runner: TakesHandlers) -> None:
        """Let the runner do the timers."""
        handlers = {TAKE: self.moves.take, POST: self.moves.post, REMIND: self.moves.remind, SECOND: self.moves.second}
        for kind, handler in {**handlers, LOOK: self.again.due, ENDS: self.consents.ends_soon}.items():
            runner.on(kind, handler)


def photo_road(
    *,
    database: Database,
    vault: Vault,
    clock: Clock,
    ids: Ids,
    schools: Callable[[], Schools],
    audit: Audit,
    timers: Timers,
    outbox: Outbox,
    alerts: Alerts,
    evidence: EvidenceStore,
    files: FileStore,
    gateway: MediaGateway,
    onlooker: Onlooker,
    history: History,
    config: MediaConfig,
) -> PhotoRoad:
    """Return the photo road."""
    store = HoldStore(vault=vault, clock=clock, ids=ids)
    consents = ConsentRegister(
        database=database, vault=vault, clock=clock, ids=ids, audit=audit, timers=timers, outbox=outbox, schools=schools
    )
    writer = MediaWriter(
        clock=clock,
        ids=ids,
        store=store,
        alerts=alerts,
        evidence=evidence,
        timers=timers,
        files=files,
        config=config,
    )
    uses = ConsentUse(store=store, consents=consents)
    judge = MediaJudge(store=store, consents=consents, config=config)
    intake = MediaIntake(
        database=database,
        clock=clock,
        store=store,
        writer=writer,
        judge=judge,
        consents=consents,
        alerts=alerts,
        timers=timers,
        config=config,
    )
    desk = MediaDesk(
        database=database,
        clock=clock,
        store=store,
        consents=consents,
        uses=uses,
        alerts=alerts,
        outbox=outbox,
        timers=timers,
        audit=audit,
        files=files,
        config=config,
    )
    moves = MediaMoves(
        database=database,
        clock=clock,
        store=store,
        alerts=alerts,
        outbox=outbox,
        files=files,
        gateway=gateway,
        schools=schools,
        uses=uses,
        config=config,
    )
    sent = SentFiles(
        onlooker=onlooker,
        database=database,
        clock=clock,
        store=store,
        alerts=alerts,
        files=files,
        schools=schools,
        config=config,
    )
    by_hand = TakenByHand(
        database=database, clock=clock, store=store, history=history, onlooker=onlooker, config=config
    )
    again = LooksAgain(
        database=database,
        clock=clock,
        store=store,
        judge=judge,
        writer=writer,
        uses=uses,
        alerts=alerts,
        outbox=outbox,
        timers=timers,
        files=files,
        schools=schools,
        onlooker=onlooker,
        config=config,
    )
    return PhotoRoad(intake, desk, consents, moves, sent, by_hand, again)
