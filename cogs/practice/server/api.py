"""REST: from an HTTP request to a call, past faults and the referee, to Discord's JSON."""

import asyncio
import hashlib
import json
import time
from collections import deque
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import BodyPartReader, web

from cogs.practice.errors import INVALID_FORM, ApiError
from cogs.practice.jsontypes import Json
from cogs.practice.server import (
    routes_application,
    routes_channels,
    routes_guild,
    routes_interactions,
    routes_members,
    routes_messages,
    routes_webhooks,
)
from cogs.practice.server.call import Call, Route
from cogs.practice.server.faults import CUT, CUT_AFTER, Asked, Fault, Faults
from cogs.practice.server.referee import Referee
from cogs.practice.server.router import Router
from cogs.practice.world.files import guess_type
from cogs.practice.world.records import Upload
from cogs.practice.world.state import World

PREFIX = "/api/v10"
RETRY_AFTER, HOLD_SECONDS, REQUESTS_PER_SECOND = 0.4, 2.0, 50
FAULT_ANSWERS = {
    "missing_access": ApiError(403, 50001, "Missing Access"),
    "unknown_message": ApiError(404, 10008, "Unknown Message"),
}
ALL_ROUTES = (
    *routes_application.ROUTES, *routes_guild.ROUTES, *routes_members.ROUTES, *routes_channels.ROUTES,
    *routes_messages.ROUTES, *routes_webhooks.ROUTES, *routes_interactions.ROUTES,
)  # fmt: skip


