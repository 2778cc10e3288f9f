"""The group ``/consent``: its commands, their options and choices, in both languages."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands

from bot.consent.facts import ConsentKind, ConsentPlace, GivenBy
from bot.rights import Kind, Thing
from bot.texts import Texts
from cogs.actions import consent
from cogs.ask import Handler

Answer = Callable[[discord.Interaction[Any], Thing, Handler], Awaitable[None]]
THING = "thing"
"""Under which name a command of the library holds what it is in the table of rights."""
GROUP = "consent"
CHOICES: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(ConsentKind),
    "place": tuple(ConsentPlace),
    "given_by": tuple(GivenBy),
}


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a command."""

    name: str
    kind: Any = str
    required: bool = True


@dataclass(frozen=True, slots=True)
class SubSpec:
    """A command of the group."""

    name: str
    handler: Handler
    options: tuple[Option, ...] = ()


SUBCOMMANDS = (
    SubSpec(
        "grant",
        Handler(consent.grant),
        (
            Option("pupil", discord.User),
            Option("kind"),
            Option("given_by"),
            Option("place", required=False),
            Option("name", required=False),
            Option("until", required=False),
            Option("proof", required=False),
        ),
    ),
    SubSpec("withdraw", Handler(consent.ask_withdraw), (Option("pupil", discord.User),)),
    SubSpec("list", Handler(consent.look), (Option("pupil", discord.User, required=False),)),
    SubSpec("import", Handler(consent.take_over), (Option("file", discord.Attachment),)),
)


def consent_group(
    texts: Texts,
    answer: Answer,
    contexts: app_commands.AppCommandContext,
    installs: app_commands.AppInstallationType,
) -> app_commands.Group:
    """Return the group; ``answer`` hands an interaction to what answers it."""
    key = f"command.{GROUP}"
    group = app_commands.Group(
        name=_told(texts, f"{key}.name"),
        description=_told(texts, f"{key}.description"),
        allowed_contexts=contexts,
        allowed_installs=installs,
    )
    for spec in SUBCOMMANDS:
        group.add_command(_command(spec, texts, answer))
    return group


def _command(spec: SubSpec, texts: Texts, answer: Answer) -> app_commands.Command[Any, ..., Any]:
    thing = Thing(Kind.COMMAND, f"{GROUP} {spec.name}")

    async def callback(interaction: discord.Interaction[Any], **_given: object) -> None:
        await answer(interaction, thing, spec.handler)

    callback.__signature__ = _signature(spec)  # type: ignore[attr-defined]  # the library reads the options from it
    names = {option.name: _told(texts, f"option.{option.name}.name") for option in spec.options}
    hints = {option.name: _told(texts, f"option.{option.name}.description") for option in spec.options}
    choices = {option.name: _choices(option.name, texts) for option in spec.options if option.name in CHOICES}
    app_commands.rename(**names)(callback)
    app_commands.describe(**hints)(callback)
    app_commands.choices(**choices)(callback)
    key = f"command.consent_{spec.name}"
    name, description = _told(texts, f"{key}.name"), _told(texts, f"{key}.description")
    return app_commands.Command(name=name, description=description, callback=callback, extras={THING: thing})


def _signature(spec: SubSpec) -> inspect.Signature:
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    first = inspect.Parameter("interaction", kind, annotation=discord.Interaction)
    empty = inspect.Parameter.empty
    options = [
        inspect.Parameter(
            option.name,
            kind,
            annotation=option.kind if option.required else option.kind | None,
            default=empty if option.required else None,
        )
        for option in spec.options
    ]
    return inspect.Signature([first, *options])


def _choices(name: str, texts: Texts) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=_told(texts, f"consent.{name}.{value}"), value=value) for value in CHOICES[name]]


def _told(texts: Texts, key: str) -> app_commands.locale_str:
    return app_commands.locale_str(texts.get(key, "en"), key=key)
