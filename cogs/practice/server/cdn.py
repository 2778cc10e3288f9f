"""The CDN: files behind signed links that expire after a day, and plain pictures for accounts."""

import asyncio
import hmac
import struct
import zlib
from urllib.parse import quote

from aiohttp import web

from cogs.practice.server.faults import Asked, Faults
from cogs.practice.world.message_payloads import link_mark
from cogs.practice.world.state import World

SILENT_S = 120.0  # longer than anybody waits for a file
COLOURS = ((88, 101, 242), (117, 126, 138), (59, 165, 92), (250, 166, 26), (237, 66, 69), (235, 69, 158))


class Cdn:
    """Serves ``/cdn``."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world = world
        self._faults = faults

    async def attachment(self, request: web.Request) -> web.Response:
        """Serve a file, when the link is whole and not older than a day, and nothing is to go wrong."""
        fault = self._faults.take(Asked("GET", request.path, frozenset()), files=True)
        if fault is not None and fault.kind == "file_slow":
            await asyncio.sleep(SILENT_S)
        if fault is not None:
            return web.Response(status=403, text="AccessDenied")
        number = request.match_info["attachment"]
        found = self._world.attachments.get(int(number)) if number.isdecimal() else None
        if found is None or not self._is_valid(request, found.id):
            return web.Response(status=404, text="This content is no longer available.")
        name = quote(found.filename)
        headers = {"Content-Type": found.content_type, "Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
        return web.Response(body=found.data, headers=headers)

    def _is_valid(self, request: web.Request, number: int) -> bool:
        expires = request.query.get("ex", "")
        if not hmac.compare_digest(request.query.get("hm", ""), link_mark(number, expires)):
            return False
        return int(expires, 16) > self._world.clock.now().timestamp()

    async def sticker(self, request: web.Request) -> web.Response:
        """Serve a sticker."""
        number = request.match_info["name"].partition(".")[0]
        found = self._world.stickers.get(int(number)) if number.isdecimal() else None
        return web.Response(status=404) if found is None else web.Response(body=found, content_type="image/png")

    async def picture(self, request: web.Request) -> web.Response:
        """Serve a plain square for any avatar or icon."""
        colour = COLOURS[sum(request.path.encode()) % len(COLOURS)]
        return web.Response(body=square(colour), content_type="image/png")


def square(colour: tuple[int, int, int], side: int = 64) -> bytes:
    """Return a PNG of one colour."""
    rows = (b"\x00" + bytes(colour) * side) * side
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body
