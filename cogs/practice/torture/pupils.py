"""Pupils in the torture run: they write, change and take back messages, and report."""

import asyncio
import random
from collections.abc import Awaitable, Callable

from cogs.practice.places import DATA
from cogs.practice.school.facts import PUPIL
from cogs.practice.stage import writing
from cogs.practice.stage.stage import Stage
from cogs.practice.torture.answers import IMPOSSIBLE, Asker, Say, buttons, letters, subject_of
from cogs.practice.torture.facts import Post, Promise, Promised, Record
from cogs.practice.torture.phrasebook import Line, Phrasebook
from cogs.practice.world.records import Message

PHOTO = DATA / "media" / "klas.png"
PAUSE_S = (0.05, 0.7)
BAD_SHARE, BAD_EDIT_SHARE = 0.3, 0.5
LATELY = 40  # messages that are still changed or taken back
REPORT, MENU, BY_NAME, ANONYMOUS = "melden", "Meld dit bericht", "by_name", "anonymous"


class Pupils:
    """The pupils of all classes; several of them act at the same time."""

    def __init__(self, stage: Stage, record: Record, book: Phrasebook, dice: random.Random, say: Say) -> None:
        self._stage = stage
        self._record = record
        self._book = book
        self._dice = dice
        self._say = say
        self._busy: set[int] = set()
        self._told: set[str] = set()
        self._count = 0
        self._acts: tuple[tuple[Callable[[int], Awaitable[None]], int], ...] = (
            (self._post, 64), (self._edit, 10), (self._delete, 5),
            (self._report, 8), (self._report_message, 5), (self._write_to_bot, 8),
            (self._post_photo, 2), (self._ask_consent, 6),
        )  # fmt: skip

    async def live(self) -> None:
        """Do one thing after another, until cancelled."""
        acts, weights = zip(*self._acts, strict=True)
        while True:
            await asyncio.sleep(self._dice.uniform(*PAUSE_S))
            person = self._somebody()
            self._busy.add(person)
            try:
                await self._dice.choices(acts, weights)[0](person)
            except IMPOSSIBLE:
                self._record.unanswered += 1
            finally:
                self._busy.discard(person)

    def _somebody(self) -> int:
        people = self._stage.world.school.people
        return self._dice.choice([one.id for one in people if PUPIL in one.roles and one.id not in self._busy])

    def _room(self, person: int) -> tuple[int, int]:
        """Return somebody's class channel, and a classmate."""
        school = self._stage.world.school
        facts = next(one for one in school.people if one.id == person)
        room = next(one for one in school.classes if one.name in facts.classes)
        mates = [one.id for one in school.people if room.name in one.classes and PUPIL in one.roles]
        return room.channels[0], self._dice.choice([mate for mate in mates if mate != person])

    def _line(self, person: int, share: float) -> tuple[int, Line, str]:
        channel, mate = self._room(person)
        line = self._book.line(self._dice, share)
        return channel, line, line.to(mate)

    def _words(self, among: tuple[str, ...]) -> str:
        """Return words that nobody used before, to find them again."""
        self._count += 1
        return f"{self._dice.choice(among)} ({self._count})"

    async def _post(self, person: int) -> None:
        channel, line, text = self._line(person, BAD_SHARE)
        name = f"post {len(self._record.posts)}"
        asker = self._asker(person)
        await writing.post(self._stage, asker.act("post", channel=str(channel), text=text, id=name))
        message = self._stage.messages[name]
        self._record.posts[message.id] = Post(message.id, line.bad)

    async def _post_photo(self, person: int) -> None:
        """Post a picture of more people than anybody can have given consent for."""
        channel, _ = self._room(person)
        name = f"photo {len(self._record.photos)}"
        data = {"channel": str(channel), "text": "", "files": [str(PHOTO)], "id": name}
        await writing.post(self._stage, self._asker(person).act("post", **data))
        self._record.photos.append(Post(self._stage.messages[name].id, bad=False))

    async def _ask_consent(self, person: int) -> None:
        """Say who is in a picture that the bot took away."""
        asker = self._asker(person)
        words = self._words(("Sem en Noor", "iedereen van ons tafeltje"))
        found = ((one, button) for one in letters(self._stage, person) for button in buttons(one, "ask_consent"))
        pick = next((pair for pair in found if subject_of(pair[1]) not in self._told), None)
        if pick is None:
            return
        answer = await asker.fill_in(await asker.press(*pick), who=words)
        if await asker.tells(answer, "media.pupil.asked"):
            self._told.add(subject_of(pick[1]))  # a second answer would take the place of the first
            self._record.promised.append(Promised(Promise.WHO, words))

    async def _edit(self, person: int) -> None:
        post = self._mine(person)
        if post is not None:
            _, line, text = self._line(person, BAD_EDIT_SHARE)
            await writing.rewrite(self._stage, self._asker(person).act("edit", message=str(post.id), text=text))
            post.bad = line.bad

    async def _delete(self, person: int) -> None:
        post = self._mine(person)
        if post is not None:
            await writing.remove(self._stage, self._asker(person).act("delete", message=str(post.id)))
            post.gone = True

    def _mine(self, person: int) -> Post | None:
        channel, _ = self._room(person)
        recent = [post for post in list(self._record.posts.values())[-LATELY:] if not post.gone]
        here = self._stage.world.channels[channel].messages
        return next((post for post in recent if post.id in here and here[post.id].author.id == person), None)

    async def _report(self, person: int) -> None:
        asker = self._asker(person)
        await self._file(asker, await asker.command(name=REPORT))

    async def _report_message(self, person: int) -> None:
        channel, _ = self._room(person)
        messages = [one for one in self._stage.world.channels[channel].messages.values() if not one.author.bot]
        if messages:
            asker = self._asker(person)
            await self._file(asker, await asker.menu(name=MENU, message=str(messages[-1].id)))

    async def _file(self, asker: Asker, page: Message | None) -> None:
        wanted = self._dice.choice((BY_NAME, ANONYMOUS))
        button = next(buttons(page, wanted), None) if page else None
        if page is None or button is None:
            return
        words = self._words(self._book.reports)
        filed = await asker.fill_in(await asker.press(page, button), what=words)
        if await asker.tells(filed, "reports.receipt.thanks"):
            self._record.promised.append(Promised(Promise.REPORT, words))

    async def _write_to_bot(self, person: int) -> None:
        words = self._words(self._book.reports)
        name = f"dm {self._count}"
        await writing.dm(self._stage, self._asker(person).act("dm", text=words, id=name))
        self._record.drafts[self._stage.messages[name].id] = words

    def _asker(self, person: int) -> Asker:
        return Asker(self._stage, person, self._say)
