"""The loopback server: REST, gateway, CDN and control channel on one port of 127.0.0.1."""

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING

from aiohttp import web

from cogs.practice.server.api import PREFIX, Api
from cogs.practice.server.cdn import Cdn
from cogs.practice.server.control import ControlDesk
from cogs.practice.server.gateway import Branch, GatewayHub
from cogs.practice.server.referee import Referee, make_referee
from cogs.practice.world.state import World

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

HOST = "127.0.0.1"
LARGEST_REQUEST = 32 * 1024 * 1024
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})


class PracticeServer:
    """A Discord for one bot, with the server of one school or more."""

    def __init__(self, world: World, *, referee: Referee | None = None, port: int = 0) -> None:
        self.world = world
        self.port = port
        self.token = f"oefenlokaal.{secrets.token_urlsafe(24)}"
        self.key = secrets.token_urlsafe(24)
        self.referee = referee or make_referee()
        self.gateway = GatewayHub(world, self.token, lambda: self.gateway_url)
        self.control = ControlDesk(world.clock)
        self.api = Api(world, self.token, self.referee)
        self._runner: web.AppRunner | None = None

    @property
    def base(self) -> str:
        """The address of the server."""
        return f"http://{HOST}:{self.port}"

    @property
    def gateway_url(self) -> str:
        """The address of the gateway."""
        return f"ws://{HOST}:{self.port}/gw/"

    def environment(self) -> dict[str, str]:
        """Return the settings with which a bot process finds this server."""
        return {
            "DISCORD_TOKEN": self.token,
            "DISCORD_API_BASE": f"{self.base}{PREFIX}",
            "DISCORD_GATEWAY_URL": self.gateway_url,
            "DISCORD_CDN_BASE": f"{self.base}/cdn",
            "KLASWACHT_CONTROL": f"ws://{HOST}:{self.port}/control?key={self.key}",
        }

    async def start(self, extra: Iterable[web.AbstractRouteDef] = ()) -> None:
        """Open the port; ``extra`` are the routes of the page."""
        app = web.Application(client_max_size=LARGEST_REQUEST, middlewares=[only_loopback])
        app.add_routes([*self._routes(), *extra])
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=False, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.api.gateway_url = self.gateway_url
        self.world.cdn = f"{self.base}/cdn"
        self.world.gateway = self.gateway
        for other in self.world.neighbours:
            other.cdn, other.gateway = self.world.cdn, Branch(self.gateway, other)

    async def stop(self) -> None:
        """Close the port."""
        if self._runner is not None:
            await self._runner.cleanup()

    def _routes(self) -> list[web.AbstractRouteDef]:
        cdn = Cdn(self.world, self.api.faults)
        return [
            web.route("*", PREFIX + "/{path:.*}", self.api.handle),
            web.get("/gw/", self.gateway.handle),
            web.get("/gw", self.gateway.handle),
            web.get("/control", self._control),
            web.get("/cdn/attachments/{channel}/{attachment}/{name}", cdn.attachment),
            web.get("/cdn/ephemeral-attachments/{channel}/{attachment}/{name}", cdn.attachment),
            web.get("/cdn/stickers/{name}", cdn.sticker),
            web.get("/cdn/{path:.*}", cdn.picture),
        ]

    async def _control(self, request: web.Request) -> web.StreamResponse:
        self.require_key(request)
        return await self.control.handle(request)

    def require_key(self, request: web.Request) -> None:
        """Refuse whoever does not know the key of this run."""
        if not secrets.compare_digest(request.query.get("key", ""), self.key):
            raise web.HTTPForbidden


@web.middleware
async def only_loopback(request: web.Request, handler: "Handler") -> web.StreamResponse:
    """Refuse names that are not this machine, against pages elsewhere that guess the port."""
    name = request.host.rsplit(":", maxsplit=1)[0] if not request.host.endswith("]") else request.host
    origin = request.headers.get("Origin")
    if name not in LOOPBACK_NAMES or (origin is not None and origin != f"http://{request.host}"):
        raise web.HTTPForbidden
    return await handler(request)
