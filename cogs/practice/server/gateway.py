"""The gateway: sessions of the bot, what each may have, and the socket they are sent over."""

import asyncio
import json
from collections.abc import Callable

from aiohttp import WSMsgType, web

from cogs.practice.jsontypes import Json
from cogs.practice.server.session import Session
from cogs.practice.world.payloads import guild_create_payload, member_payload, user_payload
from cogs.practice.world.permissions import P, in_channel
from cogs.practice.world.records import Channel
from cogs.practice.world.state import World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, MEMBERS, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 8, 9, 10, 11
HEARTBEAT_MS, DROP_AGAIN_SECONDS = 41250, 0.05
AUTHENTICATION_FAILED, ALREADY_AUTHENTICATED, NOT_AUTHENTICATED, DECODE_ERROR = 4004, 4005, 4003, 4002
PRESENCES, MEMBERS_PER_CHUNK = 1 << 8, 1000


class GatewayHub:
    """All sessions of the bot; the newest one is the living one."""

    def __init__(self, world: World, token: str, own_url: Callable[[], str]) -> None:
        self._world = world
        self._token = token
        self._own_url = own_url
        self.session: Session | None = None
        self.drops = 0
        self.refuse_resume = 0

    @property
    def connected(self) -> bool:
        """Whether the bot has a living, identified session."""
        return self.session is not None and self.session.socket is not None

    @property
    def sequence(self) -> int:
        """The number of the last event."""
        return self.session.sequence if self.session else 0

    def dispatch(self, name: str, payload: Json, *, channel: Channel | None = None) -> None:
        """Send an event to the session, when the bot may see the channel and asked for such events."""
        self.dispatch_of(self._world, name, payload, channel)

    def dispatch_of(self, world: World, name: str, payload: Json, channel: Channel | None) -> None:
        """Send an event of one of the servers."""
        if self.session is None or (channel is not None and not _bot_sees(world, channel)):
            return
        self.session.send(name, payload, private=channel is not None and channel.is_dm)

    def forget(self) -> None:
        """Drop the session: the process is gone, and a new one starts afresh."""
        self.session = None

    def drop(self, times: int) -> None:
        """Cut the socket without a goodbye, now and after each of the next resumptions."""
        self.drops = times
        self._drop_if_asked()

    def ask_to_reconnect(self) -> None:
        """Send op 7, as Discord does before it moves a session to another machine."""
        if self.session is not None and self.session.socket is not None:
            self.session.ask_to_reconnect()

    def _drop_if_asked(self) -> None:
        if self.drops and self.session is not None and self.session.socket is not None:
            self.drops -= 1
            self.session.cut()

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one socket of the bot."""
        socket = web.WebSocketResponse(max_msg_size=0, heartbeat=None)
        await socket.prepare(request)
        await socket.send_json({"op": HELLO, "d": {"heartbeat_interval": HEARTBEAT_MS, "_trace": []}, "s": None})
        session: Session | None = None
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                continue
            message = json.loads(frame.data)
            session = await self._receive(socket, request, session, message)
            if socket.closed:
                break
        if session is not None and session.socket is socket:
            session.detach()
            self._world.changed.ring()
        return socket

    async def _receive(
        self, socket: web.WebSocketResponse, request: web.Request, session: Session | None, message: Json
    ) -> Session | None:
        operation, data = message.get("op"), message.get("d")
        if operation == HEARTBEAT:
            await socket.send_json({"op": ACK, "d": None, "s": None, "t": None})
        elif operation == IDENTIFY:
            return await self._identify(socket, request, data or {})
        elif operation == RESUME:
            return await self._resume(socket, request, data or {})
        elif session is None:
            await socket.close(code=NOT_AUTHENTICATED, message=b"Not authenticated.")
        elif operation == MEMBERS:
            self._send_members(session, data or {})
        return session

    async def _identify(self, socket: web.WebSocketResponse, request: web.Request, data: Json) -> Session | None:
        if str(data.get("token", "")).removeprefix("Bot ") != self._token:
            await socket.close(code=AUTHENTICATION_FAILED, message=b"Authentication failed.")
            return None
        session = Session(self._world.bot.id, int(data.get("intents") or 0))
        self.session = session
        session.attach(socket, request.transport)
        session.send("READY", self._ready(session))
        everybody = bool(session.intents & PRESENCES)
        for world in self._world.all:
            session.send("GUILD_CREATE", guild_create_payload(world, everybody=everybody))
        self._world.changed.ring()
        self._drop_soon()
        return session

    def _ready(self, session: Session) -> Json:
        flags = (1 << 13) | (1 << 15) | (1 << 19)
        return {
            "v": 10,
            "user": user_payload(self._world.bot) | {"verified": True, "mfa_enabled": True, "email": None},
            "user_settings": {},
            "guilds": [{"id": str(world.guild_id), "unavailable": True} for world in self._world.all],
            "private_channels": [],
            "presences": [],
            "relationships": [],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self._own_url(),
            "shard": [0, 1],
            "application": {"id": str(self._world.application_id), "flags": flags},
            "geo_ordered_rtc_regions": ["rotterdam"],
            "_trace": [],
        }

    async def _resume(self, socket: web.WebSocketResponse, request: web.Request, data: Json) -> Session | None:
        session = self.session
        refused = session is None or data.get("session_id") != session.id or self.refuse_resume > 0
        if session is None or refused:
            self.refuse_resume = max(0, self.refuse_resume - 1)
            await socket.send_json({"op": INVALID, "d": False, "s": None, "t": None})
            return None
        session.attach(socket, request.transport)
        session.replay(int(data.get("seq") or 0))
        session.send("RESUMED", {"_trace": []})
        self._world.changed.ring()
        self._drop_soon()
        return session

    def _drop_soon(self) -> None:
        asyncio.get_running_loop().call_later(DROP_AGAIN_SECONDS, self._drop_if_asked)

    def _send_members(self, session: Session, data: Json) -> None:
        world = self._world.home_of([str(data.get("guild_id") or "")])
        present = [member for member in world.members.values() if member.present]
        wanted = {int(item) for item in _as_list(data.get("user_ids"))}
        query = str(data.get("query") or "").casefold()
        if wanted:
            present = [member for member in present if member.user.id in wanted]
        elif query:
            present = [member for member in present if member.shown_name.casefold().startswith(query)]
        present = present[: int(data.get("limit") or 0) or len(present)]
        payload: Json = {
            "guild_id": str(world.guild_id),
            "members": [member_payload(member) for member in present],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [str(item) for item in wanted - {member.user.id for member in present}],
        }
        if data.get("nonce"):
            payload["nonce"] = data["nonce"]
        if data.get("presences"):
            payload["presences"] = []
        session.send("GUILD_MEMBERS_CHUNK", payload)


class Branch:
    """The gateway as another of the bot's servers has it."""

    def __init__(self, hub: GatewayHub, world: World) -> None:
        self._hub = hub
        self._world = world

    def dispatch(self, name: str, payload: Json, *, channel: Channel | None = None) -> None:
        """Send an event of this server."""
        self._hub.dispatch_of(self._world, name, payload, channel)


def _bot_sees(world: World, channel: Channel) -> bool:
    return bool(in_channel(world, world.bot_member, channel) & P.VIEW_CHANNEL)


def _as_list(value: object) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]
