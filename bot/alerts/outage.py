"""Says in the staff channels that the storage fails, and that it works again: once each, without a row.

Everything else that is said is first a row; this can't be one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from bot.clock import Ids
from bot.errors import KlaswachtError
from bot.ports import Delivery, Messenger, Receiver
from bot.school import Schools

LOG = logging.getLogger(__name__)
BACK = "alerts.notice.storage_back"


class Outage:
    """Knows whether an outage was told."""

    def __init__(self, *, ids: Ids, schools: Callable[[], Schools], messenger: Messenger) -> None:
        self._ids = ids
        self._schools = schools
        self._messenger = messenger
        self._told = False
        self._back = False

    def committed(self) -> None:
        """Note that a transaction was committed, so an outage is over."""
        self._back = self._told

    async def tell(self, error: KlaswachtError) -> None:
        """Tell the staff what is wrong and what to do, unless they know."""
        self._back = False
        if self._told:
            return
        self._told = True
        LOG.error("storage: %s", error.key)
        await self._say({"text": error.key, **error.values})

    async def follow_up(self) -> None:
        """Tell the staff that it works again, when they were told otherwise."""
        if self._back:
            self._told = self._back = False
            await self._say({"text": BACK})

    async def _say(self, values: dict[str, str]) -> None:
        for school in self._schools().all.values():
            about = (self._ids.new(), school.guild, "notice", 0, Receiver("channel", school.staff_channel))
            try:
                await self._messenger.deliver(Delivery(*about, language=school.language, values=values))
            except Exception as error:  # noqa: BLE001 - there is nobody left to tell
                LOG.error("staff channel could not be told: %s", type(error).__name__)  # noqa: TRY400 - no contents
