"""Staff in the torture run: they take alerts up, dismiss them, open cases, write notes and answer reports."""

import asyncio
import random
from collections.abc import Awaitable, Callable

from cogs.practice.jsontypes import Json
from cogs.practice.school.facts import COORDINATOR, PUPIL, STAFF_ROLES
from cogs.practice.stage.stage import Stage
from cogs.practice.torture.answers import IMPOSSIBLE, Asker, Say, buttons, cards, subject_of
from cogs.practice.torture.facts import Promise, Promised, Record
from cogs.practice.torture.phrasebook import Phrasebook
from cogs.practice.world.interactions import UPDATE
from cogs.practice.world.records import Message

PAUSE_S = (0.1, 1.0)
GRANT, LEAVER_SHARE = "toestemming vastleggen", 0.3


class Teachers:
    """All staff; several of them act at the same time."""

    def __init__(self, stage: Stage, record: Record, book: Phrasebook, dice: random.Random, say: Say) -> None:
        self._stage = stage
        self._record = record
        self._book = book
        self._dice = dice
        self._say = say
        self._panels: dict[int, Message] = {}
        self._busy: set[int] = set()
        self._count = 0
        self._acts: tuple[tuple[Callable[[Asker], Awaitable[None]], int], ...] = (
            (self._take, 40), (self._dismiss, 12), (self._open_case, 20), (self._done, 40), (self._answer, 12),
            (self._show, 6), (self._record_consent, 14),
        )  # fmt: skip

    async def live(self) -> None:
        """Do one thing after another, until cancelled."""
        acts, weights = zip(*self._acts, strict=True)
        while True:
            await asyncio.sleep(self._dice.uniform(*PAUSE_S))
            person = self._somebody()
            self._busy.add(person)
            try:
                await self._dice.choices(acts, weights)[0](Asker(self._stage, person, self._say))
            except IMPOSSIBLE:
                self._record.unanswered += 1
            finally:
                self._busy.discard(person)

    def _somebody(self) -> int:
        people = self._stage.world.school.people
        return self._dice.choice([one.id for one in people if one.roles & STAFF_ROLES and one.id not in self._busy])

    def _pick(self, asker: Asker, action: str) -> tuple[Message, Json] | None:
        found = [
            (card, button) for card in cards(self._stage, asker.person) for button in list(buttons(card, action))[:1]
        ]
        return self._dice.choice(found) if found else None

    def _words(self) -> str:
        self._count += 1
        return f"{self._dice.choice(self._book.notes)} ({self._count})"

    def _promise(self, what: Promise, key: str) -> None:
        self._record.promised.append(Promised(what, key))

    async def _take(self, asker: Asker) -> None:
        found = self._pick(asker, "take")
        if found and await asker.hears(asker.press(*found), "command.taken"):
            self._promise(Promise.TAKEN, subject_of(found[1]))

    async def _dismiss(self, asker: Asker) -> None:
        if found := self._pick(asker, "dismiss"):
            words = self._words()
            answer = await asker.fill_in(await asker.press(*found), reason=words)
            if await asker.tells(answer, "command.dismissed"):
                self._promise(Promise.DISMISSED, words)

    async def _open_case(self, asker: Asker) -> None:
        if found := self._pick(asker, "open_case"):
            answer = await asker.press(*found)
            if answer and await asker.tells(answer, "command.case.opened") and answer.original:
                self._promise(Promise.CASE, subject_of(found[1]))
                self._panels[asker.person] = answer.original

    async def _done(self, asker: Asker) -> None:
        """Go a step on in the case that this person opened last, with a note where the step wants one."""
        panel = self._panels.get(asker.person)
        button = next(buttons(panel, "done"), None) if panel else None
        if panel is None or button is None:
            return
        words, step = self._words(), ":".join(str(button["custom_id"]).split(":")[2:4])
        pressed = await asker.press(panel, button)
        if pressed and pressed.answer == UPDATE:  # a refusal never replaces the panel
            self._promise(Promise.STEP, step)
            return
        answer = await asker.fill_in(pressed, note=words)
        if answer and answer.answer == UPDATE:
            self._promise(Promise.STEP, step)
            self._promise(Promise.NOTE, words)

    async def _answer(self, asker: Asker) -> None:
        if found := self._pick(asker, "reply"):
            words = self._words()
            answer = await asker.fill_in(await asker.press(*found), note=words)
            if await asker.tells(answer, "reports.staff.answered"):
                self._promise(Promise.ANSWER, words)

    async def _record_consent(self, _: Asker) -> None:
        """Let the coordinator record that a pupil's guardian agreed; now and then of the pupil who will be erased."""
        school = self._stage.world.school
        coordinator = next(one.id for one in school.people if COORDINATOR in one.roles)
        if coordinator in self._busy:
            return
        self._busy.add(coordinator)
        try:
            await self._grant(coordinator)
        finally:
            self._busy.discard(coordinator)

    async def _grant(self, coordinator: int) -> None:
        pupils = [one.id for one in self._stage.world.school.people if PUPIL in one.roles]
        leaver = not self._record.erased and self._dice.random() < LEAVER_SHARE
        pupil, proof = pupils[-1] if leaver else self._dice.choice(pupils[:-1]), self._words()
        asker = Asker(self._stage, coordinator, self._say)
        before = asker.last()
        options = {"pupil": str(pupil), "kind": "photo", "given_by": "guardian", "proof": proof}
        await asker.command(name=GRANT, options=options)
        answer = asker.last()
        if answer is not before and await asker.tells(answer, "command.consent.granted"):
            self._promise(Promise.CONSENT, proof)
            self._record.leaver += [proof] if leaver else []

    async def _show(self, asker: Asker) -> None:
        if found := self._pick(asker, "show"):
            await asker.press(*found)
