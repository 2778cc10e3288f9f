"""Somebody who is at several schools says which one a command in a private message is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.errors import NotFoundError
from cogs.ask import Handler, Outcome, Visit
from cogs.commands.tree import command_handlers
from cogs.items import Action
from cogs.widgets import Kit


async def school_pick(visit: Visit) -> Outcome:
    """Go on with the command, at the chosen school."""
    handler = command_handlers().get(visit.more(0))
    school = visit.ask.values[0] if visit.ask.values else ""
    if handler is None:
        raise NotFoundError("error.discord.button")
    actor = await visit.core.people.actor(school, visit.ask.user)
    kit = Kit(visit.kit.texts, visit.kit.language, school)
    return await handler.run(replace(visit, who=actor, kit=kit))


PRESSES: Mapping[str, Handler] = {Action.SCHOOL_PICK: Handler(school_pick, in_place=True, anyone=True)}
