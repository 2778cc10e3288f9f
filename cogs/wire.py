"""Everything that the bot asks of the platform's REST interface, as raw payloads.

The library's objects are left aside here on purpose: a compatible server that leaves out a field of its answer must not
turn a message that was sent into an error, and a form must not be kept in memory. Retries on 429 and 5xx are the
library's (``HTTPClient.request``).
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, TypeVar

import aiohttp
import discord
from discord.http import HTTPClient, MultipartParameters, Route, handle_message_parameters

from bot.ports import MessageRef
from cogs.pace import Pace
from cogs.pages import CONTENT_LIMIT, Page
from cogs.plain import cut

Payload = Mapping[str, Any]
T = TypeVar("T")
DOWNLOAD_S = 30.0  # seconds for one file
STEP = 1 << 18  # bytes of a file that are read at once
ARCHIVED_PAGE = 50
ANSWER_S = 12.0  # seconds for one request with the library's own retries; the outbox tries again by itself
MEMBERS_PAGE = 1000  # https://discord.com/developers/docs/resources/guild#list-guild-members
EPHEMERAL = discord.MessageFlags(ephemeral=True)
MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, MODAL = 4, 5, 6, 7, 9
"""https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object"""


UNREACHED = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError, TimeoutError)
"""All that a request raises when the platform refuses it, is not there or does not answer in time."""


class Wire:
    """Requests to the platform."""

    def __init__(self, http: HTTPClient, download_s: float = DOWNLOAD_S, pace: Pace | None = None) -> None:
        self._http = http
        self._pace = pace or Pace()
        self._download_s = download_s
        self._private: dict[str, str] = {}
        self._files: aiohttp.ClientSession | None = None

    async def send(self, channel: str, page: Page, *, nonce: int | None = None) -> MessageRef:
        """Send a message; the same nonce within minutes shows once."""
        sent = await _in_time(self._http.send_message(int(channel), params=_parameters(page, nonce=nonce)))
        return MessageRef(str(sent.get("channel_id", channel)), str(sent["id"]))

    async def edit(self, ref: MessageRef, page: Page) -> None:
        """Show another page where a message of the bot stands."""
        await _in_time(self._http.edit_message(int(ref.channel), int(ref.message), params=_parameters(page)))

    async def delete(self, channel: str, message: str, reason: str) -> None:
        """Delete a message; ``reason`` goes to the platform's audit log."""
        await _in_time(self._http.delete_message(int(channel), int(message), reason=reason))

    async def pin(self, ref: MessageRef) -> None:
        """Pin a message of the bot."""
        await _in_time(self._http.pin_message(int(ref.channel), int(ref.message)))

    async def private_channel(self, user: str) -> str:
        """Return the channel of the private messages with somebody."""
        if user not in self._private:
            self._private[user] = str((await _in_time(self._http.start_private_message(int(user))))["id"])
        return self._private[user]

    async def time_out(self, guild: str, user: str, until: datetime, reason: str) -> None:
        """Silence a member until a moment."""
        stamp = until.isoformat()
        await _in_time(self._http.edit_member(int(guild), int(user), reason=reason, communication_disabled_until=stamp))

    async def member(self, guild: str, user: str) -> Payload | None:
        """Return a member, or None when there is no such member."""
        try:
            return dict(await _in_time(self._http.get_member(int(guild), int(user))))
        except discord.NotFound:
            return None

    async def members(self, guild: str, *, paced: bool = False) -> list[Payload]:
        """Return all members of a server; ``paced``: at the pace of what nobody waits for."""
        found: list[Payload] = []
        while True:
            if paced:
                await self._pace.turn()
            after = int(found[-1]["user"]["id"]) if found else None
            page = await _in_time(self._http.get_members(int(guild), MEMBERS_PAGE, after))
            found += [dict(member) for member in page]
            if len(page) < MEMBERS_PAGE:
                return found

    async def own_webhook(self, channel: str, name: str) -> tuple[str, str]:
        """Return id and token of the bot's own webhook of a channel; it is made when there is none."""
        known = await _in_time(self._http.channel_webhooks(int(channel)))
        mine = [hook for hook in known if hook.get("token") and str(hook.get("name")) == name]
        hook = mine[0] if mine else await _in_time(self._http.create_webhook(int(channel), name=name))
        return str(hook["id"]), str(hook["token"])

    async def post_as(self, hook: tuple[str, str], page: Page, name: str, thread: str | None) -> str:
        """Post a page by a webhook under a name and return the message's id."""
        route = Route("POST", "/webhooks/{webhook_id}/{webhook_token}", webhook_id=int(hook[0]), webhook_token=hook[1])
        where = {"wait": "true"} | ({"thread_id": thread} if thread else {})
        return str((await self._post(route, _parameters(page, username=name), where))["id"])

    async def channel(self, channel: str) -> Payload:
        """Return a channel."""
        return dict(await _in_time(self._http.get_channel(int(channel))))

    async def thread_members(self, thread: str) -> list[Payload]:
        """Return who is in a thread."""
        route = Route("GET", "/channels/{channel_id}/thread-members", channel_id=int(thread))
        return [dict(one) for one in await _in_time(self._http.request(route))]

    async def message(self, channel: str, message: str) -> Payload | None:
        """Return a message, or None when it is gone."""
        try:
            return dict(await _in_time(self._http.get_message(int(channel), int(message))))
        except discord.NotFound:
            return None

    async def messages_after(self, channel: str, limit: int, message: int) -> list[Payload]:
        """Return the page of messages after one, oldest first, at the pace of what nobody waits for."""
        await self._pace.turn()
        return await self.messages(channel, limit, after=message)

    async def messages(self, channel: str, limit: int, **where: int) -> list[Payload]:
        """Return a page of messages, oldest first; ``where``: after, before or around, a message's id."""
        page = await _in_time(self._http.logs_from(int(channel), limit, **where))
        return sorted((dict(message) for message in page), key=lambda message: int(message["id"]))

    async def archived_threads(self, channel: str, since: datetime | None) -> list[Payload]:
        """Return a channel's threads that were archived after a moment (None: all), as far as the bot may see them."""
        found: list[Payload] = []
        for kind in ("public", "private"):
            route = Route("GET", f"/channels/{{channel_id}}/threads/archived/{kind}", channel_id=int(channel))
            before: dict[str, str] = {}
            while page := await self._archived(route, before):
                late = [thread for thread in page if since is None or _archived_at(thread) >= since]
                found += late
                if len(late) < len(page):
                    break
                before = {"before": str(page[-1]["thread_metadata"]["archive_timestamp"])}
        return found

    async def _archived(self, route: Route, before: dict[str, str]) -> list[Payload]:
        await self._pace.turn()
        try:
            answer = await _in_time(self._http.request(route, params={"limit": ARCHIVED_PAGE, **before}))
        except discord.HTTPException as error:
            if is_refusal(error):
                return []
            raise
        return list(answer.get("threads", []))

    async def respond(self, ask_id: str, token: str, kind: int, data: Payload | None = None) -> None:
        """Answer an interaction, within three seconds of it."""
        route = Route(
            "POST", "/interactions/{interaction_id}/{token}/callback", interaction_id=int(ask_id), token=token
        )
        body = {"type": kind} if data is None else {"type": kind, "data": data}
        await _in_time(self._http.request(route, json=body))

    async def rewrite(self, application: str, token: str, page: Page) -> None:
        """Show a page in the place of the (deferred) answer of an interaction, or only its buttons there."""
        route = Route(
            "PATCH", "/webhooks/{application_id}/{token}/messages/@original", application_id=application, token=token
        )
        if page.keeps:
            await _in_time(self._http.request(route, json=items_data(page)))
            return
        await self._post(route, _parameters(page))

    async def follow(self, application: str, token: str, page: Page, *, ephemeral: bool) -> None:
        """Send one more answer to an interaction."""
        route = Route("POST", "/webhooks/{application_id}/{token}", application_id=application, token=token)
        await self._post(route, _parameters(page, flags=EPHEMERAL if ephemeral else None))

    async def download(self, url: str, limit: int) -> bytes | None:
        """Return a file from the platform's file server; None when it holds more than ``limit`` bytes or is gone."""
        if self._files is None:
            self._files = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._download_s))
        try:
            async with self._files.get(url, allow_redirects=False) as answer:  # a redirect could lead anywhere
                if answer.status != HTTPStatus.OK:
                    return None
                content = bytearray()
                async for part in answer.content.iter_chunked(STEP):
                    content += part
                    if len(content) > limit:
                        return None
        except (aiohttp.ClientError, OSError, TimeoutError):
            return None
        return bytes(content)

    async def close(self) -> None:
        """Close the connections for files."""
        if self._files is not None:
            await self._files.close()

    async def _post(self, route: Route, parameters: MultipartParameters, where: Mapping[str, str] | None = None) -> Any:
        with parameters as ready:
            body = {"files": ready.files, "form": ready.multipart} if ready.files else {"json": ready.payload}
            return await _in_time(self._http.request(route, params=where, **body))


