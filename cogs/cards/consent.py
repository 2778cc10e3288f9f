"""The register of consent as the coordinator sees it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.consent.facts import ConsentLine, Imported, Posted
from cogs.cards.words import CALM, moment, written_day
from cogs.items import Action
from cogs.pages import Choice, Page, embed
from cogs.plain import inline, person
from cogs.translate import MESSAGE_URL
from cogs.widgets import Kit

LINES_SHOWN = 20
POSTED_SHOWN = 15
PROBLEMS_SHOWN = 20


def register_page(kit: Kit, lines: Sequence[ConsentLine], lead: str = "", *, withdraw: bool = False) -> Page:
    """Return consents, the newest first; ``withdraw``: with a select of the one that ends."""
    told = [lead] if lead else []
    told += [_line(kit, line) for line in lines[:LINES_SHOWN]] or [kit.say("command.consent.empty")]
    if len(lines) > LINES_SHOWN:
        told.append(kit.say("command.consent.more", count=len(lines) - LINES_SHOWN))
    made = embed(
        kit.say("command.consent.title"), "\n".join(told), footer=kit.say("command.consent.footer"), colour=CALM
    )
    choices = [Choice(f"{_what(kit, line)} · {_until(kit, line)}", str(line.id)) for line in lines]
    return Page(embeds=(made,), items=(kit.select(Action.WITHDRAW, 0, choices=choices),) if withdraw else ())


def withdrawn_page(kit: Kit, school: str, posted: Sequence[Posted]) -> Page:
    """Return what was posted under a consent that has ended."""
    links = [
        f"• {moment(one.at)} {MESSAGE_URL.format(guild=school, channel=one.channel, message=one.message)}"
        for one in posted[:POSTED_SHOWN]
    ]
    if len(posted) > POSTED_SHOWN:
        links.append(kit.say("command.consent.more", count=len(posted) - POSTED_SHOWN))
    told = [kit.say("command.consent.posted"), *links] if links else [kit.say("command.consent.nothing_posted")]
    return Page(embeds=(embed(kit.say("command.consent.withdrawn"), "\n".join(told), colour=CALM),))


def imported_page(kit: Kit, done: Imported) -> Page:
    """Return what an import did, or which lines can't be used."""
    if not done.problems:
        return Page(text=kit.say("command.consent.imported", added=done.added, known=done.known))
    lines = [
        kit.say("command.consent.problem", line=one.line, reason=kit.say(one.reason))
        for one in done.problems[:PROBLEMS_SHOWN]
    ]
    if len(done.problems) > PROBLEMS_SHOWN:
        lines.append(kit.say("command.consent.more", count=len(done.problems) - PROBLEMS_SHOWN))
    return Page(embeds=(embed(kit.say("command.consent.not_imported"), "\n".join(lines), colour=CALM),))


def _line(kit: Kit, line: ConsentLine) -> str:
    given = kit.say(f"consent.given_by.{line.given_by}")
    by = f"{given}: {inline(line.name, 60)}" if line.name else given
    proof = [kit.say("command.consent.proof", proof=inline(line.proof, 80))] if line.proof else []
    ended = [kit.say("command.consent.ended", when=moment(line.withdrawn_at, "day"))] if line.withdrawn_at else []
    recorded = kit.say("command.consent.recorded", who=person(line.recorded_by), when=moment(line.recorded_at, "day"))
    parts = [person(line.pupil), _what(kit, line), by, _until(kit, line), *proof, recorded, *ended]
    return f"{'✗' if line.withdrawn_at else '✓'} {' · '.join(parts)}"


def _what(kit: Kit, line: ConsentLine) -> str:
    return f"{kit.say(f'consent.kind.{line.kind}')}, {kit.say(f'consent.place.{line.place}')}"


def _until(kit: Kit, line: ConsentLine) -> str:
    return kit.say("command.consent.until", until=written_day(kit, line.until.isoformat()))
