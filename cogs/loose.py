"""What a compatible server may leave out of an event, filled in before the library reads it.

The library takes fields for granted that Discord's own documentation calls optional, and some that it does not; an
event without them must be read as far as it goes.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from bot.texts import DEFAULT_LANGUAGE

Payload = MutableMapping[str, Any]

_APPLICATION: dict[str, Any] = {
    "name": "",
    "description": "",
    "icon": None,
    "bot_public": False,
    "bot_require_code_grant": False,
    "verify_key": "",
    "flags": 0,
}
_USER: dict[str, Any] = {"username": "", "discriminator": "0", "avatar": None, "global_name": None}
_MEMBER: dict[str, Any] = {"roles": [], "joined_at": None, "flags": 0, "deaf": False, "mute": False}
_MESSAGE: dict[str, Any] = {
    "content": "",
    "embeds": [],
    "attachments": [],
    "mentions": [],
    "mention_roles": [],
    "components": [],
    "edited_timestamp": None,
    "mention_everyone": False,
    "pinned": False,
    "tts": False,
    "type": 0,
}
_INTERACTION: dict[str, Any] = {
    "version": 1,
    "attachment_size_limit": 10 * 1024 * 1024,
    "entitlements": [],
    "authorizing_integration_owners": {},
}
_GUILD: dict[str, Any] = {"name": "", "roles": [], "emojis": [], "stickers": [], "features": [], "owner_id": None}
_GUILD_LISTS = ("channels", "threads", "members", "voice_states", "presences", "stage_instances")


def fill_in(name: str, data: Any) -> None:
    """Fill in, in place, what an event of this name may lack."""
    if not isinstance(data, dict):
        return
    if name == "INTERACTION_CREATE":
        _interaction(data)
    elif name in {"GUILD_CREATE", "GUILD_UPDATE"}:
        _defaults(data, _GUILD)
        for part in _GUILD_LISTS if name == "GUILD_CREATE" else ():
            data.setdefault(part, [])
        for member in data.get("members", []):
            _member(member)
    elif name == "READY":
        data.setdefault("guilds", [])
        _defaults(data.setdefault("application", {}), {"id": data.get("user", {}).get("id"), "flags": 0})
        _defaults(data.get("user", {}), _USER)
    elif name.startswith("GUILD_MEMBER_"):
        _member(data)


def member(data: Payload) -> Payload:
    """Return a member's payload with what it may lack."""
    _member(data)
    return data


def application(data: Payload) -> Payload:
    """Return an application's payload with what it may lack."""
    _defaults(data, _APPLICATION)
    _defaults(data.setdefault("owner", {"id": data["id"]}), _USER)
    return data


def _interaction(data: Payload) -> None:
    _defaults(data, _INTERACTION)
    data.setdefault("application_id", "0")
    data.setdefault("locale", data.get("guild_locale") or DEFAULT_LANGUAGE)
    if isinstance(data.get("message"), dict):
        _message(data["message"], data.get("channel_id") or data.get("channel", {}).get("id"))
    _member(data.get("member") or {})
    _defaults(data.get("user") or {}, _USER)
    resolved = (data.get("data") or {}).get("resolved") or {}
    for message in (resolved.get("messages") or {}).values():
        _message(message, data.get("channel_id"))
    for user in (resolved.get("users") or {}).values():
        _defaults(user, _USER)
    for one in (resolved.get("members") or {}).values():
        _defaults(one, _MEMBER)


def _message(data: Payload, channel: str | None) -> None:
    _defaults(data, _MESSAGE)
    data.setdefault("channel_id", channel or "0")
    _defaults(data.setdefault("author", {"id": "0"}), _USER)


def _member(data: Payload) -> None:
    if not data:
        return
    _defaults(data, _MEMBER)
    if isinstance(data.get("user"), dict):
        _defaults(data["user"], _USER)


def _defaults(data: Payload, defaults: dict[str, Any]) -> None:
    for name, value in defaults.items():
        data.setdefault(name, value.copy() if isinstance(value, list | dict) else value)
