"""Turns records into the JSON that Discord sends: accounts, roles, members, channels, the server."""

from cogs.practice.jsontypes import Json
from cogs.practice.world.clock import moment_of, stamp
from cogs.practice.world.permissions import P, in_channel
from cogs.practice.world.records import FORUM, THREADS, Channel, Member, Overwrite, Role, User, Webhook
from cogs.practice.world.state import World


def user_payload(user: User) -> Json:
    """Return an account as others see it."""
    return {
        "id": str(user.id),
        "username": user.name,
        "discriminator": "0000" if user.bot else "0",
        "global_name": None if user.bot else user.display,
        "avatar": None,
        "bot": user.bot,
        "system": False,
        "public_flags": 0,
        "flags": 0,
        "banner": None,
        "accent_color": None,
        "avatar_decoration_data": None,
        "clan": None,
        "primary_guild": None,
        "collectibles": None,
    }


def role_payload(role: Role) -> Json:
    """Return a role."""
    payload: Json = {
        "id": str(role.id),
        "name": role.name,
        "color": role.color,
        "colors": {"primary_color": role.color, "secondary_color": None, "tertiary_color": None},
        "hoist": role.hoist,
        "icon": None,
        "unicode_emoji": None,
        "position": role.position,
        "permissions": str(int(role.permissions)),
        "managed": role.managed_by is not None,
        "mentionable": role.mentionable,
        "flags": 0,
    }
    if role.managed_by is not None:
        payload["tags"] = {"bot_id": str(role.managed_by)}
    return payload


def member_payload(member: Member, *, with_user: bool = True) -> Json:
    """Return a member; messages carry it without the account."""
    until = member.timed_out_until
    payload: Json = {
        "nick": member.nick,
        "avatar": None,
        "banner": None,
        "roles": [str(role_id) for role_id in member.roles],
        "joined_at": stamp(member.joined),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": stamp(until) if until else None,
        "avatar_decoration_data": None,
    }
    if with_user:
        payload["user"] = user_payload(member.user)
    return payload


def overwrite_payload(overwrite: Overwrite) -> Json:
    """Return what a role or member may do in a channel."""
    return {
        "id": str(overwrite.id),
        "type": overwrite.kind,
        "allow": str(int(overwrite.allow)),
        "deny": str(int(overwrite.deny)),
    }


def channel_payload(world: World, channel: Channel) -> Json:
    """Return a channel, thread or direct conversation."""
    last = channel.last_message_id
    payload: Json = {"id": str(channel.id), "type": channel.kind, "last_message_id": str(last) if last else None}
    if channel.recipient is not None:
        return {**payload, "flags": 0, "recipients": [user_payload(channel.recipient)]}
    payload |= {
        "guild_id": str(world.guild_id),
        "name": channel.name,
        "parent_id": str(channel.parent_id) if channel.parent_id else None,
        "rate_limit_per_user": channel.slowmode,
        "flags": 0,
    }
    if channel.kind in THREADS:
        return payload | _thread_payload(channel)
    payload |= {
        "position": channel.position,
        "topic": channel.topic,
        "nsfw": channel.nsfw,
        "permission_overwrites": [overwrite_payload(item) for item in channel.overwrites.values()],
        "default_auto_archive_duration": 1440,
    }
    if channel.kind == FORUM:
        payload |= {"available_tags": [], "default_reaction_emoji": None, "default_sort_order": None}
        payload |= {"default_forum_layout": 0, "default_thread_rate_limit_per_user": 0}
    return payload


def _thread_payload(channel: Channel) -> Json:
    meta = channel.thread
    if meta is None:
        return {}
    made = moment_of(channel.id)
    return {
        "owner_id": str(meta.owner_id),
        "message_count": len(channel.messages),
        "member_count": len(meta.members),
        "total_message_sent": meta.total_sent,
        "applied_tags": [str(tag) for tag in meta.tags],
        "thread_metadata": {
            "archived": meta.archived,
            "auto_archive_duration": meta.auto_archive,
            "archive_timestamp": stamp(meta.archived_at or made),
            "locked": meta.locked,
            "invitable": meta.invitable,
            "create_timestamp": stamp(made),
        },
    }


def thread_member_payload(channel: Channel, user_id: int) -> Json:
    """Return the membership of one account in a thread."""
    joined = stamp(moment_of(channel.id))
    return {"id": str(channel.id), "user_id": str(user_id), "join_timestamp": joined, "flags": 0}


def webhook_payload(world: World, webhook: Webhook) -> Json:
    """Return a webhook."""
    return {
        "id": str(webhook.id),
        "type": 1,
        "guild_id": str(world.guild_id),
        "channel_id": str(webhook.channel_id),
        "user": user_payload(webhook.creator),
        "name": webhook.name,
        "avatar": None,
        "token": webhook.token,
        "application_id": str(world.application_id),
    }


def guild_payload(world: World) -> Json:
    """Return the server as ``GET /guilds/{id}`` gives it."""
    return {
        "id": str(world.guild_id),
        "name": world.school.name,
        "icon": None,
        "description": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "features": ["COMMUNITY"],
        "owner_id": str(world.owner_id),
        "region": "rotterdam",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "safety_alerts_channel_id": None,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 1,
        "default_message_notifications": 1,
        "explicit_content_filter": 2,
        "mfa_level": 0,
        "nsfw": False,
        "nsfw_level": 0,
        "max_members": 500000,
        "max_presences": None,
        "max_video_channel_users": 25,
        "max_stage_video_channel_users": 50,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": "nl",
        "application_id": None,
        "roles": [role_payload(role) for role in world.roles.values()],
        "emojis": [],
        "stickers": [],
        "incidents_data": None,
    }


def guild_create_payload(world: World, *, everybody: bool) -> Json:
    """Return the server as GUILD_CREATE gives it; ``everybody`` needs the presence intent on Discord."""
    present = [member for member in world.members.values() if member.present]
    listed = present if everybody else [world.bot_member]
    visible = [
        channel for channel in world.channels.values()
        if not channel.is_dm and in_channel(world, world.bot_member, channel) & P.VIEW_CHANNEL
    ]  # fmt: skip
    return guild_payload(world) | {
        "joined_at": stamp(world.bot_member.joined),
        "large": False,
        "unavailable": False,
        "member_count": len(present),
        "voice_states": [],
        "members": [member_payload(member) for member in listed],
        "channels": [channel_payload(world, item) for item in visible if item.kind not in THREADS],
        "threads": [channel_payload(world, item) for item in visible if is_live_thread(item)],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def is_live_thread(channel: Channel) -> bool:
    """Return whether this is a thread that is not archived."""
    return channel.kind in THREADS and channel.thread is not None and not channel.thread.archived
