"""Interactions: what a person starts, the three seconds for an answer, and the six kinds of answer."""

import asyncio
import secrets
import time
from dataclasses import dataclass
from datetime import timedelta

from cogs.practice.errors import ApiError, invalid_form, unknown
from cogs.practice.jsontypes import Json, JsonList
from cogs.practice.world.component_limits import numbered
from cogs.practice.world.files import store
from cogs.practice.world.message_payloads import message_payload, owners
from cogs.practice.world.messages import Change, Draft, Origin, edit, send
from cogs.practice.world.modal_limits import check_modal
from cogs.practice.world.payloads import channel_payload, member_payload, user_payload
from cogs.practice.world.permissions import in_channel
from cogs.practice.world.records import (
    COMMAND_ANSWER,
    EPHEMERAL,
    LOADING,
    MENU_ANSWER,
    Channel,
    Interaction,
    Message,
    Modal,
    Phase,
    User,
)
from cogs.practice.world.sight import show_modal
from cogs.practice.world.state import World

COMMAND, COMPONENT, AUTOCOMPLETE, SUBMIT = 2, 3, 4, 5
ANSWER, DEFER, DEFER_UPDATE, UPDATE, CHOICES, FORM = 4, 5, 6, 7, 8, 9
DEADLINE_SECONDS = 3.0
TOKEN_LIFE = timedelta(minutes=15)
ACKNOWLEDGED = ApiError(400, 40060, "Interaction has already been acknowledged.")


@dataclass(frozen=True, slots=True)
class Started:
    """What a person does: the kind of interaction, its data, and the message it happens on."""

    kind: int
    data: Json
    channel: Channel
    message: Message | None = None
    name: str | None = None


def start(world: World, user: User, started: Started) -> Interaction:
    """Send an interaction to the bot; the deadline runs from here, in real time."""
    interaction = Interaction(
        id=world.ids.next(),
        token=secrets.token_urlsafe(48),
        kind=started.kind,
        user=user,
        channel_id=started.channel.id,
        in_guild=not started.channel.is_dm,
        data=started.data,
        made=world.clock.now(),
        deadline=time.monotonic() + DEADLINE_SECONDS,
        name=started.name,
        message=started.message,
    )
    world.interactions[interaction.token] = interaction
    world.dispatch("INTERACTION_CREATE", _payload(world, interaction, started.channel))
    return interaction


async def outcome(world: World, interaction: Interaction) -> bool:
    """Wait for the answer; False when the three seconds passed without one."""
    try:
        async with asyncio.timeout(max(0.0, interaction.deadline - time.monotonic())):
            await interaction.settled.wait()
    except TimeoutError:
        interaction.phase = Phase.EXPIRED
        world.changed.ring()
        return False
    return True


def _payload(world: World, interaction: Interaction, channel: Channel) -> Json:
    payload: Json = {
        "id": str(interaction.id),
        "application_id": str(world.application_id),
        "type": interaction.kind,
        "token": interaction.token,
        "version": 1,
        "data": interaction.data,
        "channel_id": str(channel.id),
        "channel": channel_payload(world, channel),
        "locale": interaction.user.locale,
        "context": 0 if interaction.in_guild else 1,
        "authorizing_integration_owners": owners(world, interaction),
        "entitlements": [],
        "attachment_size_limit": 10 * 1024 * 1024,
    }
    if interaction.message is not None:
        payload["message"] = message_payload(world, interaction.message)
    return payload | _person(world, interaction, channel)


def _person(world: World, interaction: Interaction, channel: Channel) -> Json:
    bot_rights = str(int(in_channel(world, world.bot_member, channel)))
    if not interaction.in_guild:
        return {"user": user_payload(interaction.user), "app_permissions": bot_rights}
    member = world.members[interaction.user.id]
    rights = str(int(in_channel(world, member, channel)))
    channel_with_rights = channel_payload(world, channel) | {"permissions": rights}
    return {
        "member": member_payload(member) | {"permissions": rights},
        "guild_id": str(world.guild_id),
        "guild": {"id": str(world.guild_id), "locale": "nl", "features": ["COMMUNITY"]},
        "guild_locale": "nl",
        "app_permissions": bot_rights,
        "channel": channel_with_rights,
    }


