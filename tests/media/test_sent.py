"""Files that people send are looked at before anything of them is kept or shown."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from bot.errors import NotFoundError, WrongStateError
from bot.media.facts import MediaFacts, MediaKind, People
from bot.media.store import HeldFile, HoldState, HoldStore, Told, held_file
from bot.media.tally import unseen
from bot.media.unreadable import Reason
from bot.reports.facts import Fate, FileTold, KeptFile, Receipt
from bot.reports.receiving import TRIES
from bot.reports.words import ReportWords
from bot.screening.verdict import Severity
from bot.storage.files import FileStore
from bot.storage.tables import alert, evidence, finding, media_hold, removed_picture, report
from tests.builders import COORDINATOR, PUPIL, SCHOOL, SUPERVISOR, TARGET, TEACHER, TUESDAY_10
from tests.desks import CONFIG, TEXTS, Desks, the_desks
from tests.media.road import a_look

FILE = KeptFile("van-daan.png", b"GEHEIM-BEELD", "image/png")
DIGEST = hashlib.sha256(FILE.content).hexdigest()
HELD = held_file(replace(a_look().facts, sha256=DIGEST), len(FILE.content), None)


@pytest_asyncio.fixture
async def desks() -> AsyncIterator[Desks]:
    async with the_desks() as made:
        yield made


def seen(**changes: Any) -> MediaFacts:
    return replace(MediaFacts(FILE.name, MediaKind.IMAGE, people=People.YES, sha256=DIGEST, frames=1), **changes)


async def filed(desks: Desks, *files: KeptFile, anonymous: bool = True, **told: str) -> Receipt:
    """A pupil files a report with files in its form."""
    actor = await desks.actor(PUPIL)
    draft = await desks.reports.draft(SCHOOL, PUPIL, origin="command")
    told = {"what": "Iemand stuurde mij dit.", **told}
    receipt = await desks.reports.file(actor, draft, anonymous=anonymous, files=files or (FILE,), **told)
    await desks.core.runner.drain()
    return receipt


def stored(desks: Desks) -> list[str]:
    return [path.name for path in (desks.core.state / "files").rglob("*") if path.is_file()]


async def test_what_may_be_nudity_is_not_kept_and_the_coordinator_alone_hears_of_it(desks: Desks) -> None:
    desks.inspector.sees[FILE.name] = seen(nudity=0.95)
    receipt = await filed(desks)
    assert [one.fate for one in receipt.files] == [Fate.WITHHELD]
    assert (stored(desks), [row["file"] for row in await desks.core.rows(evidence)]) == ([], [None])
    hold = (await desks.core.rows(media_hold))[0]
    assert (hold["private"], hold["state"], hold["author"], hold["files"][0]["sha256"], hold["files"][0]["kept"]) == (
        True,
        HoldState.HELD,
        "anonymous",
        DIGEST,
        None,
    )
    private = next(row for row in await desks.core.rows(alert) if row["id"] == hold["alert"])
    assert (private["receivers"], private["severity"]) == ([f"user:{COORDINATOR}"], Severity.URGENT)
    assert [d.receiver.id for d in desks.core.messenger.sent if d.subject == hold["alert"]] == [COORDINATOR]
    assert PUPIL not in str([private, hold["told_sealed"], hold["message"]])


async def test_the_reader_of_the_report_sees_that_a_file_is_not_here_and_gets_nothing(desks: Desks) -> None:
    desks.inspector.sees[FILE.name] = seen(nudity=0.95)
    receipt = await filed(desks)
    teacher = await desks.actor(TEACHER)
    view = await desks.reports.view(teacher, receipt.report)
    assert (view.files, view.told) == ((), (FileTold(1, Fate.WITHHELD),))
    row = (await desks.core.rows(evidence))[0]["id"]
    with pytest.raises(NotFoundError):
        await desks.reports.report_file(teacher, receipt.report, row)


async def test_a_copy_of_it_in_the_channel_would_be_found(desks: Desks) -> None:
    desks.inspector.sees[FILE.name] = seen(nudity=0.95)
    await filed(desks)
    assert [row["sha256"] for row in await desks.core.rows(removed_picture)] == [DIGEST]


async def test_the_same_file_from_ten_pupils_is_one_alert(desks: Desks) -> None:
    desks.inspector.sees[FILE.name] = seen(nudity=0.95)
    for _ in range(3):
        assert [one.fate for one in (await filed(desks)).files] == [Fate.WITHHELD]
    private = [row for row in await desks.core.rows(alert) if row["kind"] == "media"]
    assert [row["count"] for row in private] == [3]


async def test_a_report_about_the_coordinator_tells_somebody_else(desks: Desks) -> None:
    desks.inspector.sees[FILE.name] = seen(nudity=0.95)
    await filed(desks, who=f"<@{COORDINATOR}>")
    private = next(row for row in await desks.core.rows(alert) if row["kind"] == "media")
    assert (private["receivers"], private["left_out"]) == ([f"user:{SUPERVISOR}"], [COORDINATOR])
    told = {d.receiver.id for d in desks.core.messenger.sent if d.subject == private["id"]}
    assert told == {SUPERVISOR}


async def test_a_private_message_is_looked_at_before_it_is_a_report(desks: Desks) -> None:
    desks.inspector.sees[FILE.name] = seen(nudity=0.95)
    draft = await desks.reports.draft(SCHOOL, PUPIL, origin="dm", what="kijk", files=[FILE])
    await desks.core.runner.drain()
    assert await desks.reports.draft_files(await desks.actor(PUPIL), draft) == (FileTold(1, Fate.WITHHELD),)
    assert await desks.reports.draft_files(await desks.actor(TEACHER), draft) == ()
    assert desks.core.messenger.to(COORDINATOR) != []
    assert stored(desks) == []


@pytest.mark.parametrize("reason", [Reason.ENCRYPTED, Reason.BROKEN, Reason.TWO_KINDS])
async def test_an_unreadable_file_is_kept_and_everybody_hears_why(desks: Desks, reason: Reason) -> None:
    desks.inspector.sees[FILE.name] = unseen(FILE.name, MediaKind.IMAGE, DIGEST, reason)
    receipt = await filed(desks)
    assert receipt.files == (FileTold(1, Fate.UNREAD, reason),)
    teacher = await desks.actor(TEACHER)
    view = await desks.reports.view(teacher, receipt.report)
    assert view.told == receipt.files
    assert await desks.reports.report_file(teacher, receipt.report, view.files[0].evidence) == FILE


async def test_a_file_that_nobody_looked_at_is_given_to_nobody_and_looked_at_again(desks: Desks) -> None:
    desks.inspector.broken = True
    receipt = await filed(desks)
    assert receipt.files == (FileTold(1, Fate.LATER, Reason.BUSY),)
    teacher = await desks.actor(TEACHER)
    file = (await desks.reports.view(teacher, receipt.report)).files[0].evidence
    with pytest.raises(WrongStateError):
        await desks.reports.report_file(teacher, receipt.report, file)
    desks.inspector.broken = False
    await desks.core.advance(minutes=1)
    assert (await desks.reports.view(teacher, receipt.report)).told == (FileTold(1, Fate.KEPT),)
    assert await desks.reports.report_file(teacher, receipt.report, file) == FILE


async def test_what_turns_out_to_be_nudity_later_is_erased_and_told_then(desks: Desks) -> None:
    desks.inspector.broken = True
    receipt = await filed(desks)
    assert len(stored(desks)) == 1
    desks.inspector.broken, desks.inspector.sees[FILE.name] = False, seen(nudity=0.95)
    file = (await desks.core.rows(evidence))[0]["id"]
    with pytest.raises(NotFoundError):
        await desks.reports.report_file(await desks.actor(TEACHER), receipt.report, file)
    await desks.core.runner.drain()
    assert (stored(desks), len(await desks.core.rows(media_hold))) == ([], 1)
    assert desks.core.messenger.to(COORDINATOR) != []


async def test_looking_again_ends_and_the_file_counts_as_unreadable(desks: Desks) -> None:
    desks.inspector.broken = True
    receipt = await filed(desks)
    await desks.core.advance(minutes=TRIES + 1)
    view = await desks.reports.view(await desks.actor(TEACHER), receipt.report)
    assert view.told == (FileTold(1, Fate.UNREAD, Reason.TOO_SLOW),)
    assert await desks.core.runner.settled()


async def test_sealed_by_the_board_it_lies_encrypted_and_nobody_opens_it() -> None:
    keeps = CONFIG.model_copy(update={"nudity": CONFIG.nudity.model_copy(update={"keep": True})})
    async with the_desks(config=keeps) as desks:
        desks.inspector.sees[FILE.name] = seen(nudity=0.95)
        receipt = await filed(desks)
        assert receipt.files == (FileTold(1, Fate.SEALED),)
        kept = (await desks.core.rows(media_hold))[0]["files"][0]["kept"]
        assert stored(desks) == [kept]
        assert (await desks.reports.view(await desks.actor(COORDINATOR), receipt.report)).files == ()


async def a_hold(desks: Desks, file: HeldFile, **changes: Any) -> None:
    """A picture was posted and taken away."""
    store = HoldStore(vault=desks.core.vault, clock=desks.core.clock, ids=desks.core.ids)
    facts = {"class_name": "Groep 7b", "channel": "1", "message": "2", "author": TARGET, "state": HoldState.REFUSED}
    facts |= {"severity": "alert", "reasons": ["people"], "private": False, "said_at": TUESDAY_10, **changes}
    async with desks.core.database.write() as connection:
        hold = await store.add(connection, SCHOOL, Told(), [file], **facts)
        await store.remember_removed(connection, await store.get(connection, SCHOOL, hold))


async def removed(desks: Desks) -> int:
    """The same picture was taken away before, and stands in a case."""
    case = await desks.a_case()
    await a_hold(desks, HELD, finding=(await desks.core.rows(finding))[0]["id"])
    return case


async def test_a_removed_picture_that_comes_with_a_report_stands_with_its_case_without_the_report(desks: Desks) -> None:
    case = await removed(desks)
    receipt = await filed(desks)
    assert receipt.files == (FileTold(1, Fate.KEPT, copy=True, case=case),)
    line = (await desks.cases.reading.evidence(await desks.actor(TEACHER), case))[-1]
    assert (line.kind, line.fingerprint, line.report, line.file, line.kept_by) == ("file", DIGEST, None, "", None)


@pytest.mark.parametrize("told", [{"receiver": "coordinator"}, {"who": f"<@{TEACHER}>"}])
async def test_it_stays_with_the_report_when_the_pupil_chose_who_reads_it(desks: Desks, told: dict[str, str]) -> None:
    case = await removed(desks)
    before = len(await desks.cases.reading.evidence(await desks.actor(TEACHER), case))
    receipt = await filed(desks, **told)
    assert receipt.files[0].copy
    assert len(await desks.cases.reading.evidence(await desks.actor(TEACHER), case)) == before


async def test_a_file_added_to_a_case_goes_the_same_road(desks: Desks) -> None:
    case, actor, _ = await desks.at("S3")
    desks.inspector.sees[FILE.name] = seen(nudity=0.95)
    view = await desks.cases.add_evidence(actor, case, files=[FILE])
    await desks.core.runner.drain()
    assert view.told == (FileTold(1, Fate.WITHHELD),)
    hold = (await desks.core.rows(media_hold))[0]
    assert (hold["author"], hold["private"], stored(desks)) == (TEACHER, True, [])
    line = (await desks.cases.reading.evidence(actor, case))[-1]
    assert (line.kind, line.text, line.file, line.fingerprint) == ("withheld", "", None, DIGEST)
    async with desks.core.database.read() as connection:
        assert await desks.sieve.case_of(connection, SCHOOL, hold["id"]) == case


async def test_a_draft_that_goes_leaves_the_picture_that_was_posted_too(desks: Desks) -> None:
    kept = await FileStore(folder=desks.core.state / "files", vault=desks.core.vault).keep(SCHOOL, FILE.content)
    await a_hold(desks, replace(HELD, kept=kept))
    await desks.reports.draft(SCHOOL, PUPIL, origin="menu", files=[FILE])
    await desks.core.advance(days=2)
    assert (await desks.core.rows(report), stored(desks)) == ([], [kept])


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_fate_is_told_in_words(language: str) -> None:
    words = ReportWords(TEXTS, language, TUESDAY_10)
    told = [FileTold(n, fate, Reason.BROKEN if fate is Fate.UNREAD else None) for n, fate in enumerate(Fate, 1)]
    said = words.files(told, missed=2)
    assert len(said) == len(Fate) - 1 + 3
    assert words.files([FileTold(1, Fate.KEPT)]) == ()
