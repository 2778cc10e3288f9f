"""``/setup``: what is set up, what is missing and where to click; forms for the school, its people and its classes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.errors import InputError, NotAllowedError, WrongStateError
from bot.people import Role, Verb, may, require
from cogs.actions.asking import form_for
from cogs.ask import Handler, Outcome, Visit
from cogs.cards.setup import setup_page
from cogs.items import Action
from cogs.pages import Choice, Field
from cogs.rights import lacking, lacking_intents

HOURS_LIMIT = 11
HOLIDAYS_LIMIT = 1000
NAME_LIMIT = 60


async def setup(visit: Visit) -> Outcome:
    """Show what is set up and what is missing."""
    await _allowed(visit)
    return await _page(visit)


async def press(visit: Visit) -> Outcome:
    """Open the form of one part, or take a class away."""
    await _allowed(visit)
    part = visit.more(0)
    if part == "again":
        return await _page(visit)
    if visit.core.setup.by_file(_guild(visit)):
        raise WrongStateError("error.setup.file")
    told = await visit.core.setup.told(_guild(visit))
    if part == "drop":
        await visit.core.setup.remove_class(visit.ask.user, _guild(visit), _dropped(visit, told))
        return await _page(visit)
    fields = {"school": _school_fields, "people": _people_fields, "class": _class_fields}.get(part)
    if fields is None:
        raise InputError("error.discord.button")
    return form_for(visit, f"form.setup.{part}", fields(visit, told))


async def fill_in(visit: Visit) -> Outcome:
    """Keep what was filled in."""
    await _allowed(visit)
    part, guild = visit.more(0), _guild(visit)
    _only_own_channels(visit)
    if part == "class":
        await visit.core.setup.add_class(visit.ask.user, guild, _class(visit))
    elif part == "people":
        await visit.core.setup.change(visit.ask.user, guild, _people(visit))
    else:
        await visit.core.setup.change(visit.ask.user, guild, _school(visit))
    return await _page(visit)


async def _allowed(visit: Visit) -> None:
    """Let ICT and coordinators in; as long as no ICT is named, also whoever may manage the server.

    What a school file says is only shown: every change is refused with the words that the file goes first.
    """
    guild = visit.ask.guild
    if guild is None:
        raise NotAllowedError("error.setup.in_server")
    school = visit.core.book.current().get(guild)
    manages = visit.ask.manages_server and not (school and school.ict)
    roles = frozenset({Role.MANAGER}) if manages else frozenset({Role.OUTSIDER})
    if school is not None:
        require(await visit.core.people.actor(guild, visit.ask.user), Verb.SETUP, extra=roles)
    elif not may(roles, Verb.SETUP):
        raise NotAllowedError("error.rights.setup")


def _only_own_channels(visit: Visit) -> None:
    """Refuse channels that are not on this server, as far as it is known what is on it."""
    server = visit.ground.client.get_guild(int(_guild(visit)))
    if server is None:
        return
    for channel in (*_values(visit, "channels"), *_values(visit, "staff_channel")):
        if not channel.isdecimal() or server.get_channel(int(channel)) is None:
            raise InputError("error.setup.channel_elsewhere", channel=channel)


async def _page(visit: Visit) -> Outcome:
    guild = _guild(visit)
    told = await visit.core.setup.told(guild)
    server = visit.ground.client.get_guild(int(guild))
    channels = [channel for room in told.get("classes", []) for channel in room["channels"]]
    lacks = lacking(server, channels, told.get("staff_channel")) if server and server.me else []
    off = lacking_intents(getattr(visit.ground.client, "application_flags", None))
    return setup_page(visit.kit, told, lacks, off, by_file=visit.core.setup.by_file(guild))


def _guild(visit: Visit) -> str:
    return visit.ask.guild or ""


def _school_fields(visit: Visit, told: Mapping[str, Any]) -> list[Field]:
    say = visit.say
    language = str(told.get("language") or "nl")
    languages = tuple(Choice(say(f"form.language.{one}"), one, chosen=one == language) for one in ("nl", "en"))
    days = ", ".join(told.get("holidays") or ())
    hours = str(told.get("hours") or "08:15-15:30")
    return [
        Field("name", say("form.setup.name"), limit=100, value=str(told.get("name") or "")),
        Field("hours", say("form.setup.hours"), limit=HOURS_LIMIT, value=hours, hint=say("form.setup.hours_hint")),
        Field("holidays", say("form.setup.holidays"), "long", required=False, limit=HOLIDAYS_LIMIT, value=days,
              hint=say("form.setup.holidays_hint")),
        Field("language", say("form.setup.language"), "select", choices=languages),
    ]  # fmt: skip


def _people_fields(visit: Visit, _told: Mapping[str, Any]) -> list[Field]:
    say = visit.say
    hint = say("form.setup.holders_hint")
    return [
        Field("staff_channel", say("form.setup.staff_channel"), "channels", limit=1),
        Field("coordinators", say("form.setup.coordinators"), "holders", limit=5, hint=hint),
        Field("moderators", say("form.setup.moderators"), "holders", required=False, limit=10, hint=hint),
        Field(
            "crisis", say("form.setup.crisis"), "holders", required=False, limit=5, hint=say("form.setup.crisis_hint")
        ),
        Field("ict", say("form.setup.ict"), "holders", required=False, limit=5, hint=hint),
    ]


def _class_fields(visit: Visit, _told: Mapping[str, Any]) -> list[Field]:
    say = visit.say
    ages = tuple(Choice(say(f"form.age.{one}"), one, chosen=one == "primary") for one in ("primary", "secondary"))
    ways = tuple(Choice(say(f"form.dm.{one}"), one, chosen=one == "no") for one in ("no", "yes"))
    return [
        Field("name", say("form.setup.class_name"), limit=NAME_LIMIT),
        Field("age_group", say("form.setup.age"), "select", choices=ages),
        Field("channels", say("form.setup.channels"), "channels", limit=10),
        Field("teachers", say("form.setup.teachers"), "users", limit=5, hint=say("form.setup.teachers_hint")),
        Field("dm", say("form.setup.dm"), "select", choices=ways, hint=say("form.setup.dm_hint")),
    ]


def _school(visit: Visit) -> Mapping[str, Any]:
    days = [day.strip() for day in visit.text("holidays").replace(";", ",").split(",")]
    return {
        "name": visit.text("name"),
        "hours": visit.text("hours").replace(" ", ""),
        "holidays": [day.replace(" ", "") for day in days if day],
        "language": (_values(visit, "language") or ["nl"])[0],
    }


def _people(visit: Visit) -> Mapping[str, Any]:
    told = {name: _holders(visit, name) for name in ("coordinators", "moderators", "crisis", "ict")}
    return {**told, "staff_channel": (_values(visit, "staff_channel") or [""])[0]}


def _class(visit: Visit) -> Mapping[str, Any]:
    return {
        "name": visit.text("name"),
        "age_group": (_values(visit, "age_group") or ["primary"])[0],
        "channels": _values(visit, "channels"),
        "teachers": [f"user:{user}" for user in _values(visit, "teachers")],
        "dm": (_values(visit, "dm") or ["no"])[0] == "yes",
    }


def _values(visit: Visit, name: str) -> list[str]:
    return list(visit.ask.submission.values.get(name, ()))


def _holders(visit: Visit, name: str) -> list[str]:
    roles = (visit.ask.data.get("resolved") or {}).get("roles") or {}
    return [f"{'role' if value in roles else 'user'}:{value}" for value in _values(visit, name)]


def _dropped(visit: Visit, told: Mapping[str, Any]) -> str:
    place = visit.ask.values[0] if visit.ask.values else ""
    rooms = told.get("classes", [])
    if not place.isdecimal() or int(place) >= len(rooms):
        raise InputError("error.discord.choose")
    return str(rooms[int(place)]["name"])


PRESSES: Mapping[str, Handler] = {Action.SETUP: Handler(press, in_place=True)}
FORMS: Mapping[str, Handler] = {Action.SETUP: Handler(fill_in, in_place=True)}
