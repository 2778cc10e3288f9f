"""The gateway, spoken to in frames: who may come in, what is hidden, what is replayed."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from cogs.practice.world.messages import Draft, delete, send
from tests.practice.helpers import CLASS_CHANNEL, NOOR, Rest

pytestmark = pytest.mark.asyncio
EVERY_INTENT = (1 << 26) - 1
CONTENT = 1 << 15
Connect = Callable[[], Awaitable[aiohttp.ClientWebSocketResponse]]


@pytest_asyncio.fixture
async def connect(rest: Rest) -> AsyncIterator[Connect]:
    opened: list[aiohttp.ClientWebSocketResponse] = []

    async def open_one() -> aiohttp.ClientWebSocketResponse:
        socket = await rest.session.ws_connect(rest.server.gateway_url)
        opened.append(socket)
        assert (await socket.receive_json())["op"] == 10
        return socket

    yield open_one
    for socket in opened:
        await socket.close()


async def identified(rest: Rest, connect: Connect, intents: int = EVERY_INTENT) -> tuple[Any, dict[str, Any]]:
    socket = await connect()
    await socket.send_json({"op": 2, "d": {"token": rest.server.token, "intents": intents, "properties": {}}})
    ready = await socket.receive_json()
    created = await socket.receive_json()
    assert (ready["t"], ready["s"], created["t"], created["s"]) == ("READY", 1, "GUILD_CREATE", 2)
    return socket, ready["d"]


def say(rest: Rest, text: str) -> int:
    world = rest.world
    return send(world, world.channels[CLASS_CHANNEL], world.members[NOOR].user, Draft(content=text)).id


async def test_a_wrong_token_is_sent_away(rest: Rest, connect: Connect) -> None:
    assert rest.server.gateway.connected is False
    socket = await connect()
    await socket.send_json({"op": 2, "d": {"token": "wrong", "intents": 0}})
    await socket.receive()
    assert socket.close_code == 4004


async def test_content_is_hidden_without_the_intent_unless_the_bot_is_mentioned(rest: Rest, connect: Connect) -> None:
    socket, _ = await identified(rest, connect, EVERY_INTENT & ~CONTENT)
    say(rest, "geheim")
    say(rest, f"<@{rest.world.bot.id}> help")
    hidden, shown = (await socket.receive_json())["d"], (await socket.receive_json())["d"]
    assert (hidden["content"], shown["content"]) == ("", f"<@{rest.world.bot.id}> help")
    assert (hidden["guild_id"], hidden["member"]["nick"]) == (str(rest.world.guild_id), None)


async def test_events_without_their_intent_are_not_sent(rest: Rest, connect: Connect) -> None:
    socket, _ = await identified(rest, connect, 1)
    say(rest, "hoi")
    rest.world.dispatch("CHANNEL_UPDATE", {"id": "1"})
    assert (await socket.receive_json())["t"] == "CHANNEL_UPDATE"


async def test_a_cut_session_is_resumed_with_what_was_missed(rest: Rest, connect: Connect) -> None:
    socket, ready = await identified(rest, connect)
    say(rest, "een")
    assert (await socket.receive_json())["s"] == 3
    rest.server.gateway.drop(1)
    number = say(rest, "twee")
    delete(rest.world, rest.world.channels[CLASS_CHANNEL].messages[number])
    again = await connect()
    resume = {"token": rest.server.token, "session_id": ready["session_id"], "seq": 3}
    await again.send_json({"op": 6, "d": resume})
    frames = [await again.receive_json() for _ in range(3)]
    assert [(frame["t"], frame["s"]) for frame in frames] == [
        ("MESSAGE_CREATE", 4),
        ("MESSAGE_DELETE", 5),
        ("RESUMED", 6),
    ]


async def test_a_refused_resumption_asks_for_a_new_session(rest: Rest, connect: Connect) -> None:
    _, ready = await identified(rest, connect)
    rest.server.gateway.refuse_resume = 1
    rest.server.gateway.drop(1)
    again = await connect()
    await again.send_json({"op": 6, "d": {"token": rest.server.token, "session_id": ready["session_id"], "seq": 2}})
    assert await again.receive_json() == {"op": 9, "d": False, "s": None, "t": None}


async def test_members_come_in_chunks_and_heartbeats_are_answered(rest: Rest, connect: Connect) -> None:
    socket, _ = await identified(rest, connect, EVERY_INTENT & ~(1 << 8))
    await socket.send_json({"op": 1, "d": 2})
    assert (await socket.receive_json())["op"] == 11
    await socket.send_json(
        {"op": 8, "d": {"guild_id": str(rest.world.guild_id), "query": "", "limit": 0, "nonce": "n"}}
    )
    chunk = (await socket.receive_json())["d"]
    assert (len(chunk["members"]), chunk["nonce"]) == (13, "n")
