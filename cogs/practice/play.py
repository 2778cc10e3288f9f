"""The page's road: the same acts as in a scenario, and what a chosen person sees, over a WebSocket.

``GET /`` and everything under it are the files of ``cogs/practice/page/`` (``/`` is ``index.html``). The page is opened
as ``/?key=KEY``; the key belongs to this run, and every request below needs it.

``/play?key=KEY`` speaks JSON in text frames. From the page:

    {"id": 1, "watch": "1100000000000000601"}            show what this person sees from now on
    {"id": 2, "act": {"act": "post", "channel": "...", "text": "hoi"}}
    {"id": 3, "complete": {"channel": "...", "name": "case", "option": "pupil", "text": "No", "options": {}}}

An act is a line of a scenario; ``as`` may be left out, then it is the watched person. Beside the acts of the contract:
``close_form`` (close the open form) and ``hide`` (``message``: dismiss an ephemeral one). ``message`` may be the id of
any message that the person sees, also in ``click`` and ``choose`` (with ``custom_id``): the page knows which one was
clicked. ``files`` and file fields take the paths that ``/play/upload`` gave. ``expect`` works too. "A week later" is
``{"act": "advance", "days": 7}``.

To the page, one answer for each id, when the act is done (for an interaction: when the bot answered or 3 s passed):

    {"id": 1, "ok": true}
    {"id": 2, "error": "a sentence in the person's language"}
    {"id": 3, "ok": true, "choices": [{"name": "Noor", "value": "12"}]}

and, at the start, after ``watch`` and after every change (at most every 60 ms, and only when something differs):

    {"event": "state",
     "me": PERSON, "people": [PERSON], "bot": {.., "running": true, "ready": true},
     "guild": {"id", "name", "language"}, "clock": ISO, "timezone": "Europe/Amsterdam",
     "roles": [{"id", "name", "color"}],
     "channels": [CHANNEL], "dm": CHANNEL, "home": "id of the channel to open first",
     "modal": null | {"custom_id", "title", "components"},      components as Discord has them (18, 1, 10, ...)
     "notices": ["sentences of the client, such as: the app did not respond"]}

    PERSON  = Discord's user + {"name", "shown_name", "kinds", "classes", "locale", "present", "timed_out_until",
              "dms_closed", "owner", "dm": the id of the conversation with the bot, "last_dm": the id of the newest
              message in it that the bot wrote; both null when there is none}
    CHANNEL = {"id", "name", "type", "kind": class|staff|other|thread|dm, "topic", "parent_id", "can_write", "pins",
              "messages": [MESSAGE], "commands", "message_menus", "user_menus"}
    MESSAGE = Discord's message (content, embeds, components, attachments, reactions, interaction_metadata, ...) +
              {"author_name", "shown_content" (names for mentions), "ephemeral", "loading", "mine"}
    commands are Discord's + "shown_name" and "shown_description" in the person's language, as are options and choices

``POST /play/upload?key=KEY`` takes multipart files and answers ``{"files": [{"name", "path"}]}``: paths for acts, good
until the room closes. The clock runs on by itself between states; the page may count seconds from "clock".
"""

import asyncio
import contextlib
import json
import secrets
from pathlib import Path
from typing import Any

from aiohttp import BodyPartReader, WSMsgType, web

from cogs.practice.errors import ApiError, PracticeError, ScriptError
from cogs.practice.jsontypes import Json
from cogs.practice.places import PAGE
from cogs.practice.samples import Samples
from cogs.practice.stage.acting import perform
from cogs.practice.stage.commands import suggestions
from cogs.practice.stage.script import read_act
from cogs.practice.stage.stage import Stage
from cogs.practice.view import state_of
from cogs.practice.world.files import clean_name

PAUSE_SECONDS = 0.06
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "frame-ancestors 'none'",  # the rest stands in the page itself
}


