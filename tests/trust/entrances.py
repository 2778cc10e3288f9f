"""The whole bot behind its gateway: events go in as Discord sends them, requests come out; nothing between is a fake.

The core is the one of production with a database of its own; only the platform's REST interface is played here.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import discord
from sqlalchemy import Table, select

from bot.clock import Busy
from bot.compose import build
from bot.core import Core, Ports
from bot.schoolbook import SchoolBook
from bot.settings import Settings, data_folder
from bot.storage.backup import file_of
from bot.storage.opening import Storage, open_storage
from bot.texts import Texts
from cogs.client import KlaswachtClient
from tests.builders import TickClock
from tests.fakes import FakeHistory, FakeMessenger
from tests.media.road import FakeGateway

TEXTS = Texts.load(data_folder() / "texts")
BOT = "1100000000000000900"
PRIVATE = "1100000000000000990"
"""A channel of private messages."""
_IDS = itertools.count(1_600_000_000_000_000_000)


@dataclass
class Rest:
    """The platform's REST interface: knows the members, keeps what the bot answers and sends."""

    members: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    sent: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    async def request(self, route: discord.http.Route, **facts: Any) -> Any:
        """Answer a request as the platform does."""
        parts = route.url.removeprefix(route.BASE).strip("/").split("?")[0].split("/")
        if parts[0] == "interactions":
            self._answered(parts[2], {**facts["json"].get("data", {}), "kind": facts["json"]["type"]})
        elif parts[0] == "webhooks":
            self._answered(parts[2], {**_body(facts), "kind": 4})
            return {"id": str(next(_IDS))}
        elif parts[0] == "guilds" and parts[2] == "members":
            return self._member(parts[1], parts[3]) if len(parts) > 3 else self._members(parts[1], facts)
        elif parts[0] == "channels" and parts[-1] == "messages":
            self.sent.append((parts[1], _body(facts)))
            return {"id": str(next(_IDS)), "channel_id": parts[1]}
        elif parts[0] == "channels":
            return {"id": parts[1], "type": 1}
        return None

    def _answered(self, token: str, data: dict[str, Any]) -> None:
        self.answers.setdefault(token, []).append(data)

    def _members(self, guild: str, facts: Mapping[str, Any]) -> list[dict[str, Any]]:
        after = int(facts.get("params", {}).get("after") or 0)
        return [told for user, told in self.members.get(guild, {}).items() if int(user) > after]

    def _member(self, guild: str, user: str) -> dict[str, Any]:
        try:
            return self.members[guild][user]
        except KeyError:
            raise discord.NotFound(_Gone(), "Unknown Member") from None


class _Gone:
    status = 404
    reason = "Not Found"


@dataclass(frozen=True)
class Answer:
    """What somebody is shown for what they did: everything readable, and what can be pressed next."""

    parts: tuple[dict[str, Any], ...]

    @property
    def text(self) -> str:
        """All of it, as one text."""
        return json.dumps(self.parts, ensure_ascii=False)

    @property
    def said(self) -> str:
        """The words beside the cards."""
        return "\n".join(str(part["content"]) for part in self.parts if part.get("content"))

    @property
    def custom_ids(self) -> tuple[str, ...]:
        """The identifiers of all buttons and selects, in order."""
        return tuple(_ids_in(self.parts))


