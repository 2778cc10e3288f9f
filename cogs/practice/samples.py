"""Sample pictures for the page: what lies in ``data/practice/media``, listed and served. An empty folder is fine."""

from collections.abc import Iterable
from pathlib import Path

from aiohttp import web

from cogs.practice.places import DATA

MEDIA = DATA / "media"
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp"})


class Samples:
    """Serves ``/samples/``: a JSON list of names, and the pictures by name."""

    def __init__(self, folder: Path = MEDIA) -> None:
        self._folder = folder

    def routes(self) -> list[web.RouteDef]:
        """Return the routes, to stand before the page's own files."""
        return [web.get("/samples/", self._list), web.get("/samples/{name}", self._one)]

    def names(self) -> list[str]:
        """Return the pictures' file names in order."""
        return sorted(path.name for path in self._files())

    def _files(self) -> Iterable[Path]:
        return (path for path in self._folder.glob("*") if path.suffix.lower() in PICTURES and path.is_file())

    async def _list(self, request: web.Request) -> web.StreamResponse:
        del request
        return web.json_response(self.names())

    async def _one(self, request: web.Request) -> web.StreamResponse:
        """Serve one picture; a name that is not in the list is not looked for on the disk."""
        name = request.match_info["name"]
        if name not in self.names():
            raise web.HTTPNotFound
        return web.FileResponse(self._folder / name, headers={"X-Content-Type-Options": "nosniff"})
