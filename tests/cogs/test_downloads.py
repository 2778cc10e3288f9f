"""Files from the platform's file server: whole and small enough, or none; whatever the server does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from discord.http import HTTPClient

from cogs.wire import Wire

LIMIT = 1000
FILE = b"x" * LIMIT


async def whole(_: web.Request) -> web.StreamResponse:
    return web.Response(body=FILE)


async def too_large(_: web.Request) -> web.StreamResponse:
    return web.Response(body=FILE + b"x")


async def refused(_: web.Request) -> web.StreamResponse:
    return web.Response(status=403, body=FILE)


async def vanished(_: web.Request) -> web.StreamResponse:
    return web.Response(status=404)


async def elsewhere(_: web.Request) -> web.StreamResponse:
    raise web.HTTPFound("/whole")


async def cut_off(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Length": str(LIMIT)})
    await answer.prepare(request)
    await answer.write(FILE[:10])
    assert request.transport is not None
    request.transport.abort()
    return answer


async def silent(_: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise web.HTTPOk


async def endless(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse()
    await answer.prepare(request)
    while True:
        await answer.write(FILE)


@pytest_asyncio.fixture
async def server() -> AsyncIterator[TestServer]:
    app = web.Application()
    ways = (whole, too_large, refused, vanished, elsewhere, cut_off, silent, endless)
    app.add_routes([web.get(f"/{way.__name__}", way) for way in ways])
    async with TestServer(app) as started:
        yield started


async def fetched(url: str) -> bytes | None:
    wire = Wire(HTTPClient(asyncio.get_running_loop()), download_s=0.3)
    try:
        return await wire.download(url, LIMIT)
    finally:
        await wire.close()


async def test_a_file_up_to_the_limit_is_fetched_whole(server: TestServer) -> None:
    assert await fetched(str(server.make_url("/whole"))) == FILE


@pytest.mark.parametrize("way", ["too_large", "refused", "vanished", "elsewhere", "cut_off", "silent", "endless"])
async def test_anything_else_is_no_file_and_no_error(server: TestServer, way: str) -> None:
    assert await fetched(str(server.make_url(f"/{way}"))) is None


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/weg", "http:///", "geen adres"])
async def test_an_address_where_nothing_is_gives_no_file(url: str) -> None:
    assert await fetched(url) is None
