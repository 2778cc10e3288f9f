"""Short notices: something staff should know, a kind word to a pupil, the pinned message of a class channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.ports import Delivery
from cogs.cards.words import CALM, DONE, moment, written_day
from cogs.items import Action
from cogs.pages import Page, embed
from cogs.plain import inline, person, place
from cogs.widgets import MAIN, Kit

PEOPLE = frozenset({"user", "by", "who", "owner"})
PLACES = frozenset({"channel"})
DAYS = frozenset({"until"})


def notice_page(kit: Kit, values: Mapping[str, str]) -> Page:
    """Return a notice: ``values["text"]`` is the key of its words, the rest fills its placeholders.

    A key with ``_title`` behind it gives the title, where there is one.
    """
    pings = tuple(values.get("ping", "").split())
    key = values.get("text", "")
    if not kit.texts.has(key):
        return Page(embeds=(embed(description=kit.say("card.notice.unknown"), colour=DONE),))
    told = {name: written_day(kit, value) if name in DAYS else shown(name, value) for name, value in values.items()}
    title = kit.say(f"{key}_title", **told) if kit.texts.has(f"{key}_title") else ""
    body = kit.say(key, **told)
    return Page(" ".join(map(person, pings)), (embed(title, body, colour=CALM),), pings=pings)


def shown(name: str, value: str) -> str:
    """Return a notice's value as people read it: a mention, a place, a moment, a plain word."""
    if name in PEOPLE and value.isdigit():
        return person(value)
    if name in PLACES and value.isdigit():
        return place(value)
    if name == "channels":
        return " ".join(place(one) for one in value.split() if one.isdigit())
    try:
        at = datetime.fromisoformat(value) if "T" in value else None
    except ValueError:
        at = None
    return moment(at) if at else inline(value)


def handed_page(kit: Kit, delivery: Delivery) -> Page:
    """Return the notice that a case was handed over, to who leads it now or who did before, with a way to the case."""
    told = notice_page(kit, delivery.values)
    return replace(told, items=(kit.button(Action.CASE, delivery.subject, style=MAIN),))


def bare_page(kit: Kit, alert: int, called: Sequence[str], pings: tuple[str, ...], roles: tuple[str, ...]) -> Page:
    """Return a word in the staff channel that a private alert waits: no names, no details."""
    shown_embed = embed(kit.say("card.bare.title"), kit.say("card.bare.text"), colour=CALM)
    return Page(" ".join(called), (shown_embed,), (kit.button(Action.SHOW, alert),), (), pings, roles)


def said_page(kit: Kit, delivery: Delivery) -> Page:
    """Return the notice to staff that a pupil wrote on; the words stand behind a button."""
    pings = tuple(delivery.values.get("ping", "").split())
    line = kit.say("reports.staff.said", number=delivery.values.get("number", "–"))
    items = (
        kit.button(Action.REPORT, delivery.subject, style=MAIN),
        kit.button(Action.REPLY, delivery.subject),
    )
    return Page(" ".join(map(person, pings)), (embed(description=line, colour=CALM),), items, (), pings)


def audit_page(kit: Kit, values: Mapping[str, str]) -> Page:
    """Return the daily head of the audit log, so that cutting off its end shows."""
    body = kit.say("card.audit.text", head=f"`{values.get('head', '')[:100]}`")
    return Page(embeds=(embed(kit.say("card.audit.title"), body, colour=DONE),))


def welcome_page(kit: Kit) -> Page:
    """Return the pinned message of a class channel: what the bot does, and how to tell something."""
    fields = [
        (kit.say("card.welcome.tell_title"), kit.say("card.welcome.tell")),
        (kit.say("card.welcome.rules_title"), kit.say("card.welcome.rules")),
    ]
    made = embed(
        kit.say("card.welcome.title"), kit.say("card.welcome.lead"), fields, kit.say("card.welcome.footer"), CALM
    )
    return Page(embeds=(made,), items=(kit.button(Action.MY_MESSAGES, 0, style=MAIN),))
