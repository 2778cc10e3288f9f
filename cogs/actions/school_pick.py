"""Somebody who is at several schools says which one a command in a private message is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.errors import NotFoundError
from bot.people import admit
from bot.rights import Kind, Thing
from cogs.ask import Handler, Outcome, Visit
from cogs.commands.tree import command_handlers
from cogs.items import Action
from cogs.widgets import Kit


async def school_pick(visit: Visit) -> Outcome:
    """Go on with the command, at the chosen school; only asked in private, where no server says which one it is."""
    handler = command_handlers().get(visit.more(0))
    school = visit.ask.values[0] if visit.ask.values else ""
    if handler is None or not visit.ask.private:
        raise NotFoundError("error.discord.button")
    actor = await visit.core.people.actor(school, visit.ask.user)
    admit(actor, Thing(Kind.COMMAND, visit.more(0)))
    kit = Kit(visit.kit.texts, visit.kit.language, school)
    return await handler.run(replace(visit, who=actor, kit=kit))


PRESSES: Mapping[str, Handler] = {Action.SCHOOL_PICK: Handler(school_pick, in_place=True)}
