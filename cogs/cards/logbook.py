"""The audit log as a list that people can read: when, who, what, about which thing."""

from __future__ import annotations

from bot.privacy.logbook import LogLine, LogPage
from cogs.cards.words import CALM, moment
from cogs.items import Action
from cogs.pages import Page, embed
from cogs.plain import inline, person
from cogs.widgets import Kit


def logbook_page(kit: Kit, log: LogPage) -> Page:
    """Return a page of the log, with buttons to older rows and back to the newest."""
    lines = [_line(kit, line) for line in log.lines] or [kit.say("logbook.empty")]
    shown = embed(
        kit.say("logbook.title"), "\n".join(lines), footer=kit.say("logbook.footer", head=log.head), colour=CALM
    )
    older = kit.button(Action.LOGBOOK, log.older or 0, label="label.older", off=log.older is None)
    newest = kit.button(Action.LOGBOOK, 0, "newest", label="label.newest")
    return Page(embeds=(shown,), items=(older, newest))


def _line(kit: Kit, line: LogLine) -> str:
    verb = "check" if line.verb.startswith("check_") else line.verb
    what = kit.either(f"logbook.verb.{verb}", "logbook.verb.other", verb=inline(verb))
    return f"`{line.number}` {moment(line.at)} · {_who(kit, line.actor)} · {what}{_about(kit, line)}"


def _who(kit: Kit, actor: str | None) -> str:
    if actor is None:
        return kit.say("logbook.who.gone")
    return person(actor) if actor.isdecimal() else kit.either(f"logbook.who.{actor}", "logbook.who.gone")


def _about(kit: Kit, line: LogLine) -> str:
    if line.thing == "user":
        return f" · {person(line.about)}" if line.about else f" · {kit.say('logbook.who.gone')}"
    if line.about and kit.texts.has(f"logbook.thing.{line.thing}"):
        return f" · {kit.say(f'logbook.thing.{line.thing}', number=line.about)}"
    return ""
