"""What people write never becomes code, and the page asks nothing of any other machine."""

from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from cogs.practice.screen import Screen
from cogs.practice.stage.stage import Stage
from cogs.practice.world.messages import Draft, send
from tests.practice_page.conftest import address

pytestmark = pytest.mark.asyncio(loop_scope="session")
HOMEWORK = 1100000000000000503
NASTY = '<img src=x onerror="document.title=1"><script>document.title=2</script> **vet** [klik](javascript:alert(1))'


async def test_markup_in_a_message_a_nickname_a_card_and_a_file_name_stays_text(screen: Screen, stage: Stage) -> None:
    world = stage.world
    await screen.be("Sem de Wit", "klas-2c-huiswerk")
    sem = stage.member(1100000000000000605)
    sem.nick = "<b onclick=alert(1)>Sem</b>"
    button = {"type": 2, "style": 2, "label": "<i>knop</i>", "custom_id": "kw:none:1", "id": 2}
    draft = Draft(
        content=NASTY,
        embeds=[{"type": "rich", "title": NASTY, "fields": [{"name": NASTY, "value": NASTY, "inline": True}]}],
        components=[{"type": 1, "id": 1, "components": [button]}],
    )
    send(world, world.channels[HOMEWORK], sem.user, draft)
    shown = await screen.message("document.title=2")
    sem.nick = None
    await expect(shown).to_contain_text('<img src=x onerror="document.title=1">')
    await expect(shown.locator("strong").first).to_have_text("vet")
    for made in ("script", "img:not(.avatar)", "i", "b", "a"):
        await expect(shown.locator(made)).to_have_count(0)
    assert await screen.page.title() == "Klaswacht · oefenlokaal"


async def test_the_page_refuses_foreign_and_inline_code(fresh: Screen) -> None:
    ran = await fresh.page.evaluate(
        """() => new Promise((done) => {
            addEventListener("securitypolicyviolation", (event) => done(event.effectiveDirective), { once: true });
            const script = document.createElement("script");
            script.textContent = "window.hacked = true";
            document.body.append(script);
        })"""
    )
    fresh.wrong.clear()  # the browser says in its console that it refused
    assert (ran, await fresh.page.evaluate("window.hacked === undefined")) == ("script-src-elem", True)


async def test_everything_comes_from_this_machine(fresh: Screen, stage: Stage) -> None:
    asked: set[str] = set()
    fresh.page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    await fresh.come_in(address(stage))
    await fresh.be("Noor Jansen", "groep-7b")
    assert asked == {urlsplit(stage.server.base).netloc}


async def test_without_the_key_the_page_shows_nobody(screen: Screen, stage: Stage) -> None:
    page = await screen.page.context.new_page()
    answer = await page.goto(stage.server.base)
    assert answer is not None
    assert (answer.status, answer.headers["content-security-policy"]) == (200, "frame-ancestors 'none'")
    await expect(page.locator(".person")).to_have_count(0)
