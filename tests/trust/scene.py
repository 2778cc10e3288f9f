"""One school full of people and things: everybody who could try something, and something of every kind to try it on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot.cases.facts import Answer
from bot.consent.facts import ConsentKind, ConsentPlace, GivenBy, Grant
from bot.media.decide import Looked
from bot.media.facts import People
from bot.people import Actor
from bot.ports import Attachment
from bot.reports.facts import KeptFile
from bot.rights import Role
from bot.school import Pupil
from bot.storage.tables import alert, evidence, media_hold, report
from tests.builders import (
    CLASS,
    CLASS_CHANNEL,
    COORDINATOR,
    MODERATOR,
    MODERATOR_ROLE,
    OTHER_CLASS,
    OTHER_CLASS_CHANNEL,
    OTHER_SCHOOL,
    OTHER_TEACHER,
    PUPIL,
    SCHOOL,
    SECOND,
    STAFF_CHANNEL,
    SUPERVISOR,
    TARGET,
    TEACHER,
    THIRD,
    a_message,
    a_person,
)
from tests.desks import filed, ticked, walked
from tests.media.road import a_look
from tests.trust.entrances import Entrances, the_bot

(COUNSELLOR, ICT, CLASS_MODERATOR, OPENER, FORMER) = (f"11000000000000003{n}" for n in (31, 32, 33, 34, 35))
(REPORTER, RISEN, PUPIL_MODERATOR, MODERATOR_HERE, MANAGER, ELSEWHERE) = (
    f"11000000000000006{n}" for n in range(31, 37)
)
STRANGER, OTHER_STAFF = "1100000000000000999", "1100000000000000801"
COORDINATOR_ROLE = "1100000000000000402"
INSULT = "jij bent een vieze kankerhoer"
SCHOOL_FILE = f"""
[school]
name = "De Regenboog"
guild = "{SCHOOL}"
staff_channel = "{STAFF_CHANNEL}"
coordinators = ["user:{COORDINATOR}", "role:{COORDINATOR_ROLE}"]
moderators = ["role:{MODERATOR_ROLE}"]
crisis = ["user:{COUNSELLOR}"]
supervisor = "user:{SUPERVISOR}"
ict = ["user:{ICT}"]

[[class]]
name = "{CLASS}"
channels = ["{CLASS_CHANNEL}"]
teachers = ["user:{TEACHER}", "user:{SECOND}"]

[[class]]
name = "{OTHER_CLASS}"
channels = ["{OTHER_CLASS_CHANNEL}"]
teachers = ["user:{OTHER_TEACHER}"]
moderators = ["user:{CLASS_MODERATOR}", "user:{PUPIL_MODERATOR}"]
"""
OTHER_FILE = f"""
[school]
name = "De Brug"
guild = "{OTHER_SCHOOL}"
staff_channel = "1200000000000000201"
coordinators = ["user:{OTHER_STAFF}", "user:{ELSEWHERE}"]

