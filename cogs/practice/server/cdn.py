"""The CDN: files behind signed links that expire after a day, and plain pictures for accounts."""

import hmac
import struct
import zlib
from urllib.parse import quote

from aiohttp import web

from cogs.practice.world.message_payloads import link_mark
from cogs.practice.world.state import World

COLOURS = ((88, 101, 242), (117, 126, 138), (59, 165, 92), (250, 166, 26), (237, 66, 69), (235, 69, 158))


class Cdn:
    """Serves ``/cdn``."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def attachment(self, request: web.Request) -> web.Response:
        """Serve a file, when the link is whole and not older than a day."""
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
