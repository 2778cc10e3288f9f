"""Naming things in a case: its pupils, check marks with who agreed, who leads it; and names for its papers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.cases.dates import named_day
from bot.cases.facts import EvidenceLine, Side
from bot.cases.letters import LetterFacts
from bot.cases.store import CaseStore, Standing
from bot.cases.turn import Log, Turn, cleaned, required
from bot.clock import Clock
from bot.errors import InputError, NotAllowedError, WrongStateError
from bot.people import Actor, People, Role, Verb, may
from bot.ports import Roster
from bot.school import School

MOST_PUPILS = 10  # on one side; more is a talk with the class
CONSENTS = ("consent_pupil", "consent_parents")


class Naming:
    """Writes and finds names, inside the caller's transaction."""

    def __init__(self, *, store: CaseStore, log: Log, people: People, roster: Roster, clock: Clock) -> None:
        self._store = store
        self._log = log
        self._people = people
        self._roster = roster
        self._clock = clock

    async def pupils(self, turn: Turn, hurt: Sequence[str], did: Sequence[str]) -> None:
        """Name the pupils. Raises ``InputError``: on both sides, too many, unknown, or somebody of the staff."""
        self._log.step(turn)
        hurt, did = tuple(dict.fromkeys(hurt)), tuple(dict.fromkeys(did))
        if set(hurt) & set(did):
            raise InputError("error.case.both_sides")
        if max(len(hurt), len(did)) > MOST_PUPILS:
            raise InputError("error.case.many_pupils", limit=MOST_PUPILS)
        for user in (*hurt, *did):
            await self._require_pupil(turn.actor.school, user)
        await self._store.name_pupils(turn.connection, turn.actor.school.guild, turn.standing.id, hurt, did)
        await self._log.event(turn, "pupils", detail=f"{len(hurt)} {len(did)}")
        await self._log.note(turn, "case_pupils")

    async def check(self, turn: Turn, step: str, key: str, said: tuple[str, str] | None) -> None:
        """Set a check mark (``said``: who and when, asked for consent), or take it away (None)."""
        here = self._log.step(turn, step)
        mark = here.check_mark(key)
        if mark is None:
            raise WrongStateError("error.case.no_check", number=turn.number)
        if said is None:
            await self._log.event(turn, "uncheck", detail=key)
        else:
            text = required(said[0], "error.case.who") if mark.who else cleaned(said[0])
            await self._log.event(turn, "check", detail=key, text=text, date=self._day(turn, said[1]))
        await self._log.note(turn, f"check_{key}"[:30])

    async def hand_over(self, turn: Turn, owner: str) -> None:
        """Give a case to somebody who may lead cases of the class. Raises ``InputError``: they may not."""
        self._log.step(turn)
        try:
            actor = await self._people.actor(turn.actor.school.guild, owner)
        except NotAllowedError as error:
            raise InputError("error.case.owner") from error
        roles = actor.roles(turn.standing.row["class_name"]) - {Role.OWNER}
        if not may(roles, Verb.CASE_STEP):
            raise InputError("error.case.owner")
        await self._store.move(turn.connection, turn.standing, owner=owner)
        await self._log.event(turn, "owner", detail=owner)
        await self._log.note(turn, "hand_over")

    def require_consent(self, turn: Turn) -> None:
        """Go on only when pupil and parents agreed to go to the police. Raises ``WrongStateError``."""
        if not all(turn.standing.ticked(key) for key in CONSENTS):
            raise WrongStateError("error.case.no_consent", number=turn.number)

    def readers(self, school: School, standing: Standing) -> tuple[str, ...]:
        """Return the pupils of the class list who may have seen what was written, by user id."""
        others = {*standing.did}
        listed = (one for one in school.pupils if one.class_name == standing.row["class_name"])
        return tuple(one.account for one in listed if one.account not in others)

    async def letter_facts(self, turn: Turn, side: Side) -> tuple[LetterFacts, ...]:
        """Return what the letters of a side may say: one for each child, without any other child's name.

        Raises
        ------
        WrongStateError: nobody is named on this side yet.
        """
        standing, school = turn.standing, turn.actor.school
        own = standing.hurt if side is Side.HURT else standing.did
        if not own:
            raise WrongStateError(f"error.case.no_{side.value}", number=turn.number)
        facts = LetterFacts(
            number=turn.number,
            side=side,
            child="",
            school=school.name,
            class_name=standing.row["class_name"] or "",
            teacher=await self._name(school, standing.row["owner"]),
            forms=tuple(standing.row["forms"]),
            done=frozenset(event.step for event in standing.events if event.action == "done"),
            since=turn.day(standing.row["created_at"]).isoformat(),
            agreed=standing.agreement.date if standing.agreement else None,
        )
        children = [await self._first_name(school, user) for user in own]
        several = len(children) > 1
        return tuple(replace(facts, child=child, nth=nth * several) for nth, child in enumerate(children, 1))

    async def names(self, school: School, standing: Standing, lines: Iterable[EvidenceLine]) -> dict[str, str]:
        """Return the names of everybody who stands in a case, by user id."""
        users = {*standing.hurt, *standing.did, standing.row["owner"], *(event.by for event in standing.events)}
        users |= {user for one in lines for user in (one.author, one.kept_by) if user}
        users |= {look.answered_by for look in standing.followups if look.answered_by}
        return {user: await self._name(school, user) for user in sorted(users)}

    def _day(self, turn: Turn, text: str) -> str:
        today = turn.day(self._clock.now())
        found = named_day(text, today, back=True) if text.strip() else today
        if found is None:
            raise InputError("error.case.date_unclear", example=today.strftime("%d-%m-%Y"))
        if found > today:
            raise InputError("error.case.date_future", date=found.strftime("%d-%m-%Y"))
        return found.isoformat()

    async def _require_pupil(self, school: School, user: str) -> None:
        member = await self._roster.member(school.guild, user)
        if member is None and school.pupil(user) is None:
            raise InputError("error.case.unknown_pupil")
        if member is not None and (member.bot or Actor(school, member).staff):
            raise InputError("error.case.no_pupil")

    async def _name(self, school: School, user: str) -> str:
        if listed := school.pupil(user):
            return f"{listed.first_name} {listed.last_name}".strip()
        member = await self._roster.member(school.guild, user)
        return member.name if member else user

    async def _first_name(self, school: School, user: str) -> str:
        listed = school.pupil(user)
        return listed.first_name if listed else await self._name(school, user)