class Api:
    """Answers every request under ``/api/v10``."""

    def __init__(self, world: World, token: str, referee: Referee, gateway_url: str = "") -> None:
        self.router = Router(ALL_ROUTES)
        self.faults = Faults()
        self.gateway_url = gateway_url
        self.on_cut: Callable[[], None] = _nothing
        self.open_requests: dict[int, str] = {}
        self._world = world
        self._token = token
        self._referee = referee
        self.count = 0
        self._recent: deque[float] = deque()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request, and keep it in the list of open ones while it lasts."""
        self.count += 1
        number, path = self.count, request.path.removeprefix(PREFIX)
        self.open_requests[number] = f"{request.method} {path}"
        try:
            return await self._faulty_answer(request, path)
        finally:
            del self.open_requests[number]
            self._world.changed.ring()

    async def _faulty_answer(self, request: web.Request, path: str) -> web.StreamResponse:
        body, uploads = await read_body(request)
        fault = self.faults.take(Asked(request.method, path, self._people(path, body)))
        if fault is None:
            limited = self._is_over_limit(path)
            return _rate_limited(everywhere=True) if limited else self._answer(request, path, body, uploads)
        if fault.kind == "rate_limited":
            return _rate_limited()
        if fault.kind == "server_error":
            return _json({"message": "502: Bad Gateway", "code": 0}, HTTPStatus.BAD_GATEWAY, {})
        if fault.kind == "timeout":
            return await self._lost(request, path, body, uploads, fault)
        if fault.kind in {CUT, CUT_AFTER}:
            return self._deadly(request, path, body, uploads, fault)
        return _failed(FAULT_ANSWERS[fault.kind])

    def _is_over_limit(self, path: str) -> bool:
        """Return whether this is more than 50 requests in a second; answers to interactions do not count."""
        if path.startswith(("/interactions/", "/webhooks/")):
            return False
        now = time.monotonic()
        while self._recent and now - self._recent[0] > 1:
            self._recent.popleft()
        if len(self._recent) >= REQUESTS_PER_SECOND:
            return True
        self._recent.append(now)
        return False

    async def _lost(
        self, request: web.Request, path: str, body: Any, uploads: list[Upload], fault: Fault
    ) -> web.StreamResponse:
        """Carry the request out (unless told not to), let the bot wait, and cut the line without an answer."""
        if fault.performed:
            self._answer(request, path, body, uploads)
        await asyncio.sleep(HOLD_SECONDS)
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=HTTPStatus.GATEWAY_TIMEOUT)

    def _deadly(
        self, request: web.Request, path: str, body: Any, uploads: list[Upload], fault: Fault
    ) -> web.StreamResponse:
        """Carry the request out (unless told not to); the bot dies before it hears of that, or just after."""
        lost = web.Response(status=HTTPStatus.BAD_GATEWAY)
        answer = self._answer(request, path, body, uploads) if fault.performed else lost
        if fault.kind == CUT:
            self.on_cut()
            return lost
        asyncio.get_running_loop().call_soon(self.on_cut)
        return answer

    def _answer(self, request: web.Request, path: str, body: Any, uploads: list[Upload]) -> web.Response:
        found = self.router.find(request.method, path)
        try:
            if found is None:
                raise self._referee.unknown_route(request.method, path)
            route, params = found
            self._check_token(request, route)
            self._referee.check(request.method, path, request.query, body)
            call = self._call(request, path, params, body, uploads)
            payload = route.handler(call)
        except ApiError as error:
            if error.code == INVALID_FORM:
                self._referee.record(request.method, path, error)
            return _failed(error)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            bad = ApiError(400, INVALID_FORM, "Invalid Form Body", {"_errors": [{"code": "X", "message": repr(error)}]})
            self._referee.record(request.method, path, bad)
            return _failed(bad)
        return _succeeded(route, payload)

    def _call(
        self, request: web.Request, path: str, params: Mapping[str, str], body: Any, uploads: list[Upload]
    ) -> Call:
        asked = body if isinstance(body, dict) else {}
        parts = [*path.split("/"), *(str(asked.get(name) or "") for name in ("recipient_id", "channel_id"))]
        return Call(
            world=self._world.home_of(parts), method=request.method, path=path, params=params, query=request.query,
            body=body, uploads=uploads, gateway_url=self.gateway_url,
        )  # fmt: skip

    def _check_token(self, request: web.Request, route: Route) -> None:
        if not route.open and request.headers.get("Authorization") != f"Bot {self._token}":
            raise ApiError(401, 0, "401: Unauthorized")

    def _people(self, path: str, body: Any) -> frozenset[int]:
        """Return whom a request concerns: in the path, as recipient, by their direct channel or interaction."""
        found: set[int] = set()
        for part in path.split("/"):
            channel = self._world.channels.get(int(part)) if part.isascii() and part.isdecimal() else None
            if channel is not None and channel.recipient is not None:
                found.add(channel.recipient.id)
            elif part in self._world.interactions:
                found.add(self._world.interactions[part].user.id)
            elif part.isascii() and part.isdecimal() and int(part) in self._world.members:
                found.add(int(part))
        recipient = str(body.get("recipient_id") or "") if isinstance(body, dict) else ""
        return frozenset(found | ({int(recipient)} if recipient.isdecimal() else set()))


def _nothing() -> None:
    """Let nobody die."""


async def read_body(request: web.Request) -> tuple[Any, list[Upload]]:
    """Return the JSON of a request and the files with it."""
    if request.content_type != "multipart/form-data":
        raw = await request.read()
        return (json.loads(raw) if raw else None), []
    body: Any = None
    files: dict[int, tuple[str, bytes, str]] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        if part.name == "payload_json":
            body = json.loads(await part.text())
        else:
            index = int("".join(letter for letter in part.name or "" if letter.isdigit()) or len(files))
            data = bytes(await part.read(decode=False))
            files[index] = (part.filename or f"file{index}", data, part.headers.get("Content-Type", ""))
    return body, _uploads(body, files)


def _uploads(body: Any, files: dict[int, tuple[str, bytes, str]]) -> list[Upload]:
    message = body.get("data") if isinstance(body, dict) and isinstance(body.get("data"), dict) else body
    listed = (message or {}).get("attachments") or [] if isinstance(message, dict) else []
    about = {int(item["id"]): item for item in listed if str(item.get("id", "")).isdecimal()}
    return [_upload(files[index], about.get(index, {})) for index in sorted(files)]


def _upload(file: tuple[str, bytes, str], about: Json) -> Upload:
    filename, data, kind = file
    name = str(about.get("filename") or filename)
    content_type = guess_type(name) if kind in {"", "application/octet-stream"} else kind
    return Upload(
        name, data, content_type, about.get("description"), about.get("title"), about.get("duration_secs"),
        about.get("waveform"),
    )  # fmt: skip


def _succeeded(route: Route, payload: object) -> web.Response:
    headers = _limit_headers(route.template)
    if payload is None:
        return web.Response(status=HTTPStatus.NO_CONTENT, headers=headers)
    return _json(payload, route.status, headers)


def _failed(error: ApiError) -> web.Response:
    return _json(error.body(), error.status, {})


def _json(payload: object, status: int, headers: Mapping[str, str]) -> web.Response:
    raw = json.dumps(payload).encode()
    return web.Response(body=raw, status=status, headers={**headers, "Content-Type": "application/json"})


def _limit_headers(template: str) -> dict[str, str]:
    bucket = hashlib.sha256(template.encode()).hexdigest()[:32]
    return {
        "X-RateLimit-Limit": "1000",
        "X-RateLimit-Remaining": "999",
        "X-RateLimit-Reset": f"{time.time() + 1:.3f}",
        "X-RateLimit-Reset-After": "1.000",
        "X-RateLimit-Bucket": bucket,
        "Via": "1.1 practice",
    }


def _rate_limited(*, everywhere: bool = False) -> web.Response:
    headers = {
        "Via": "1.1 practice",
        "Retry-After": "1",
        "X-RateLimit-Limit": "5",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset-After": str(RETRY_AFTER),
        "X-RateLimit-Scope": "global" if everywhere else "user",
    }
    body = {"message": "You are being rate limited.", "retry_after": RETRY_AFTER, "global": everywhere, "code": 0}
    return _json(body, HTTPStatus.TOO_MANY_REQUESTS, headers)