class Viewer:
    """One open page: whom it watches, and what it was last told."""

    def __init__(self, stage: Stage, socket: web.WebSocketResponse, person: int) -> None:
        self.person = person
        self.awake = asyncio.Event()
        self.awake.set()  # the first state, of the first person, comes unasked: the page learns from it who there is
        self._stage = stage
        self._socket = socket
        self._last = ""

    async def show(self) -> None:
        """Send the state after every change, until cancelled."""
        while True:
            await self.awake.wait()
            self.awake.clear()
            state = state_of(self._stage, self.person)
            comparable = json.dumps(state | {"clock": ""})
            if comparable != self._last:
                self._last = comparable
                await self._socket.send_str(json.dumps(state))
            await asyncio.sleep(PAUSE_SECONDS)


class PlayRoom:
    """Serves the page."""

    def __init__(self, stage: Stage, uploads: Path) -> None:
        self._stage = stage
        self._uploads = uploads
        self._viewers: set[Viewer] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        stage.world.changed.listeners.append(self._wake)

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return the routes for the server."""
        return [
            web.get("/play", self._play),
            web.post("/play/upload", self._upload),
            *Samples().routes(),
            web.get("/", self._file),
            web.get("/{name:[^/].*}", self._file),
        ]

    def _wake(self) -> None:
        for viewer in self._viewers:
            viewer.awake.set()

    async def _file(self, request: web.Request) -> web.StreamResponse:
        path = (PAGE / (request.match_info.get("name") or "index.html")).resolve()
        if not path.is_relative_to(PAGE) or not path.is_file() or path.suffix == ".py":
            raise web.HTTPNotFound
        return web.FileResponse(path, headers=HEADERS)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        self._stage.server.require_key(request)
        saved = []
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or not part.filename:
                continue
            folder = self._uploads / secrets.token_hex(8)
            folder.mkdir(parents=True)
            path = folder / clean_name(part.filename)
            path.write_bytes(bytes(await part.read(decode=False)))
            saved.append({"name": path.name, "path": str(path)})
        return web.json_response({"files": saved})

    async def _play(self, request: web.Request) -> web.StreamResponse:
        self._stage.server.require_key(request)
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        viewer = Viewer(self._stage, socket, self._stage.world.school.people[0].id)
        self._viewers.add(viewer)
        shower = asyncio.create_task(viewer.show())
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._spawn(socket, viewer, frame.data)
        finally:
            self._viewers.discard(viewer)
            shower.cancel()
            await asyncio.gather(shower, return_exceptions=True)
        return socket

    def _spawn(self, socket: web.WebSocketResponse, viewer: Viewer, text: str) -> None:
        task = asyncio.create_task(self._answer(socket, viewer, text))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, socket: web.WebSocketResponse, viewer: Viewer, text: str) -> None:
        number: Any = None
        try:
            message = json.loads(text)
            number = message.get("id")
            answer: Json = {"ok": True} | await self._do(viewer, message)
        except PracticeError as error:
            answer = {"error": self._stage.phrases.explain(self._locale(viewer), error)}
        except ApiError as error:
            answer = {"error": self._stage.phrases.say(self._locale(viewer), "act.refused", why=error.message)}
        except (ValueError, AttributeError, TypeError, KeyError):
            answer = {"error": self._stage.phrases.say(self._locale(viewer), "play.not_an_act")}
        with contextlib.suppress(ConnectionError):
            await socket.send_str(json.dumps({"id": number} | answer))

    def _locale(self, viewer: Viewer) -> str:
        return self._stage.member(viewer.person).user.locale

    async def _do(self, viewer: Viewer, message: Json) -> Json:
        if "watch" in message:
            return self._watch(viewer, str(message["watch"]))
        school = self._stage.world.school
        if "complete" in message:
            asked = message["complete"]
            return {"choices": await suggestions(self._stage, int(asked.get("as") or viewer.person), asked)}
        act = read_act({"as": str(viewer.person)} | message["act"], 0, school, self._uploads)
        await perform(self._stage, act)
        return {}

    def _watch(self, viewer: Viewer, person: str) -> Json:
        if not person.isdecimal() or self._stage.world.school.person(int(person)) is None:
            raise ScriptError("script.unknown_person", value=person)
        viewer.person = int(person)
        viewer.awake.set()
        return {}
