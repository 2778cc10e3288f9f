"""Another process that holds the database: who clicks is told, who writes is judged later, and nothing is lost."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager

import pytest

from bot.errors import StorageError
from bot.storage.tables import alert, finding
from tests.builders import STAFF_CHANNEL, TEACHER, Core, a_core, a_message, a_verdict


@pytest.fixture
async def core(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Core]:
    monkeypatch.setattr("bot.storage.engine.BUSY_TIMEOUT_S", 0.05)
    async with a_core() as made:
        await made.say("stom", a_verdict())
        yield made


@contextmanager
def held(core: Core) -> Iterator[None]:
    """Let another process write and not come to an end."""
    with closing(sqlite3.connect(core.database.engine.url.database or "", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def test_a_click_is_refused_in_words_changes_nothing_and_works_when_it_is_free(core: Core) -> None:
    (row,) = await core.rows(alert)
    actor = await core.actor(TEACHER)
    with held(core):
        with pytest.raises(StorageError) as error:
            await core.review.take(actor, row["id"])
        assert [error.value.key, (await core.rows(alert))[0]["state"]] == ["error.storage.locked", "open"]
    await core.review.take(actor, row["id"])
    assert [one["claimed_by"] for one in await core.rows(alert)] == [TEACHER]


async def test_a_message_waits_until_it_is_free_and_the_staff_hear_of_both(core: Core) -> None:
    with held(core):
        told = asyncio.Event()
        core.messenger.before = lambda _delivery: told.set()
        waiting = asyncio.create_task(core.watch.handle(a_message("stom")))
        await told.wait()
        assert len(await core.rows(finding)) == 1
    await waiting
    await core.outage.follow_up()
    assert len(await core.rows(finding)) == 2
    texts = [sent.values["text"] for sent in core.messenger.to(STAFF_CHANNEL) if sent.kind == "notice"]
    assert texts == ["error.storage.locked", "alerts.notice.storage_back"]
