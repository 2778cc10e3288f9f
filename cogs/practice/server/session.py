"""One session of the bot on the gateway: its intents, its numbered events, and the socket of the moment."""

import asyncio
import contextlib
import json
import secrets

from aiohttp import web

from cogs.practice.jsontypes import Json

GUILDS, MEMBERS, MODERATION, WEBHOOKS = 1 << 0, 1 << 1, 1 << 2, 1 << 5
GUILD_MESSAGES, REACTIONS, DMS, DM_REACTIONS, CONTENT = 1 << 9, 1 << 10, 1 << 12, 1 << 13, 1 << 15
NEEDS = {
    "GUILD_CREATE": GUILDS, "GUILD_UPDATE": GUILDS,
    "GUILD_ROLE_CREATE": GUILDS, "GUILD_ROLE_UPDATE": GUILDS, "GUILD_ROLE_DELETE": GUILDS,
    "CHANNEL_CREATE": GUILDS, "CHANNEL_UPDATE": GUILDS, "CHANNEL_DELETE": GUILDS,
    "CHANNEL_PINS_UPDATE": GUILDS | DMS,
    "THREAD_CREATE": GUILDS, "THREAD_UPDATE": GUILDS, "THREAD_DELETE": GUILDS,
    "THREAD_MEMBERS_UPDATE": GUILDS | MEMBERS,
    "GUILD_MEMBER_ADD": MEMBERS, "GUILD_MEMBER_UPDATE": MEMBERS, "GUILD_MEMBER_REMOVE": MEMBERS,
    "GUILD_BAN_ADD": MODERATION, "GUILD_BAN_REMOVE": MODERATION,
    "WEBHOOKS_UPDATE": WEBHOOKS,
}  # fmt: skip
HIDDEN_WITHOUT_CONTENT: Json = {"content": "", "embeds": [], "attachments": [], "components": []}


class Session:
    """A session outlives its socket: events keep their numbers and can be replayed."""

    def __init__(self, bot_id: int, intents: int) -> None:
        self.id = secrets.token_hex(16)
        self.intents = intents
        self.sequence = 0
        self.socket: web.WebSocketResponse | None = None
        self._bot_id = str(bot_id)
        self._transport: asyncio.Transport | None = None
        self._kept: list[tuple[int, str]] = []
        self._queue: asyncio.Queue[str] = asyncio.Queue()
        self._writer: asyncio.Task[None] | None = None

    def attach(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        """Send over this socket from now on."""
        self.detach()
        self.socket = socket
        self._transport = transport
        self._queue = asyncio.Queue()
        self._writer = asyncio.create_task(self._write(socket, self._queue))

    def detach(self) -> None:
        """Have no socket."""
        self.socket = None
        self._transport = None
        if self._writer is not None:
            self._writer.cancel()
            self._writer = None

    def cut(self) -> None:
        """Abort the connection, as a network does: no closing frame."""
        transport = self._transport
        self.detach()
        if transport is not None:
            transport.abort()

    def send(self, name: str, payload: Json, *, private: bool = False) -> None:
        """Give an event its number and send it, when the bot asked for its kind."""
        if not self._wants(name, private=private):
            return
        self.sequence += 1
        if name in {"MESSAGE_CREATE", "MESSAGE_UPDATE"} and not private:
            payload = self._without_content(payload)
        frame = json.dumps({"op": 0, "t": name, "s": self.sequence, "d": payload})
        self._kept.append((self.sequence, frame))
        self._queue.put_nowait(frame)

    def ask_to_reconnect(self) -> None:
        """Send op 7: the bot should come back and resume."""
        self._queue.put_nowait(json.dumps({"op": 7, "d": None, "s": None, "t": None}))

    def replay(self, after: int) -> None:
        """Send again what came after the last event that the bot has."""
        for number, frame in self._kept:
            if number > after:
                self._queue.put_nowait(frame)

    def _wants(self, name: str, *, private: bool) -> bool:
        if name.startswith("MESSAGE_REACTION"):
            needed = DM_REACTIONS if private else REACTIONS
        elif name.startswith("MESSAGE_"):
            needed = DMS if private else GUILD_MESSAGES
        else:
            needed = NEEDS.get(name, 0)
        return not needed or bool(self.intents & needed)

    def _without_content(self, payload: Json) -> Json:
        if self.intents & CONTENT or (payload.get("author") or {}).get("id") == self._bot_id:
            return payload
        if any(user["id"] == self._bot_id for user in payload.get("mentions", [])):
            return payload
        hidden = payload | HIDDEN_WITHOUT_CONTENT
        for key in ("poll", "message_snapshots"):
            hidden.pop(key, None)
        return hidden

    @staticmethod
    async def _write(socket: web.WebSocketResponse, queue: "asyncio.Queue[str]") -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                await socket.send_str(await queue.get())
