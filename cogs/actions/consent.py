"""The register of consent, for the coordinator: record, withdraw, look, take over from the school's own file."""

from __future__ import annotations

from collections.abc import Mapping

from bot.consent.csvfile import read_day
from bot.consent.facts import ConsentKind, ConsentPlace, GivenBy, Grant
from bot.errors import InputError, NotFoundError
from bot.people import Verb, require
from cogs.ask import Handler, Outcome, Visit
from cogs.cards.consent import imported_page, register_page, withdrawn_page
from cogs.items import Action
from cogs.pages import Page
from cogs.plain import person
from cogs.translate import attachment_from
from cogs.widgets import number_in

FILE_LIMIT = 2 * 1024 * 1024  # bytes; 5,000 lines are far less


async def grant(visit: Visit) -> Outcome:
    """Record a consent."""
    try:
        until = read_day(visit.option("until"))
    except ValueError as error:
        raise InputError("consent.problem.until") from error
    told = Grant(
        pupil=visit.option("pupil"),
        kind=ConsentKind(visit.option("kind")),
        place=ConsentPlace(visit.option("place") or ConsentPlace.CLASS),
        given_by=GivenBy(visit.option("given_by")),
        name=visit.option("name"),
        until=until,
        proof=visit.option("proof"),
    )
    number = await visit.core.consents.grant(visit.actor, told)
    line = next(one for one in await visit.core.consents.list(visit.actor, told.pupil) if one.id == number)
    return register_page(visit.kit, [line], visit.say("command.consent.granted"))


async def look(visit: Visit) -> Outcome:
    """Show what is on record, of a pupil or of all."""
    lines = await visit.core.consents.list(visit.actor, visit.option("pupil") or None)
    return register_page(visit.kit, lines)


async def ask_withdraw(visit: Visit) -> Outcome:
    """Show a pupil's consents that hold, to choose the one that ends."""
    pupil = visit.option("pupil")
    lines = [line for line in await visit.core.consents.list(visit.actor, pupil) if line.withdrawn_at is None]
    if not lines:
        return Page(text=visit.say("command.consent.none", who=person(pupil)))
    return register_page(visit.kit, lines, visit.say("command.consent.choose"), withdraw=True)


async def withdraw(visit: Visit) -> Outcome:
    """End a consent at once, and list what was posted under it."""
    chosen = number_in(visit.ask.values[0] if visit.ask.values else "")
    if chosen is None:
        raise NotFoundError("error.discord.button")
    posted = await visit.core.consents.withdraw(visit.actor, chosen)
    return withdrawn_page(visit.kit, visit.actor.school.guild, posted)


async def take_over(visit: Visit) -> Outcome:
    """Take over the school's own register from a CSV file: all lines, or none."""
    require(visit.actor, Verb.CONSENT)
    known = (visit.ask.data.get("resolved") or {}).get("attachments") or {}
    found = known.get(visit.option("file"))
    file = attachment_from(found) if isinstance(found, Mapping) else None
    content = await visit.wire.download(file.url, FILE_LIMIT) if file and file.size <= FILE_LIMIT else None
    if content is None:
        raise InputError("error.consent.file")
    return imported_page(visit.kit, await visit.core.consents.import_csv(visit.actor, content))


PRESSES: Mapping[str, Handler] = {Action.WITHDRAW: Handler(withdraw)}