[[class]]
name = "{CLASS}"
channels = ["1200000000000000501"]
teachers = ["user:{ELSEWHERE}"]
"""
ON_THE_LIST = (PUPIL, TARGET, THIRD, REPORTER, PUPIL_MODERATOR, MODERATOR_HERE)
PLAIN = (
    COORDINATOR,
    SUPERVISOR,
    TEACHER,
    SECOND,
    OTHER_TEACHER,
    COUNSELLOR,
    ICT,
    CLASS_MODERATOR,
    PUPIL,
    TARGET,
    THIRD,
)
MEMBERS: Mapping[str, Mapping[str, Sequence[str]]] = {
    SCHOOL: {
        **dict.fromkeys((*PLAIN, REPORTER, RISEN, PUPIL_MODERATOR, MANAGER, ELSEWHERE), ()),
        **dict.fromkeys((MODERATOR, OPENER, FORMER, MODERATOR_HERE), (MODERATOR_ROLE,)),
    },
    OTHER_SCHOOL: dict.fromkeys((OTHER_STAFF, ELSEWHERE), ()),
}


@dataclass(frozen=True)
class Somebody:
    """A person of the scene. ``here``: their roles towards class 7b; ``anywhere``: what they could be at most."""

    user: str
    here: frozenset[Role]
    anywhere: frozenset[Role] = frozenset()

    @property
    def possible(self) -> frozenset[Role]:
        """Every role that they could have towards something."""
        working = not self.here <= {Role.PUPIL, Role.OUTSIDER}
        own = {Role.REPORTER, Role.FLAGGED, *([Role.OWNER] if working else [])}
        return frozenset() if Role.OUTSIDER in self.here else self.here | self.anywhere | own


def _one(user: str, *here: Role, anywhere: Sequence[Role] = ()) -> Somebody:
    return Somebody(user, frozenset(here), frozenset(anywhere))


EVERYBODY: Mapping[str, Somebody] = {
    "pupil": _one(THIRD, Role.PUPIL),
    "reporter": _one(REPORTER, Role.PUPIL),
    "flagged pupil": _one(PUPIL, Role.PUPIL),
    "pupil whom it happened to": _one(TARGET, Role.PUPIL),
    "class teacher": _one(TEACHER, Role.TEACHER),
    "second teacher": _one(SECOND, Role.SECOND),
    "teacher of another class": _one(OTHER_TEACHER, Role.OTHER_TEACHER, anywhere=[Role.TEACHER]),
    "moderator": _one(MODERATOR, Role.MODERATOR),
    "moderator of another class": _one(CLASS_MODERATOR, Role.OTHER_MODERATOR, anywhere=[Role.MODERATOR]),
    "pupil who moderates another class": _one(PUPIL_MODERATOR, Role.OTHER_MODERATOR, anywhere=[Role.MODERATOR]),
    "pupil with the moderators' role": _one(MODERATOR_HERE, Role.OTHER_MODERATOR, anywhere=[Role.MODERATOR]),
    "moderator who opened the case": _one(OPENER, Role.MODERATOR),
    "former moderator who took it": _one(FORMER, Role.PUPIL),
    "flagged pupil who became coordinator": _one(RISEN, Role.COORDINATOR),
    "coordinator": _one(COORDINATOR, Role.COORDINATOR),
    "counsellor": _one(COUNSELLOR, Role.CRISIS),
    "supervisor": _one(SUPERVISOR, Role.SUPERVISOR),
    "ict": _one(ICT, Role.ICT),
    "manager of the server": _one(MANAGER, Role.PUPIL),
    "coordinator of another school, pupil here": _one(ELSEWHERE, Role.PUPIL),
    "coordinator of another school": _one(OTHER_STAFF, Role.OUTSIDER),
    "outsider": _one(STRANGER, Role.OUTSIDER),
}


@dataclass(frozen=True)
class Things:
    """The ids of what can be tried on; all of class 7b."""

    open: int  # an alert about a message of the flagged pupil
    dismissed: int
    of_risen: int  # about a message of the pupil who became coordinator
    of_former: int  # taken by the moderator who lost the role
    crisis: int
    staff: int  # about a message of the teacher of another class
    photo: int  # the alert of the hold
    private_photo: int  # the same, of what may be nudity
    hold: int
    report: int  # by name, with a file, taken by the moderator's successor: the coordinator
    file: int
    sealed: int  # an anonymous report
    to_coordinator: int  # a report for the coordinator only
    draft: int
    cases: Mapping[str, int]  # by the step where they stand; "closed" and "police" too
    look: int
    consent: int


@dataclass
class Scene:
    """The bot, and what stands in it."""

    bot: Entrances
    things: Things


@asynccontextmanager
async def the_scene() -> AsyncIterator[Scene]:
    """Give a school at work, with roles taken away and given since."""
    async with the_bot({"a.toml": SCHOOL_FILE, "b.toml": OTHER_FILE}, MEMBERS) as bot:
        book = bot.core.book
        listed = tuple(Pupil(user, f"Kind{user[-2:]}", "Bakker", CLASS) for user in ON_THE_LIST)
        book.put(book.current().all[SCHOOL].model_copy(update={"pupils": listed}))
        things = await _Builder(bot).all()
        await change_roles(bot, FORMER, ())
        await change_roles(bot, RISEN, (COORDINATOR_ROLE,))
        yield Scene(bot, things)


async def change_roles(bot: Entrances, user: str, roles: Sequence[str], school: str = SCHOOL) -> None:
    """Give somebody these roles and no others, as the platform tells it."""
    member = bot.rest.members[school][user]
    member["roles"] = list(roles)
    await bot.event("GUILD_MEMBER_UPDATE", {**member, "guild_id": school})


class _Builder:
    """Lets the school's people make everything through the core."""

    def __init__(self, bot: Entrances) -> None:
        self._bot = bot
        self._core = bot.core

    async def all(self) -> Things:
        cases = await self._cases()
        look, cases["S7"] = await self._at_a_look()
        named, file = await self._report(anonymous=False, files=(KeptFile("bewijs.txt", b"x"),))
        sealed, _ = await self._report(anonymous=True)
        private, _ = await self._report(anonymous=False, receiver="coordinator")
        for one in (named, sealed, private):
            told = next(row for row in await self._bot.rows(report) if row["id"] == one)
            await self._core.review.take(await self._who(COORDINATOR), told["alert"])
        photo, hold = await self._photo()
        private_photo, _ = await self._photo(nudity=0.99)
        dismissed, former = await self._alert(INSULT), await self._alert(INSULT)
        await self._core.review.dismiss(await self._who(COORDINATOR), dismissed, "grapje")
        await self._core.review.take(await self._who(FORMER), former)
        return Things(
            open=await self._alert(INSULT),
            dismissed=dismissed,
            of_risen=await self._alert(INSULT, author=a_person(RISEN, "Ria")),
            of_former=former,
            crisis=await self._alert("ik wil niet meer leven"),
            staff=await self._alert(INSULT, author=a_person(OTHER_TEACHER, "Meester")),
            photo=photo,
            private_photo=private_photo,
            hold=hold,
            report=named,
            file=file,
            sealed=sealed,
            to_coordinator=private,
            draft=await self._core.reports.draft(SCHOOL, REPORTER, what="zwamneus", origin="dm"),
            cases=cases,
            look=look,
            consent=await self._consent(),
        )

    async def _who(self, user: str) -> Actor:
        return await self._core.people.actor(SCHOOL, user)

    async def _alert(self, text: str, **changes: object) -> int:
        self._bot.clock.forward(hours=2)  # else it would be one alert that counts
        await self._core.watch.handle(a_message(text, at=self._bot.clock.now(), **changes))
        return int(max(row["id"] for row in await self._bot.rows(alert)))

    async def _case(self, owner: str = OPENER) -> int:
        return await self._core.cases.open_from(await self._who(owner), await self._alert(INSULT))

    async def _cases(self) -> dict[str, int]:
        desk, opener, teacher = self._core.cases, await self._who(OPENER), await self._who(TEACHER)
        cases = {step: await self._walked(step) for step in ("S1", "S2", "S5")}
        cases["closed"] = await self._case()
        await desk.close(opener, cases["closed"], "S1", "opgelost")
        cases["goes on"] = await self._walked("S7")
        look = await self._come(cases["goes on"])
        await desk.followup(teacher, look, Answer.GOES_ON)
        cases["police"] = await self._walked("S7")
        await desk.followup(teacher, await self._come(cases["police"]), Answer.GOES_ON)
        await ticked(desk, teacher, cases["police"], await desk.go_on(teacher, cases["police"], "S7", "S8"))
        return cases

    async def _at_a_look(self) -> tuple[int, int]:
        case = await self._walked("S7")
        return await self._come(case), case

    async def _walked(self, step: str) -> int:
        case = await self._case()
        await walked(self._core.cases, await self._who(TEACHER), case, step)
        return case

    async def _come(self, case: int) -> int:
        view = await self._core.cases.reading.view(await self._who(TEACHER), case)
        first = min(view.followups, key=lambda one: one.due_at)
        self._bot.clock.set(max(self._bot.clock.now(), first.due_at + timedelta(minutes=1)))
        await self._core.runner.drain()
        return first.id

    async def _report(self, **facts: Any) -> tuple[int, int]:
        made = await filed(self._core.reports, await self._who(REPORTER), class_name=CLASS, **facts)
        kept = [row["id"] for row in await self._bot.rows(evidence) if row["report"] == made.report]
        return made.report, kept[0] if kept else 0

    async def _photo(self, nudity: float = 0.0) -> tuple[int, int]:
        message = a_message("kijk", attachments=(Attachment("1", "foto.jpg", 9, "x"),), at=self._bot.clock.now())
        school = self._core.book.current().all[SCHOOL]
        room = school.class_named(CLASS)
        assert room is not None
        taken = await self._core.intake.object_to(
            await self._who(THIRD), message, room, [_look(nudity)], by_staff=False
        )
        await self._core.runner.drain()
        row = next(row for row in await self._bot.rows(media_hold) if row["id"] == taken.hold)
        return row["alert"], row["id"]

    async def _consent(self) -> int:
        until = self._bot.clock.now().date() + timedelta(days=30)
        told = Grant(TARGET, ConsentKind.PHOTO, ConsentPlace.CLASS, GivenBy.GUARDIAN, until=until)
        return await self._core.consents.grant(await self._who(COORDINATOR), told)


def _look(nudity: float) -> Looked:
    made = a_look(f"foto{nudity}.jpg", People.YES)
    return replace(made, facts=replace(made.facts, nudity=nudity))