@dataclass
class Entrances:
    """The bot, and the ways in."""

    client: KlaswachtClient
    core: Core
    storage: Storage
    rest: Rest
    messenger: FakeMessenger
    history: FakeHistory
    clock: TickClock
    state: Path

    async def event(self, name: str, data: dict[str, Any]) -> None:
        """Let the gateway tell something, and wait until all of it is handled."""
        before = asyncio.all_tasks()
        self.client._connection.parsers[name](data)
        await asyncio.sleep(0)
        while fresh := asyncio.all_tasks() - before:
            await asyncio.wait(fresh)

    async def ask(self, user: str, guild: str | None, kind: int, data: Mapping[str, Any], **facts: Any) -> Answer:
        """Let somebody press, fill in or type something, at a server or in private."""
        number = str(next(_IDS))
        who = self.rest.members.get(guild or "", {}).get(user) or {"user": {"id": user, "username": user}, "roles": []}
        place = {"guild_id": guild, "member": {**who, "permissions": facts.pop("permissions", "0")}} if guild else {}
        channel = facts.pop("channel", PRIVATE)
        payload = {
            "id": number,
            "token": f"token{number}",
            "application_id": BOT,
            "type": kind,
            "locale": "nl",
            "channel_id": channel,
            "channel": {"id": channel, "type": 0 if guild else 1, "name": "x", "position": 0},
            "data": dict(data),
            **(place or {"user": who["user"]}),
            **facts,
        }
        await self.event("INTERACTION_CREATE", payload)
        return Answer(tuple(self.rest.answers.pop(payload["token"], ())))

    async def press(
        self, user: str, custom_id: str, guild: str | None = None, values: Sequence[str] = (), **facts: Any
    ) -> Answer:
        """Press a button or choose in a select, on a message that may have been forged."""
        message = {"id": str(next(_IDS)), "channel_id": PRIVATE, "author": {"id": BOT, "username": "Klaswacht"}}
        data = {"custom_id": custom_id, "component_type": 3 if values else 2, "values": list(values)}
        return await self.ask(user, guild, 3, data, message=message, **facts)

    async def fill_in(
        self, user: str, custom_id: str, fields: Mapping[str, Any], guild: str | None = None, **facts: Any
    ) -> Answer:
        """Send a form; a text fills in, a tuple chooses."""
        filled = [
            {"type": 4, "custom_id": name, "value": told}
            if isinstance(told, str)
            else {"type": 3, "custom_id": name, "values": list(told)}
            for name, told in fields.items()
        ]
        components = [{"type": 18, "component": one} for one in filled]
        return await self.ask(user, guild, 5, {"custom_id": custom_id, "components": components}, **facts)

    async def command(self, user: str, name: str, guild: str | None = None, **facts: Any) -> Answer:
        """Type a command; ``options`` and ``resolved`` as the platform gives them."""
        data = {"id": str(next(_IDS)), "name": name, "type": facts.pop("type", 1)}
        data |= {key: facts.pop(key) for key in ("options", "resolved", "target_id") if key in facts}
        return await self.ask(user, guild, 2, data, **facts)

    async def message(self, user: str, text: str) -> list[dict[str, Any]]:
        """Write to the bot; returns what it sends back."""
        author, channel = {"id": user, "username": user}, f"77{user[-4:]}"
        self.rest.sent.clear()
        now = self.clock.now().isoformat()
        data = {"id": str(next(_IDS)), "channel_id": channel, "author": author, "content": text, "timestamp": now}
        await self.event("MESSAGE_CREATE", data)
        return [body for place, body in self.rest.sent if place == channel]

    async def rows(self, table: Table) -> list[dict[str, Any]]:
        """Return a table's rows."""
        async with self.storage.database.read() as connection:
            found = await connection.execute(select(table).order_by(*table.primary_key))
            return [dict(row) for row in found.mappings()]


class Ledger:
    """Watches the database file from outside: tells whether anything was written, and puts back what was."""

    def __init__(self, file: Path) -> None:
        self._live = sqlite3.connect(file, isolation_level=None)
        self._kept = sqlite3.connect(":memory:")
        self._live.backup(self._kept)
        self._seen = self._version()

    def changed(self) -> bool:
        """Tell whether another connection wrote anything since the last look."""
        before, self._seen = self._seen, self._version()
        return self._seen != before

    def put_back(self) -> None:
        """Let the database be as it was at first."""
        self._kept.backup(self._live)
        self._seen = self._version()

    def close(self) -> None:
        """Let go of the file."""
        self._live.close()
        self._kept.close()

    def _version(self) -> int:
        return int(self._live.execute("PRAGMA data_version").fetchone()[0])


