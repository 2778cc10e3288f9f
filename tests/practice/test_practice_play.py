"""The page's road: watching a person, acting as that person, files, and who is let in."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from cogs.practice.places import DEFAULT_SCHOOL
from cogs.practice.play import PlayRoom
from cogs.practice.school.loading import load_school
from cogs.practice.stage.stage import Stage, make_stage, open_stage
from cogs.practice.world.clock import DEFAULT_START
from cogs.practice.world.messages import Draft, send
from tests.practice.helpers import CLASS_CHANNEL, DAAN, NOOR

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    stage = make_stage(load_school(DEFAULT_SCHOOL), DEFAULT_START, tmp_path / "state")
    await open_stage(stage, PlayRoom(stage, tmp_path / "uploads").routes())
    yield stage
    await stage.close()


class Page:
    def __init__(self, stage: Stage, session: aiohttp.ClientSession, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.stage = stage
        self.session = session
        self.socket = socket

    async def ask(self, **message: Any) -> dict[str, Any]:
        await self.socket.send_json({"id": 1, **message})
        return await self.until(lambda frame: frame.get("id") == 1)

    async def until(self, fits: Any) -> dict[str, Any]:
        while True:
            frame: dict[str, Any] = await self.socket.receive_json(timeout=5)
            if fits(frame):
                return frame


@pytest_asyncio.fixture
async def page(stage: Stage) -> AsyncIterator[Page]:
    address = f"{stage.server.base}/play?key={stage.server.key}"
    async with aiohttp.ClientSession() as session, session.ws_connect(address) as socket:
        yield Page(stage, session, socket)


def channel_of(state: dict[str, Any], channel: int) -> dict[str, Any]:
    found: dict[str, Any] = next(item for item in state["channels"] if item["id"] == str(channel))
    return found


async def test_the_page_sees_what_the_watched_person_sees(page: Page) -> None:
    assert await page.ask(watch=str(DAAN)) == {"id": 1, "ok": True}
    first = await page.until(lambda frame: frame.get("event") == "state")
    assert (first["me"]["name"], first["bot"]["running"], first["home"]) == ("Daan Bakker", False, str(CLASS_CHANNEL))
    act = {"act": "post", "as": str(NOOR), "channel": str(CLASS_CHANNEL), "text": f"hoi <@{DAAN}>"}
    assert await page.ask(act=act) == {"id": 1, "ok": True}
    state = await page.until(lambda frame: channel_of(frame, CLASS_CHANNEL)["messages"])
    (message,) = channel_of(state, CLASS_CHANNEL)["messages"]
    assert (message["author_name"], message["shown_content"], message["mine"]) == (
        "Noor Jansen",
        "hoi @Daan Bakker",
        False,
    )


async def test_what_cannot_be_done_is_said_in_the_persons_language(page: Page) -> None:
    await page.ask(watch=str(NOOR))
    assert await page.ask(act={"act": "submit"}) == {
        "id": 1,
        "error": f"Noor Jansen ({NOOR}) heeft geen formulier open.",
    }
    assert await page.ask(act={"act": "dance"}) != {"id": 1, "ok": True}
    assert await page.ask(nonsense=1) == {"id": 1, "error": "dit is geen handeling."}
    assert (await page.ask(watch="5"))["error"] == "5 staat niet als [[person]] in het schoolbestand."


async def test_an_uploaded_file_can_be_posted(page: Page) -> None:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("file", b"hallo", filename="../brief.txt")
    address = f"{page.stage.server.base}/play/upload"
    async with page.session.post(address, params={"key": page.stage.server.key}, data=form) as answer:
        (saved,) = (await answer.json())["files"]
    assert saved["name"] == "brief.txt"
    await page.ask(watch=str(NOOR))
    assert await page.ask(act={"act": "dm", "files": [saved["path"]]}) == {"id": 1, "ok": True}
    (attachment,) = page.stage.world.attachments.values()
    assert (attachment.filename, attachment.data) == ("brief.txt", b"hallo")


async def test_without_the_key_there_is_no_play(page: Page) -> None:
    for path in ("/play", "/play?key=guess", "/../cli.py", "/cli.py"):
        async with page.session.get(page.stage.server.base + path) as answer:
            assert answer.status in {403, 404}


async def test_buttons_are_found_by_message_label_and_action(page: Page) -> None:
    world = page.stage.world
    button = {"type": 2, "style": 1, "label": "✋ Ik pak dit op", "custom_id": "kw:take:1", "disabled": True}
    components = [{"type": 1, "components": [button]}]
    sent = send(world, world.channels[CLASS_CHANNEL], world.bot, Draft(content="kaart", components=components))
    await page.ask(watch=str(NOOR))
    for target in ({"label": "ik pak dit op"}, {"action": "take"}, {"custom_id": "kw:take:1", "message": str(sent.id)}):
        assert "staat uit" in (await page.ask(act={"act": "click", **target}))["error"]
    assert "ziet nergens" in (await page.ask(act={"act": "click", "label": "weg"}))["error"]
