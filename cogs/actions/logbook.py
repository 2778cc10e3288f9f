"""The log of who saw, changed, exported or opened what, for the coordinator."""

from __future__ import annotations

from collections.abc import Mapping

from cogs.ask import Handler, Outcome, Visit
from cogs.cards.logbook import logbook_page
from cogs.items import Action


async def logbook(visit: Visit) -> Outcome:
    """Show the log from the newest row on, or from the row that a button names."""
    return logbook_page(visit.kit, await visit.core.logbook.page(visit.actor, visit.subject or None))


PRESSES: Mapping[str, Handler] = {Action.LOGBOOK: Handler(logbook, in_place=True)}