def awaiting(world: World, interaction_id: int, token: str) -> Interaction:
    """Return the interaction that may still be answered, or raise what Discord raises."""
    interaction = world.interactions.get(token)
    if interaction is None or interaction.id != interaction_id or interaction.phase is Phase.EXPIRED:
        raise unknown("Interaction")
    if interaction.phase is Phase.ANSWERED:
        raise ACKNOWLEDGED
    if time.monotonic() > interaction.deadline:
        raise unknown("Interaction")
    return interaction


def answered(world: World, token: str) -> Interaction:
    """Return the interaction whose answers may be added to or changed: answered, and not 15 minutes old."""
    interaction = world.interactions.get(token)
    if interaction is None or interaction.phase is not Phase.ANSWERED:
        raise unknown("Webhook")
    if world.clock.now() - interaction.made > TOKEN_LIFE:
        raise ApiError(401, 50027, "Invalid Webhook Token")
    return interaction


def answer_with_message(world: World, interaction: Interaction, draft: Draft) -> None:
    """Answer with a message, or (flag LOADING) with "is thinking"."""
    interaction.original = _post(world, interaction, draft)
    _close(world, interaction, DEFER if draft.flags & LOADING else ANSWER)


def answer_with_update(world: World, interaction: Interaction, change: Change | None) -> None:
    """Answer by changing the message with the button; None only says that it was received."""
    if interaction.message is None:
        raise invalid_form("type", "INTERACTION_TYPE_INVALID", "There is no message to update.")
    interaction.original = interaction.message
    if change is not None:
        edit(world, interaction.message, change)
    _close(world, interaction, UPDATE if change is not None else DEFER_UPDATE)


def answer_with_choices(world: World, interaction: Interaction, choices: JsonList) -> None:
    """Answer with what may be picked while typing."""
    interaction.choices = choices
    _close(world, interaction, CHOICES)


def answer_with_form(world: World, interaction: Interaction, data: Json) -> None:
    """Answer by opening a form."""
    if interaction.kind == SUBMIT:
        raise invalid_form("type", "INTERACTION_TYPE_INVALID", "A form cannot answer a form.")
    check_modal(data)
    modal = Modal(interaction, data["custom_id"], data["title"], numbered(data["components"]))
    world.modals[interaction.user.id] = modal
    show_modal(world, interaction.user.id, modal)
    _close(world, interaction, FORM)


def _close(world: World, interaction: Interaction, kind: int) -> None:
    interaction.phase, interaction.answer = Phase.ANSWERED, kind
    interaction.settled.set()
    world.changed.ring()


def follow_up(world: World, interaction: Interaction, draft: Draft) -> Message:
    """Add a message; the first one after a deferred answer takes the place of "is thinking"."""
    waiting = interaction.original
    if interaction.answer == DEFER and waiting is not None and waiting.flags & LOADING:
        ephemeral = waiting.only_for is not None
        files = [store(world, waiting.channel_id, upload, ephemeral=ephemeral) for upload in draft.uploads]
        filled = Change(draft.content, draft.embeds, draft.components, draft.flags, files, draft.allowed_mentions)
        edit(world, waiting, filled)
        return waiting
    message = _post(world, interaction, draft)
    interaction.followups[message.id] = message
    return message


def _post(world: World, interaction: Interaction, draft: Draft) -> Message:
    channel = world.channels[interaction.channel_id]
    only_for = interaction.user.id if draft.flags & EPHEMERAL else None
    is_menu = interaction.kind == COMMAND and interaction.data.get("type", 1) != 1
    kind = (MENU_ANSWER if is_menu else COMMAND_ANSWER) if interaction.kind == COMMAND else 0
    origin = Origin(interaction=interaction, only_for=only_for, kind=kind)
    return send(world, channel, world.bot, draft, origin)
