"""Turns the options that a scenario gives into what Discord's client sends: checked, and with resolved objects."""

from collections.abc import Awaitable, Callable
from typing import Any

from cogs.practice.errors import ActError
from cogs.practice.jsontypes import Json, JsonList
from cogs.practice.stage.places import channel_named
from cogs.practice.stage.script import Act
from cogs.practice.stage.stage import Stage
from cogs.practice.stage.writing import uploads_from
from cogs.practice.world.files import store
from cogs.practice.world.message_payloads import attachment_payload
from cogs.practice.world.payloads import channel_payload, member_payload, role_payload, user_payload
from cogs.practice.world.permissions import in_guild
from cogs.practice.world.records import Member

STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, NUMBER, ATTACHMENT = 3, 4, 5, 6, 7, 8, 10, 11
Complete = Callable[[JsonList], Awaitable[JsonList]]


class OptionReader:
    """Reads the options of one command; ``resolved`` fills up on the way."""

    def __init__(self, stage: Stage, act: Act, command: Json) -> None:
        self.resolved: Json = {}
        self._stage = stage
        self._act = act
        self._known: JsonList = command.get("options") or []

    async def read(self, given: Json, complete: Complete) -> JsonList:
        """Return the options for the payload, in the order of the command."""
        named = {self._option(name)["name"]: value for name, value in given.items() if value is not None}
        values: JsonList = []
        for option in self._known:
            if option["name"] in named:
                values.append(await self._value(option, named[option["name"]], values, complete))
            elif option.get("required"):
                raise ActError("act.option_needed", name=option["name"])
        return values

    async def suggest(self, name: str, text: str, complete: Complete) -> JsonList:
        """Return what the bot offers for the option that is being typed."""
        option = self._option(name)
        return await complete([{"name": option["name"], "type": option["type"], "value": text, "focused": True}])

    def _option(self, name: str) -> Json:
        for option in self._known:
            names = [option["name"], *(option.get("name_localizations") or {}).values()]
            if name.casefold() in {str(item).casefold() for item in names}:
                return option
        known = ", ".join(str(option["name"]) for option in self._known) or "-"
        raise ActError("act.unknown_option", name=name, known=known)

    async def _value(self, option: Json, value: Any, before: JsonList, complete: Complete) -> Json:
        payload: Json = {"name": option["name"], "type": option["type"]}
        if option.get("autocomplete"):
            picked = await complete([*before, payload | {"value": str(value), "focused": True}])
            option = option | {"choices": picked, "loose": True}
        return payload | {"value": self._checked(option, value)}

    def _checked(self, option: Json, value: Any) -> Any:
        kind = option["type"]
        if kind in {STRING, INTEGER, NUMBER}:
            return self._plain(option, value)
        if kind == BOOLEAN:
            return value if isinstance(value, bool) else str(value).casefold() in {"true", "ja", "yes", "waar"}
        readers = {USER: self.user, CHANNEL: self.channel, ROLE: self.role, ATTACHMENT: self.file}
        return readers.get(kind, self.mentionable)(str(value))

    def _plain(self, option: Json, value: Any) -> Any:
        value = self._choice(option, value)
        if option["type"] == STRING:
            self._check_bounds(option, len(str(value)), "min_length", "max_length")
            return str(value)
        try:
            number = int(value) if option["type"] == INTEGER else float(value)
        except (TypeError, ValueError) as error:
            raise ActError("act.number_needed", name=option["name"], value=value) from error
        self._check_bounds(option, number, "min_value", "max_value")
        return number

    def _choice(self, option: Json, value: Any) -> Any:
        choices: JsonList = option.get("choices") or []
        for choice in choices:
            names = [choice["name"], choice["value"], *(choice.get("name_localizations") or {}).values()]
            if str(value).casefold() in {str(item).casefold() for item in names}:
                return choice["value"]
        if choices and not option.get("loose"):
            known = ", ".join(str(choice["name"]) for choice in choices)
            raise ActError("act.unknown_choice", name=option["name"], value=value, known=known)
        return value

    @staticmethod
    def _check_bounds(option: Json, size: float, low: str, high: str) -> None:
        least, most = option.get(low), option.get(high)
        if (least is not None and size < least) or (most is not None and size > most):
            raise ActError("act.out_of_bounds", name=option["name"], least=least or 0, most=most or "-")

    def member(self, value: object) -> Member:
        """Return a person by id or name."""
        text = str(value).strip().removeprefix("user:").removeprefix("@")
        for member in self._stage.world.members.values():
            if text in {str(member.user.id), member.user.display, member.user.name}:
                return member
        raise ActError("act.unknown_person", value=value)

    def user(self, value: object) -> str:
        """Return a person's id, and resolve the person."""
        member = self.member(value)
        number = str(member.user.id)
        self.resolved.setdefault("users", {})[number] = user_payload(member.user)
        if member.present:
            rights = {"permissions": str(int(in_guild(self._stage.world, member)))}
            self.resolved.setdefault("members", {})[number] = member_payload(member, with_user=False) | rights
        return number

    def channel(self, value: object) -> str:
        """Return a channel's id, and resolve it."""
        channel = channel_named(self._stage, str(value))
        payload = channel_payload(self._stage.world, channel) | {"permissions": "0"}
        self.resolved.setdefault("channels", {})[str(channel.id)] = payload
        return str(channel.id)

    def role(self, value: object) -> str:
        """Return a role's id, and resolve it."""
        text = str(value).strip().removeprefix("role:").removeprefix("@")
        for role in self._stage.world.roles.values():
            if text in {str(role.id), role.name}:
                self.resolved.setdefault("roles", {})[str(role.id)] = role_payload(role)
                return str(role.id)
        raise ActError("act.unknown_role", value=value)

    def mentionable(self, value: str) -> str:
        """Return the id of a person or (``role:..``) of a role, and resolve it."""
        return self.role(value) if value.startswith("role:") else self.user(value)

    def file(self, name: str) -> str:
        """Upload a file that the scenario names, and resolve it."""
        (upload,) = uploads_from([self._act.path(name)])
        attachment = store(self._stage.world, self._stage.world.guild_id, upload, ephemeral=True)
        payload = attachment_payload(self._stage.world, attachment)
        self.resolved.setdefault("attachments", {})[str(attachment.id)] = payload
        return str(attachment.id)
