"""The page of ``/setup``: what is set up (✓), what is missing (○) and where to click."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.setup import missing
from cogs.cards.words import CALM
from cogs.items import Action, Item
from cogs.pages import Choice, Page, embed
from cogs.plain import inline, place
from cogs.rights import Lack
from cogs.widgets import MAIN, Kit


def setup_page(
    kit: Kit, told: Mapping[str, Any], lacks: Sequence[Lack], intents_off: Sequence[str], *, by_file: bool
) -> Page:
    """Return the page."""
    fields = [
        (kit.say("card.setup.school"), _school(kit, told)),
        (kit.say("card.setup.people"), _people(kit, told)),
        (kit.say("card.setup.classes"), _classes(kit, told)),
        (kit.say("card.setup.rights"), _rights(kit, lacks, intents_off)),
    ]
    lead = kit.say("card.setup.by_file" if by_file else "card.setup.ready" if _ready(told) else "card.setup.lead")
    page = embed(kit.say("card.setup.title"), lead, fields, kit.say("card.setup.footer"), CALM)
    return Page(embeds=(page,), items=_items(kit, told, by_file=by_file))


def _ready(told: Mapping[str, Any]) -> bool:
    return not missing(told) and bool(told.get("classes"))


def _mark(ok: object) -> str:
    return "✓" if ok else "○"


def _school(kit: Kit, told: Mapping[str, Any]) -> str:
    name = inline(str(told.get("name") or "")) or kit.say("card.setup.none")
    return "\n".join(
        [
            f"{_mark(told.get('name'))} {kit.say('form.setup.name')}: {name}",
            f"✓ {kit.say('form.setup.hours')}: {told.get('hours') or '08:15-15:30'}",
            f"✓ {kit.say('form.setup.holidays')}: {', '.join(told.get('holidays') or ()) or '–'}",
        ]
    )


def _people(kit: Kit, told: Mapping[str, Any]) -> str:
    channel = told.get("staff_channel")
    shown = place(channel) if channel else kit.say("card.setup.none")
    lines = [f"{_mark(channel)} {kit.say('form.setup.staff_channel')}: {shown}"]
    for name, empty in (("coordinators", "none"), ("moderators", "none_yet"), ("crisis", ""), ("ict", "none_yet")):
        holders = told.get(name) or (() if empty else told.get("coordinators")) or ()
        said = _holders(holders) or kit.say(f"card.setup.{empty or 'none'}")
        asked = kit.say(f"form.setup.{name}")
        lines.append(f"{_mark(holders)} {asked}{'' if asked.endswith('?') else ':'} {said}")
    return "\n".join(lines)


def _holders(holders: Sequence[str]) -> str:
    marks = {"user": "@", "role": "@&"}
    parts = [holder.partition(":") for holder in holders]
    return " ".join(f"<{marks[kind]}{number}>" for kind, _, number in parts if kind in marks)


def _classes(kit: Kit, told: Mapping[str, Any]) -> str:
    rooms = told.get("classes") or ()
    lines = [
        f"✓ **{inline(room['name'])}**: {' '.join(map(place, room['channels']))} · {_holders(room['teachers'])}"
        for room in rooms
    ]
    return "\n".join(lines) or f"○ {kit.say('card.setup.no_class')}"


def _rights(kit: Kit, lacks: Sequence[Lack], intents_off: Sequence[str]) -> str:
    lines = [f"○ {kit.say(f'intent.{name}')}" for name in intents_off]
    for lack in lacks[:12]:
        where = place(lack.channel) if lack.channel else kit.say("card.setup.server")
        lines.append(f"○ {kit.say(f'right.{lack.right}')} ({where})")
    if lacks:
        lines.append(kit.say("card.setup.rights_how"))
    return "\n".join(lines) or f"✓ {kit.say('card.setup.rights_ok')}"


def _items(kit: Kit, told: Mapping[str, Any], *, by_file: bool) -> tuple[Item, ...]:
    again = kit.button(Action.SETUP, 0, "again", label="label.refresh", row=0)
    if by_file:
        return (again,)
    parts = ("school", "people", "class")
    items = [kit.button(Action.SETUP, 0, part, style=MAIN, label=f"label.setup_{part}", row=0) for part in parts]
    rooms = told.get("classes") or ()
    choices = [Choice(str(room["name"]), str(number)) for number, room in enumerate(rooms)]
    drop = (kit.select(Action.SETUP, 0, "drop", choices=choices, hint="label.setup_drop", row=1),) if choices else ()
    return (*items, again, *drop)