async def _in_time(work: Awaitable[T]) -> T:
    """Return what a request brings. Raises ``TimeoutError`` when the server keeps silent."""
    async with asyncio.timeout(ANSWER_S):
        return await work


def items_data(page: Page) -> Payload:
    """Return a page's buttons alone as the data of an interaction's answer: the rest of the message stays."""
    return {"components": page.view().to_components(), "allowed_mentions": {"parse": []}}


def is_refusal(error: discord.HTTPException) -> bool:
    """Whether the platform will answer the same again: no right, not there, not for this kind of channel."""
    return (
        HTTPStatus.BAD_REQUEST <= error.status < HTTPStatus.INTERNAL_SERVER_ERROR
        and error.status != HTTPStatus.TOO_MANY_REQUESTS
    )


def page_data(page: Page, *, ephemeral: bool = False) -> Payload:
    """Return a page as the data of an interaction's answer."""
    return dict(_parameters(page, flags=EPHEMERAL if ephemeral else None).payload or {})


def _parameters(
    page: Page, *, nonce: int | None = None, flags: discord.MessageFlags | None = None, username: str = ""
) -> MultipartParameters:
    files: Sequence[discord.File] = [discord.File(io.BytesIO(file.content), file.name) for file in page.files]
    given: dict[str, Any] = {"files": files} if files else {}
    if flags is not None:
        given["flags"] = flags
    if username:
        given["username"] = username
    return handle_message_parameters(
        content=cut(page.text, CONTENT_LIMIT) or None,
        embeds=page.embeds,
        view=page.view() if page.items else None,
        nonce=nonce,
        allowed_mentions=discord.AllowedMentions(
            everyone=False,
            replied_user=False,
            users=[discord.Object(int(user)) for user in page.pings],
            roles=[discord.Object(int(role)) for role in page.ping_roles],
        ),
        **given,
    )


def _archived_at(thread: Payload) -> datetime:
    return datetime.fromisoformat(str(thread["thread_metadata"]["archive_timestamp"]))
