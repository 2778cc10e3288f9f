"""The jobs of the night, in order: repeat erasures, erase what was kept long enough, take cards back, post the head."""

from __future__ import annotations

from bot.alerts.outbox import Outbox
from bot.daily import AuditHead, Job
from bot.ports import Messenger
from bot.privacy.erase import Eraser
from bot.privacy.erased import ErasureList
from bot.privacy.retention import Retention
from bot.privacy.rules import read_retention
from bot.privacy.withdrawing import Withdrawing
from bot.school import School
from bot.settings import Settings, data_file
from bot.storage.audit import Audit
from bot.storage.opening import Storage


def nightly(
    settings: Settings, storage: Storage, *, audit: Audit, outbox: Outbox, messenger: Messenger
) -> tuple[Job, ...]:
    """Return the jobs. Raises ``SetupError``: the retention file is wrong."""
    database, vault, clock = storage.database, storage.vault, storage.clock
    rules = read_retention(data_file(settings, "retention.toml"))
    erased = ErasureList(state=storage.state, vault=vault)
    retention = Retention(
        database=database,
        vault=vault,
        clock=clock,
        rules=rules,
        files=storage.files,
        erased=erased,
        state=storage.state,
    )
    eraser = Eraser(
        database=database, vault=vault, clock=clock, audit=audit, rules=rules, erased=erased, retention=retention
    )
    withdrawing = Withdrawing(database=database, messenger=messenger)
    head = AuditHead(database=database, clock=clock, outbox=outbox, audit=audit)

    async def withdraw(school: School) -> None:
        await withdrawing.run(school.guild)

    return (eraser.repeat, retention.run, withdraw, head.post)