@asynccontextmanager
async def the_bot(
    schools: Mapping[str, str], members: Mapping[str, Mapping[str, Sequence[str]]]
) -> AsyncIterator[Entrances]:
    """Give the bot with these school files (by file name) and members (guild -> user -> roles)."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        (folder / "schools").mkdir()
        (folder / "state").mkdir()
        for name, source in schools.items():
            (folder / "schools" / name).write_text(source, encoding="utf-8")
        facts: dict[str, Any] = {"_env_file": None, "klaswacht_state": folder / "state"}
        settings = Settings(**facts, klaswacht_school_file=folder / "schools")
        clock, messenger, history, book, busy = TickClock(), FakeMessenger(), FakeHistory(), SchoolBook(), Busy()
        storage = await open_storage(settings, folder / "state", clock)
        stack.push_async_callback(storage.database.close)
        client = KlaswachtClient(texts=TEXTS, book=book, busy=busy)
        rest = _platform(client, members)
        ports = Ports(messenger, client.roster, history, FakeGateway(), lambda moment: str(int(moment.timestamp())))
        core = await build(settings, storage, texts=TEXTS, book=book, ports=ports, busy=busy)
        stack.push_async_callback(core.close)
        client.attach(core)
        await client._async_setup_hook()
        stack.push_async_callback(client.tap.close)
        made = Entrances(client, core, storage, rest, messenger, history, clock, folder / "state")
        me = {"id": BOT, "username": "Klaswacht", "discriminator": "0", "avatar": None, "bot": True}
        await made.event("READY", {"user": me, "guilds": [], "session_id": "1", "application": {"id": BOT, "flags": 0}})
        for guild in members:
            await made.event("GUILD_CREATE", _guild(core, guild))
        yield made


def the_ledger(bot: Entrances) -> Ledger:
    """Return what watches the bot's database."""
    return Ledger(file_of(bot.storage.database))


def _platform(client: KlaswachtClient, members: Mapping[str, Mapping[str, Sequence[str]]]) -> Rest:
    rest = Rest()
    for guild, people in members.items():
        for user, roles in people.items():
            told = {"user": {"id": user, "username": user}, "roles": list(roles), "joined_at": None, "flags": 0}
            rest.members.setdefault(guild, {})[user] = told
    client.http.request = rest.request  # type: ignore[method-assign]

    async def download(url: str, limit: int) -> bytes | None:
        content = rest.files.get(url)
        return content if content is not None and len(content) <= limit else None

    client.wire.download = download  # type: ignore[method-assign]
    return rest


def _guild(core: Core, guild: str) -> dict[str, Any]:
    school = core.book.current().get(guild)
    channels = sorted(school.channels) if school else []
    everyone = {"id": guild, "name": "@everyone", "permissions": str(1 << 10), "position": 0, "color": 0}
    rest = {"hoist": False, "managed": False, "mentionable": False}
    return {
        "id": guild,
        "name": school.name if school else guild,
        "owner_id": BOT,
        "roles": [everyone | rest],
        "channels": [
            {"id": one, "type": 0, "name": one, "position": 0, "permission_overwrites": []} for one in channels
        ],
        "members": [],
    }


def _body(facts: Mapping[str, Any]) -> dict[str, Any]:
    if facts.get("json") is not None:
        return dict(facts["json"])
    form = next((part for part in facts.get("form") or () if part.get("name") == "payload_json"), None)
    return dict(json.loads(form["value"])) if form else {}


def _ids_in(told: Any) -> list[str]:
    if isinstance(told, Mapping):
        own = [str(told["custom_id"])] if isinstance(told.get("custom_id"), str) else []
        return own + [found for value in told.values() for found in _ids_in(value)]
    if isinstance(told, list | tuple):
        return [found for value in told for found in _ids_in(value)]
    return []
