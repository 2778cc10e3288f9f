"""What one does at the page: commands by keyboard, mentions, answers, edits, forms, the language, a phone."""

import re

import pytest
from playwright.async_api import Browser, expect

from cogs.practice.screen import Screen
from cogs.practice.stage.stage import Stage
from cogs.practice.world.messages import Draft, send
from tests.practice_page.conftest import address

pytestmark = pytest.mark.asyncio(loop_scope="session")
HOMEWORK = 1100000000000000503


async def test_a_command_is_found_and_run_with_the_keyboard_alone(screen: Screen) -> None:
    await screen.be("Sem de Wit", "klas-2c-huiswerk")
    await screen.page.locator("#composer").focus()
    await screen.page.keyboard.type("/reg")
    await expect(screen.page.get_by_role("option")).to_have_count(1)
    await screen.page.keyboard.press("Enter")
    await expect(screen.page.locator(".commandbar")).to_contain_text("/regels")
    await screen.page.keyboard.press("Enter")
    note = await screen.message("Alleen jij ziet dit")
    await screen.press("Bericht sluiten", note)
    await expect(note).to_have_count(0)


async def test_an_at_sign_offers_people_and_sends_their_id(screen: Screen, stage: Stage) -> None:
    await screen.be("Sem de Wit", "klas-2c-huiswerk")
    await screen.page.locator("#composer").focus()
    await screen.page.keyboard.type("hoi @lot")
    await screen.page.keyboard.press("Enter")
    await screen.page.keyboard.type("bij welke som ben jij?")
    await screen.page.keyboard.press("Enter")
    await screen.message("bij welke som ben jij?")
    newest = list(stage.world.channels[HOMEWORK].messages.values())[-1]
    assert newest.content == "hoi <@1100000000000000604> bij welke som ben jij?"


async def test_one_answers_edits_reacts_and_deletes(screen: Screen) -> None:
    await screen.be("Lotte van Dijk", "klas-2c-huiswerk")
    first = await screen.write("som 4 snap ik niet")
    await first.hover()
    await first.locator('[data-tool="reply"]').click()
    own = await screen.write("o toch wel, ik zag het verkeerd")
    await expect(own.locator(".above")).to_contain_text("som 4 snap ik niet")
    await screen.page.keyboard.press("ArrowUp")
    await expect(screen.page.locator("#composer")).to_have_value("o toch wel, ik zag het verkeerd")
    changed = await screen.write("o toch wel, gelukt!")
    await expect(changed).to_contain_text("(bewerkt)")
    await changed.hover()
    await changed.locator('[data-tool="react"]').click()
    await screen.page.get_by_role("menuitem", name="🎉").click()
    await expect(changed.locator(".reaction")).to_have_text("🎉 1")
    await changed.locator('[data-tool="more"]').click()
    await screen.page.get_by_role("menuitem", name="Bericht verwijderen").click()
    await expect(changed).to_have_count(0)


async def test_what_others_wrote_is_marked_until_it_is_seen(screen: Screen, stage: Stage) -> None:
    await screen.be("Meester Tom", "groep-7b")
    send(stage.world, stage.world.channels[HOMEWORK], stage.member(1100000000000000605).user, Draft(content="toets!"))
    place = screen.page.locator('.place[data-channel="1100000000000000503"]')
    await expect(place.locator(".count")).to_be_visible()
    await screen.open("klas-2c-huiswerk")
    await expect(place.locator(".count")).to_have_count(0)


async def test_a_form_that_lacks_something_says_so_and_stays_open(screen: Screen) -> None:
    await screen.be("Emily Clark", "Klaswacht")
    await screen.command("report")
    await screen.press("Anonymous")
    dialog = await screen.form()
    await dialog.locator("button[type=submit]").click()
    await expect(dialog.get_by_role("alert")).not_to_be_empty()
    await screen.page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)


async def test_the_page_speaks_english_when_asked(fresh: Screen) -> None:
    await fresh.page.get_by_role("button", name="English", exact=True).click()
    await expect(fresh.page.get_by_role("button", name="A week later", exact=True)).to_be_visible()
    await expect(fresh.page.locator("html")).to_have_attribute("lang", "en")
    await fresh.page.reload()
    await expect(fresh.page.get_by_role("button", name="Nederlands", exact=True)).to_be_visible()


async def test_an_exercise_brings_one_there_and_puts_the_text_ready(fresh: Screen) -> None:
    exercise = fresh.page.locator('[data-exercise="insult"]')
    await exercise.click()
    await fresh.page.locator(".exercise.open [data-go]").first.click()
    await expect(fresh.page.locator(".person.chosen")).to_contain_text("Daan Bakker")
    await expect(fresh.page.locator("#composer")).to_have_value(re.compile("^@Noor Jansen jij bent"))
    await fresh.page.locator(".exercise.open input").first.check()
    await fresh.page.reload()
    await fresh.page.locator('[data-exercise="insult"]').click()
    await expect(fresh.page.locator(".exercise.open input").first).to_be_checked()


async def test_on_a_phone_one_panel_shows_at_a_time(stage: Stage, browser: Browser) -> None:
    context = await browser.new_context(viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True)
    page = await context.new_page()
    await page.goto(address(stage))
    await expect(page.locator("#composer")).to_be_visible()
    await expect(page.locator("#people")).to_be_hidden()
    await page.locator('#tabs [data-tab="people"]').tap()
    await page.locator(".person", has_text="Juf Sanne").tap()
    await expect(page.locator("#log")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    await context.close()
