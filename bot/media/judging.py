"""What is known beside the files of a message: consent, names, copies, permission to post again; and the decision."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.consent.facts import ConsentPlace
from bot.consent.register import ConsentRegister
from bot.media.config import MediaConfig
from bot.media.decide import NOTHING, Decision, Known, consents_needed, decide
from bot.media.names import pupils_named
from bot.media.store import HoldStore
from bot.media.writing import Arrived


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision; ``consents``: those that it rests on; ``case``: of the removed picture that came back."""

    decision: Decision
    consents: tuple[int, ...] = ()
    case: int | None = None


class MediaJudge:
    """Decides about messages with media."""

    def __init__(self, *, store: HoldStore, consents: ConsentRegister, config: MediaConfig) -> None:
        self._store = store
        self._consents = consents
        self._config = config

    async def judge(self, connection: AsyncConnection, arrived: Arrived) -> Judged:
        """Return what happens to a message and what that rests on."""
        facts = [one.facts for one in arrived.looked]
        school, author = arrived.school, arrived.message.author.id
        hashes = [one.sha256 for one in facts]
        named = pupils_named(_beside(arrived), school.pupils)
        consents = await self._covering(connection, arrived, {author, *named})
        if not arrived.objector and await self._store.may_post(connection, school.guild, author, hashes):
            return Judged(NOTHING, consents or ())
        copy = await self._store.copy_of(connection, school.guild, facts, self._config.same_picture.distance)
        known = Known(
            covered=consents is not None,
            named=bool(named),
            copy=copy is not None,
            private=copy is not None and copy.private,
            objected=bool(arrived.objector),
            by_staff=arrived.by_staff,
            links=arrived.links,
        )
        return Judged(decide(facts, known, self._config), consents or (), copy.case if copy else None)

    async def _covering(
        self, connection: AsyncConnection, arrived: Arrived, pupils: set[str]
    ) -> tuple[int, ...] | None:
        """Return the consents that cover everything in the files, or None: somebody's is missing."""
        facts = [one.facts for one in arrived.looked]
        if max((one.faces for one in facts), default=0) > len(pupils):
            return None  # more faces than pupils that are known to be concerned
        found: list[int] = []
        for kind in consents_needed(facts):
            place, moment = ConsentPlace.CLASS, arrived.message.at
            held = await self._consents.on_record(
                connection, arrived.school, pupils, kind=kind, place=place, moment=moment
            )
            if any(consent is None for consent in held.values()):
                return None
            found += [consent for consent in held.values() if consent is not None]
        return tuple(found)


def _beside(arrived: Arrived) -> str:
    described = [file.description or "" for file in arrived.message.attachments]
    return " ".join((arrived.message.text, *(one.name for one in arrived.looked), *described))
