"""The command tree: base names are English, Dutch ones come from the translator; a refusal is answered in words."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import discord
from discord import app_commands

from bot.rights import Kind, Thing
from bot.texts import Texts
from cogs.actions import alerts, cases, logbook, media, reports, setup, talk
from cogs.ask import Handler, Outcome, Visit
from cogs.cards.rules import privacy_page, rules_page
from cogs.commands.consent import THING, consent_group
from cogs.router import Router

_LOG = logging.getLogger(__name__)
EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False)
ON_SERVER = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
MANAGERS = discord.Permissions(manage_guild=True)
INSTALLED = app_commands.AppInstallationType(guild=True, user=False)


async def rules(visit: Visit) -> Outcome:
    """Show the rules of the school."""
    return rules_page(visit.kit)


async def privacy(visit: Visit) -> Outcome:
    """Show what the bot does and does not do."""
    return privacy_page(visit.kit)


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """A command or a message menu: its base name, what answers it, where it can be used.

    ``rights``: who lacks these does not see it, unless the server's own settings say otherwise; the answer asks anew.
    The staff's commands have none: a school names its staff by account or role, and a teacher who was given no right on
    the server would not see, nor could use, a command that asks for one.
    """

    name: str
    handler: Handler
    private: bool = True
    rights: discord.Permissions | None = None
    kind: Kind = Kind.COMMAND

    @property
    def thing(self) -> Thing:
        """What it is in the table of rights."""
        return Thing(self.kind, self.name)


COMMANDS = (
    CommandSpec("report", Handler(reports.report)),
    CommandSpec("messages", Handler(talk.my_messages)),
    CommandSpec("rules", Handler(rules)),
    CommandSpec("privacy", Handler(privacy)),
    CommandSpec("queue", Handler(alerts.queue)),
    CommandSpec("case", Handler(cases.case_list)),
    CommandSpec("logbook", Handler(logbook.logbook), private=False),
    CommandSpec("setup", Handler(setup.setup), private=False, rights=MANAGERS),
)
MENUS = (
    CommandSpec("report_message", Handler(reports.report_message), private=False, kind=Kind.MENU),
    CommandSpec("object_to", Handler(media.object_to), private=False, kind=Kind.MENU),
)


def command_handlers() -> Mapping[str, Handler]:
    """Return what answers each command, by base name."""
    return {spec.name: spec.handler for spec in COMMANDS}


class Tree(app_commands.CommandTree[Any]):
    """Answers commands; what goes wrong is said in words."""

    def __init__(self, client: discord.Client, texts: Texts) -> None:
        super().__init__(client)
        for spec in COMMANDS:
            self.add_command(_command(spec, texts))
        for spec in MENUS:
            self.add_command(_menu(spec, texts))
        self.add_command(consent_group(texts, _answer, ON_SERVER, INSTALLED))

    async def on_error(self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /) -> None:
        """Answer a command that is not known (any more) or can't be read."""
        _LOG.warning("a command failed", extra={"kind": type(error).__name__})
        await _router(interaction).refuse(interaction, "error.discord.command")


def _router(interaction: discord.Interaction[Any]) -> Router:
    return cast("Router", cast("Any", interaction.client).router)


async def _answer(interaction: discord.Interaction[Any], thing: Thing, handler: Handler) -> None:
    await _router(interaction).command(interaction, thing, handler)


def _command(spec: CommandSpec, texts: Texts) -> app_commands.Command[Any, ..., Any]:
    async def callback(interaction: discord.Interaction[Any]) -> None:
        await _router(interaction).command(interaction, spec.thing, spec.handler)

    made: app_commands.Command[Any, ..., Any] = app_commands.Command(
        name=app_commands.locale_str(texts.get(f"command.{spec.name}.name", "en"), key=f"command.{spec.name}.name"),
        description=app_commands.locale_str(
            texts.get(f"command.{spec.name}.description", "en"), key=f"command.{spec.name}.description"
        ),
        callback=callback,
        allowed_contexts=EVERYWHERE if spec.private else ON_SERVER,
        allowed_installs=INSTALLED,
        extras={THING: spec.thing},
    )
    made.default_permissions = spec.rights
    return made


def _menu(spec: CommandSpec, texts: Texts) -> app_commands.ContextMenu:
    async def callback(interaction: discord.Interaction[Any], message: discord.Message) -> None:  # noqa: ARG001 - the library reads the type
        await _router(interaction).command(interaction, spec.thing, spec.handler)

    callback.__annotations__ = {"interaction": discord.Interaction, "message": discord.Message}
    return app_commands.ContextMenu(
        name=app_commands.locale_str(texts.get(f"command.{spec.name}.name", "en"), key=f"command.{spec.name}.name"),
        callback=callback,
        allowed_contexts=ON_SERVER,
        allowed_installs=INSTALLED,
        extras={THING: spec.thing},
    )
