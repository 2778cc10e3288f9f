"""One dynamic item per action: what the library recognises on any message, however old, also after a restart.

An item holds ids only; the router finds the handler, asks for rights and answers.
"""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar, Protocol, Self, cast

import discord

MARK = "klaswacht"  # set on an interaction once an item has it, so that it is handled once


class Action(StrEnum):
    """Everything that a button or select can do."""

    SHOW = "show"
    TAKE = "take"
    DISMISS = "dismiss"
    OPEN_CASE = "open_case"
    JOIN_CASE = "join_case"
    JOIN_PICK = "join_pick"
    REMOVE = "remove"
    TIMEOUT = "timeout"
    PASS_ON = "pass_on"  # noqa: S105 - no password: pass it on
    REOPEN = "reopen"
    ALERT = "alert"
    QUEUE = "queue"
    DM_ON = "dm_on"
    DM_OFF = "dm_off"
    REPORT = "report"
    BY_NAME = "by_name"
    ANONYMOUS = "anonymous"
    REPLY = "reply"
    CLOSE_REPORT = "close_report"
    OPEN_SEAL = "open_seal"
    REPORT_FILE = "report_file"
    MY_MESSAGES = "my_messages"
    CASE = "case"
    CASE_PICK = "case_pick"
    DONE = "done"
    SKIP = "skip"
    BACK = "back"
    CHECK = "check"
    PUPILS = "pupils"
    EVIDENCE = "evidence"
    ADD_EVIDENCE = "add_evidence"
    LETTER = "letter"
    DOSSIER = "dossier"
    POLICE_FILE = "police_file"
    FOLLOWUP = "followup"
    GO_ON = "go_on"
    HAND_OVER = "hand_over"
    CLOSE_CASE = "close_case"
    REOPEN_CASE = "reopen_case"
    ASK_CONSENT = "ask_consent"
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    SETUP = "setup"
    SCHOOL_PICK = "school_pick"
    LOGBOOK = "logbook"


class Press(Protocol):
    """What handles an interaction of a component."""

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Do what the custom_id names, and answer."""
        ...


class Served(Protocol):
    """A client that has a router."""

    router: Press


class Item(discord.ui.DynamicItem[discord.ui.Item[Any]], template=r"kw:never:"):
    """The base of all our items."""

    action: ClassVar[Action]

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: discord.ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        """Return the item of a message that somebody pressed."""
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the interaction to the router."""
        interaction.extras[MARK] = True
        await cast("Served", interaction.client).router.press(interaction)


def _item_class(action: Action) -> type[Item]:
    pattern = rf"kw:{action.value}:(?P<subject>\d{{1,19}})(?P<more>(?::[\w.@-]{{1,40}})*)"
    name = "".join(part.title() for part in action.value.split("_")) + "Item"

    def body(namespace: dict[str, Any]) -> None:
        namespace["action"] = action
        namespace["__module__"] = __name__
        namespace["__doc__"] = f"The item of the action ``{action.value}``."

    return cast("type[Item]", types.new_class(name, (Item,), {"template": re.compile(pattern, re.ASCII)}, body))


ITEMS: Mapping[Action, type[Item]] = {action: _item_class(action) for action in Action}
