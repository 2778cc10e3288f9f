"""The desk of cases: every step that people take with a case; what they read and print of it stands beside it.

Every action on a step names the step that the person saw; when the case has moved on, ``WrongStateError`` says where
it is now.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.alerts.outbox import Outbox
from bot.cases.access import Access
from bot.cases.context import fetched
from bot.cases.facts import Answer, CaseView
from bot.cases.fonts import Fonts
from bot.cases.handing import Handing, Leaders
from bot.cases.kept import CaseEvidence
from bot.cases.looking import Looks
from bot.cases.naming import Naming
from bot.cases.opening import Linker, Opening, ReportLinker
from bot.cases.papers import Papers
from bot.cases.paperwork import Paperwork
from bot.cases.protocol import Protocols
from bot.cases.reading import Reading
from bot.cases.store import CaseStore
from bot.cases.telling import Answers
from bot.cases.turn import Log, Turn, required
from bot.cases.walking import Walk
from bot.clock import Clock, Ids
from bot.people import Actor, People, Verb
from bot.ports import History, Roster
from bot.reports.facts import FileTold, KeptFile
from bot.reports.kept import FileStore, Kept
from bot.reports.receiving import Receiving
from bot.reports.sifting import Sent, Sieve
from bot.school import Schools
from bot.storage.audit import Audit
from bot.storage.engine import Database
from bot.storage.vault import Vault
from bot.texts import Texts
from bot.timers import Timers


class Cases:
    """What can be done with cases. ``reading``: what can be read of them; ``papers``: letters and dossiers."""

    def __init__(
        self,
        *,
        database: Database,
        vault: Vault,
        clock: Clock,
        ids: Ids,
        schools: Callable[[], Schools],
        people: People,
        roster: Roster,
        review: Linker,
        reports: ReportLinker,
        outbox: Outbox,
        timers: Timers,
        audit: Audit,
        files: FileStore,
        sieve: Sieve,
        texts: Texts,
        protocols: Callable[[], Protocols],
        papers: Path,
        history: History,
    ) -> None:
        self._database = database
        self._schools = schools
        self._reports = reports
        self._store = CaseStore(vault=vault, clock=clock, ids=ids)
        self._log = Log(store=self._store, audit=audit, protocols=protocols)
        common: dict[str, Any] = {"store": self._store, "log": self._log}
        self._access = Access(**common, database=database, texts=texts)
        self._looks = Looks(store=self._store, outbox=outbox, timers=timers, clock=clock)
        self._walk = Walk(**common, looks=self._looks, texts=texts, clock=clock)
        self._opening = Opening(**common, linker=review, reports=reports)
        self._naming = Naming(**common, roster=roster, clock=clock)
        self._handing = Handing(**common, people=people, outbox=outbox)
        self._answers = Answers(store=self._store, log=self._log, clock=clock)
        self._evidence = CaseEvidence(vault)
        self._history = history
        self._kept = Kept(vault=vault, clock=clock, ids=ids, files=files)
        about: dict[str, Any] = {"database": database, "clock": clock, "timers": timers, "sieve": sieve}
        self._receiving = Receiving(**about, kept=self._kept)
        shown: dict[str, Any] = {"database": database, "access": self._access, "log": self._log}
        shown |= {"naming": self._naming, "evidence": self._evidence}
        self.reading = Reading(
            **shown, store=self._store, opening=self._opening, answers=self._answers, receiving=self._receiving
        )
        made = Papers(texts=texts, clock=clock, fonts=Fonts(), folder=papers)
        self.papers = Paperwork(**shown, reports=reports, papers=made)

    async def open_from(self, actor: Actor, alert: int) -> int:
        """Open a case from an alert; returns its id. The person who opens it leads it.

        Raises
        ------
        WrongStateError: the alert has a case, is closed, or goes another road (a writer in distress, staff).
        TakenError: somebody else has the alert.
        """
        async with self._database.write() as connection:
            return await self._opening.open(connection, actor, alert)

    async def join(self, actor: Actor, alert: int, case: int) -> None:
        """Add an alert to an open case."""
        async with self._database.write() as connection:
            standing = await self._access.standing(connection, actor, case, Verb.JOIN_CASE)
            await self._opening.join(connection, actor, alert, standing.row)

    async def done(self, actor: Actor, case: int, step: str, *, note: str = "", date: str = "") -> CaseView:
        """Go on; the last step closes the case.

        Raises
        ------
        InputError: a note or date is missing or wrong.
        WrongStateError: something that the step needs is not there (says what), or the case stands elsewhere.
        """
        return await self._act(actor, case, lambda turn: self._walk.done(turn, step, note, date))

    async def skip(self, actor: Actor, case: int, step: str, reason: str) -> CaseView:
        """Leave a step out, with a reason."""
        return await self._act(actor, case, lambda turn: self._walk.skip(turn, step, reason))

    async def back(self, actor: Actor, case: int, step: str, reason: str = "") -> CaseView:
        """Go back to the step before."""

        async def act(turn: Turn) -> None:
            await self._walk.back(turn, step, reason)

        return await self._act(actor, case, act)

    async def check(
        self, actor: Actor, case: int, step: str, key: str, *, ticked: bool = True, note: str = "", date: str = ""
    ) -> CaseView:
        """Set or take away a check mark; consent asks who agreed (note) and when (date, default today)."""

        async def act(turn: Turn) -> None:
            await self._naming.check(turn, step, key, (note, date) if ticked else None)

        return await self._act(actor, case, act)

    async def pupils(self, actor: Actor, case: int, *, hurt: tuple[str, ...], did: tuple[str, ...]) -> CaseView:
        """Name the pupils by user id; nobody stands on both sides, and nobody who works at the school on either."""
        await self._access.allowed(actor, case, Verb.CASE_STEP)
        sides = await self._naming.sides(actor.school, hurt, did)

        async def act(turn: Turn) -> None:
            await self._naming.pupils(turn, sides)

        return await self._act(actor, case, act)

    async def agreement(self, actor: Actor, case: int, step: str, *, note: str, date: str) -> CaseView:
        """Record agreements with a date: the same as ``done`` at that step."""
        return await self.done(actor, case, step, note=note, date=date)

    async def add_evidence(
        self, actor: Actor, case: int, *, note: str = "", files: Sequence[KeptFile] = ()
    ) -> CaseView:
        """Add what was found elsewhere: words, files, or both; ``told`` says what became of the files."""
        text = note if files else required(note, "error.case.evidence_empty")
        await self._access.allowed(actor, case, Verb.CASE_STEP)
        sifted = await self._receiving.look(actor.school.guild, files)
        told: list[FileTold] = []

        async def act(turn: Turn) -> None:
            self._log.step(turn)
            about = {"case": case, "kept_by": actor.id}
            if text.strip():
                await self._kept.add(turn.connection, actor.school.guild, text.strip(), kind="added", **about)
            sent = Sent(case=case, by=actor.id)
            told.extend(await self._receiving.keep(turn.connection, actor.school.guild, sifted, sent))
            await self._log.event(turn, "evidence")
            await self._log.note(turn, "evidence")

        return replace(await self._act(actor, case, act), told=tuple(told))

    async def keep_context(self, actor: Actor, case: int) -> CaseView:
        """Copy what stands around the case's messages now into the evidence; what is kept already is not kept twice."""
        standing = await self._access.allowed(actor, case, Verb.CASE_STEP)
        async with self._database.read() as connection:
            lines = await self._evidence.lines(connection, standing)
        around = await fetched(self._history, lines)

        async def act(turn: Turn) -> None:
            self._log.step(turn)
            for message in around:
                await self._kept.context(turn.connection, case, message, actor.id)
            await self._log.event(turn, "evidence", detail="context")
            await self._log.note(turn, "evidence")

        return await self._act(actor, case, act)

    async def followup(self, actor: Actor, followup: int, answer: Answer, note: str = "") -> CaseView:
        """Answer a look: it stopped, or it goes on."""
        async with self._database.read() as connection:
            row = await self._store.followup(connection, actor.school.guild, followup)

        async def act(turn: Turn) -> None:
            await self._answers.answer(turn, followup, answer, note)

        return await self._act(actor, row["case"], act)

    async def go_on(self, actor: Actor, case: int, step: str, to: str) -> CaseView:
        """After "it goes on": to the police step or back to the agreements (``to`` is the step's id)."""

        async def act(turn: Turn) -> None:
            await self._walk.go_on(turn, step, to)

        return await self._act(actor, case, act)

    async def close(self, actor: Actor, case: int, step: str, reason: str = "") -> CaseView:
        """Close; a reason is required unless all looks came and it stopped. Makers of its reports hear it."""

        async def act(turn: Turn) -> None:
            await self._walk.close(turn, step, reason)
            await self._reports.close_with_case(turn.connection, actor, case)

        return await self._act(actor, case, act)

    async def reopen(self, actor: Actor, case: int, reason: str) -> CaseView:
        """Open a closed case again where it was."""

        async def act(turn: Turn) -> None:
            await self._walk.reopen(turn, reason)

        return await self._act(actor, case, act)

    async def leaders(self, actor: Actor, case: int) -> Leaders:
        """Return who else can lead a case: its class's teachers and the coordinators."""
        standing = await self._access.allowed(actor, case, Verb.CASE_STEP)
        return await self._handing.leaders(actor.school, standing)

    async def hand_over(self, actor: Actor, case: int, owner: str, reason: str = "") -> CaseView:
        """Give a case, with the reports whose makers chose nobody in particular, to somebody else who may lead it.

        Raises
        ------
        InputError: this person may not lead it, or leads it already.
        """
        standing = await self._access.allowed(actor, case, Verb.CASE_STEP)
        await self._handing.require_leader(actor.school, standing, owner)

        async def act(turn: Turn) -> None:
            await self._handing.hand_over(turn, owner, reason)
            await self._reports.hand_over(turn.connection, actor.school.guild, case, owner)

        return await self._act(actor, case, act)

    async def on_followup(self, subject: int, school: str) -> None:
        """Timer ``followup``: a date has come; the owner is told."""
        facts = self._schools().get(school)
        if facts is not None:
            async with self._database.write() as connection:
                await self._looks.come(connection, facts, subject)

    async def _act(self, actor: Actor, case: int, act: Callable[[Turn], Awaitable[str | None]]) -> CaseView:
        """Do something with a case in one transaction and return it as it is then; the last step closes it."""
        async with self._database.write() as connection:
            standing = await self._access.standing(connection, actor, case, Verb.CASE_STEP)
            outcome = await act(Turn(connection, actor, standing))
            standing = await self._store.standing(connection, actor.school.guild, case)
            if outcome:
                await self._walk.end(Turn(connection, actor, standing), outcome, "")
                await self._reports.close_with_case(connection, actor, case)
                standing = await self._store.standing(connection, actor.school.guild, case)
        return self._access.view(actor, standing)
