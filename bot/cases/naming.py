"""Naming things in a case: its pupils, check marks with who agreed; and names for its papers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.cases.dates import named_day
from bot.cases.facts import EvidenceLine, Side
from bot.cases.letters import LetterFacts
from bot.cases.store import CaseStore, Standing
from bot.cases.turn import Log, Turn, cleaned, required
from bot.clock import Clock
from bot.errors import InputError, WrongStateError
from bot.people import Actor
from bot.ports import Roster
from bot.school import School

MOST_PUPILS = 10  # on one side; more is a talk with the class
CONSENTS = ("consent_pupil", "consent_parents")


@dataclass(frozen=True, slots=True)
class Sides:
    """Pupils by user id, on the protocol's two sides."""

    hurt: tuple[str, ...]
    did: tuple[str, ...]


class Naming:
    """Writes names inside the caller's transaction; what the platform must be asked is asked outside of it."""

    def __init__(self, *, store: CaseStore, log: Log, roster: Roster, clock: Clock) -> None:
        self._store = store
        self._log = log
        self._roster = roster
        self._clock = clock

    async def sides(self, school: School, hurt: Sequence[str], did: Sequence[str]) -> Sides:
        """Return the named pupils. Raises ``InputError``: on both sides, too many, unknown, or of the staff."""
        sides = Sides(tuple(dict.fromkeys(hurt)), tuple(dict.fromkeys(did)))
        if set(sides.hurt) & set(sides.did):
            raise InputError("error.case.both_sides")
        if max(len(sides.hurt), len(sides.did)) > MOST_PUPILS:
            raise InputError("error.case.many_pupils", limit=MOST_PUPILS)
        for user in (*sides.hurt, *sides.did):
            await self._require_pupil(school, user)
        return sides

    async def pupils(self, turn: Turn, sides: Sides) -> None:
        """Name the pupils of a case."""
        self._log.step(turn)
        school, case = turn.actor.school.guild, turn.standing.id
        await self._store.name_pupils(turn.connection, school, case, sides.hurt, sides.did)
        await self._log.event(turn, "pupils", detail=f"{len(sides.hurt)} {len(sides.did)}")
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

    def require_consent(self, standing: Standing) -> None:
        """Go on only when pupil and parents agreed to go to the police. Raises ``WrongStateError``."""
        if not all(standing.ticked(key) for key in CONSENTS):
            raise WrongStateError("error.case.no_consent", number=standing.row["number"])

    def readers(self, school: School, standing: Standing) -> tuple[str, ...]:
        """Return the pupils of the class list who may have seen what was written, by user id."""
        others = {*standing.did}
        listed = (one for one in school.pupils if one.class_name == standing.row["class_name"])
        return tuple(one.account for one in listed if one.account not in others)

    async def letter_facts(self, school: School, standing: Standing, side: Side) -> tuple[LetterFacts, ...]:
        """Return what the letters of a side may say: one for each child, without any other child's name.

        Raises
        ------
        WrongStateError: nobody is named on this side yet.
        """
        number, opened = standing.row["number"], standing.row["created_at"].astimezone(school.zone)
        own = standing.hurt if side is Side.HURT else standing.did
        if not own:
            raise WrongStateError(f"error.case.no_{side.value}", number=number)
        facts = LetterFacts(
            number=number,
            side=side,
            child="",
            school=school.name,
            class_name=standing.row["class_name"] or "",
            teacher=await self._name(school, standing.row["owner"], unknown=""),
            forms=tuple(standing.row["forms"]),
            done=frozenset(event.step for event in standing.events if event.action == "done"),
            since=opened.date().isoformat(),
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
        users |= {event.detail for event in standing.events if event.action == "owner"}
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

    async def _name(self, school: School, user: str, unknown: str | None = None) -> str:
        if listed := school.pupil(user):
            return f"{listed.first_name} {listed.last_name}".strip()
        member = await self._roster.member(school.guild, user)
        return (member.name if member else "") or (user if unknown is None else unknown)

    async def _first_name(self, school: School, user: str) -> str:
        listed = school.pupil(user)
        return listed.first_name if listed else await self._name(school, user)
