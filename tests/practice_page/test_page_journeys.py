"""Journeys through the page with the real bot, as a teacher who practises would go."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from cogs.practice.screen import Screen
from cogs.practice.stage.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")
PNG = Path(__file__).parents[2] / "data" / "practice" / "media" / "tekening.png"


async def test_from_an_insult_to_the_first_steps_of_a_case(screen: Screen) -> None:
    await screen.be("Daan Bakker", "groep-7b")
    await screen.write("@Yusuf Yilmaz jij bent echt een dikke loser, rot op uit onze klas")
    await screen.be("Juf Sanne", "Klaswacht")
    card = await screen.message("schelden of kleineren")
    await expect(card).not_to_contain_text("dikke loser")
    await screen.press("Toon", card)
    await screen.message("dikke loser")
    await screen.press("Ik pak dit op", card)
    await expect(card).to_contain_text("Opgepakt door @Juf Sanne")
    await screen.press("Open een zaak", card)
    await screen.message("S1 Neem het signaal serieus")
    await screen.press("Gedaan")
    await screen.message("S2")
    await screen.be("Ilse Mulder", "team")
    await screen.message("Staat in zaak")


async def test_an_anonymous_report_with_a_form_and_a_talk(screen: Screen) -> None:
    await screen.be("Noor Jansen", "groep-7b")
    await screen.command("melden")
    page = await screen.message("Alleen jij ziet dit")
    await expect(page).to_contain_text("anoniem")
    await screen.press("Anoniem", page)
    await screen.fill_in({"what": "Ze sturen filmpjes van mij door en lachen.", "since": "vorige week"})
    await screen.message("niet jouw schuld")
    await screen.be("Juf Sanne", "Klaswacht")
    card = await screen.message("anoniem iets gemeld")
    await expect(card).not_to_contain_text("Noor")
    await screen.press("Ik pak dit op", card)
    await screen.be("Noor Jansen", "Klaswacht")
    await screen.message("opgepakt")


async def test_a_picture_is_attached_shown_and_asked_about(screen: Screen, stage: Stage) -> None:
    await screen.be("Sem de Wit", "klas-2c")
    sent = await screen.write("kijk, mijn tekening", [PNG])
    picture = sent.locator("img.picture")
    await picture.wait_for()
    assert await picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0
    assert "tekening.png" in {attachment.filename for attachment in stage.world.attachments.values()}


async def test_a_message_is_reported_from_its_menu(screen: Screen) -> None:
    await screen.be("Lotte van Dijk", "klas-2c")
    await screen.write("wie doet er mee met de musical?")
    await screen.be("Emily Clark", "klas-2c")
    message = await screen.message("musical")
    await message.hover()
    await message.locator('[data-tool="more"]').click()
    await screen.page.get_by_role("menuitem", name="Report this message").click()
    page = await screen.message("Alleen jij ziet dit")
    await expect(page).to_contain_text("Anonymous")


async def test_a_moderator_chooses_an_alert_from_the_list_to_look_at(screen: Screen) -> None:
    await screen.be("Lotte van Dijk", "klas-2c")
    await screen.write("@Sem de Wit jij bent echt een sukkel, rot op")
    await screen.be("Ilse Mulder", "team")
    await screen.message("Klas 2c")
    await screen.command("tebekijken")
    queue = await screen.message("Alleen jij ziet dit")
    await screen.choose("schelden of kleineren", queue.locator(".picker"))
    await screen.message("Ik pak dit op")
    assert await screen.page.locator(".popup").count() == 0


async def test_a_week_later_the_clock_stands_a_week_later(screen: Screen, stage: Stage) -> None:
    before = stage.world.clock.now()
    await screen.move_clock("week")
    assert (stage.world.clock.now() - before).days == 7
    assert await screen.page.locator(".clock").inner_text() != ""
