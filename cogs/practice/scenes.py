"""What is played for the pictures of the README, in this order; a scene leaves the school as the next may find it."""

from collections.abc import Awaitable, Callable, Mapping

from playwright.async_api import Locator, expect

from cogs.practice.pictures import Album
from cogs.practice.samples import MEDIA

BOT, CLASS_7B, CLASS_2C, STAFF = "Klaswacht", "groep-7b", "klas-2c", "team"
PARENTS, FOLLOWING = 5, 7  # S5: the talks with both parents, and their letters; S7: is it really over?
WIDE = {"width": 1280, "height": 800}
TALL = {"width": 1280, "height": 2000}
PHONE = {"width": 390, "height": 780}


async def welcome(album: Album) -> None:
    """Show what stands pinned in a class channel, and what a pupil can ask for."""
    await album.screen.be("Noor Jansen", CLASS_7B)
    await album.snap(
        "welcome", "Het vastgezette bericht in een klaskanaal", await album.screen.message("Ik ben Klaswacht")
    )
    for name, command in (("rules", "regels"), ("privacy", "privacy"), ("my-messages-empty", "berichten")):
        await _command(album, command)
        await album.snap(name, f"/{command}, zoals een leerling het ziet")
    await album.screen.page.fill("#composer", "/")
    await album.screen.page.locator(".completion-row").first.wait_for()
    await album.snap("commands", "De opdrachten van een leerling", album.screen.page.locator(".completion"))
    await album.screen.page.fill("#composer", "")


async def report(album: Album) -> None:
    """Report anonymously, answer, talk."""
    await album.screen.be("Noor Jansen", CLASS_7B)
    await _command(album, "melden")
    await album.snap("report-page", "/melden: eerst wie wat ziet, en de keuze: met naam of anoniem")
    await album.press("anonymous")
    await album.snap_form("report-form", "Het formulier van een melding")
    await album.send_form(
        what="Er is een groepsapp waarin ze filmpjes van mij doorsturen en lachen.", since="vorige week"
    )
    await album.snap("report-receipt", "Het antwoord, alleen voor de leerling")
    await album.screen.be("Juf Sanne", BOT)
    card = await album.screen.message("anoniem iets gemeld")
    await album.snap("report-card", "De kaart van een anonieme melding bij de leraar", card)
    await album.changed(card.locator('[data-custom^="kw:take:"]'))
    await album.changed(card.locator('[data-custom^="kw:show:"]'))
    await album.snap("report-shown", "De melding, na Toon")
    await album.press("reply")
    await album.snap_form("report-answer-form", "Antwoorden zonder te weten aan wie")
    await album.send_form(note="Wat goed dat je het vertelt. Weet je in welke app het is?")
    await album.screen.be("Noor Jansen", BOT)
    await album.snap("report-answer", "Het antwoord bij de leerling", await album.screen.message("in welke app"))


async def alert(album: Album) -> None:
    """Let an insult become an alert, looked at, taken up; and the forms of the other decisions."""
    await album.screen.be("Daan Bakker", CLASS_7B)
    await album.screen.write("wie heeft de gymtas van Yusuf gezien?")
    await album.screen.write("@Yusuf Yilmaz jij bent echt een dikke loser, rot op uit onze klas")
    await album.screen.be("Juf Sanne", BOT)
    card = await album.screen.message("schelden of kleineren")
    await album.snap("alert-card", "Het seintje bij de leraar: wie, waar en waarom, niet het bericht zelf", card)
    await album.changed(card.locator('[data-custom^="kw:show:"]'))
    await album.snap("alert-shown", "Het bericht met wat eromheen staat, na Toon")
    await album.changed(card.locator('[data-custom^="kw:take:"]'))
    await album.snap("alert-next", "Na Ik pak dit op: wat er verder kan")
    await album.snap("alert-taken", "Het seintje, opgepakt", card)
    await _form_of(album, "dismiss", "form-dismiss", "Niets aan de hand, met een reden")
    await _form_of(album, "pass_on", "form-pass-on", "Een seintje doorgeven")


async def case(album: Album) -> None:
    """Walk a case from S1 to S8, with letters, a follow-up, the closing and the list of cases."""
    await album.screen.be("Juf Sanne", BOT)
    await album.press("open_case")
    panel = await album.screen.message("S1 ")
    for step in range(1, FOLLOWING):
        await _step(album, step, panel)
    await album.snap("case-s7", "Zaak, stap S7: blijf volgen", panel)
    await _form_of(album, "hand_over", "form-hand-over", "Een zaak doorgeven aan een collega")
    await album.screen.move_clock("week")
    await album.snap(
        "follow-up", "Het kijkmoment komt na een week vanzelf", await album.screen.message("is het echt gestopt?")
    )
    await album.changed(album.screen.page.locator('#log [data-custom*=":goes_on"]').last)
    await album.snap_form("form-goes-on", "Het gaat door: wat er gezien is")
    await _fill_step(album)
    await album.snap("goes-on", "Het gaat door: nieuwe afspraken, of stap 8")
    await album.changed(album.screen.page.locator('#log [data-custom^="kw:go_on:"][data-custom*=":S8"]').last)
    await album.snap("case-s8", "Zaak, stap S8: aangifte, met toestemming", await album.screen.message("S8 "))
    await _form_of(album, "close_case", "form-close-case", "Een zaak sluiten")
    await _command(album, "zaak")
    await album.snap("cases", "/zaak: de zaken")


async def _step(album: Album, step: int, panel: Locator) -> None:
    """Take the picture of a step and go on to the next."""
    await expect(panel).to_contain_text(f"S{step} ")
    if step == PARENTS:
        for check in ("parents_hurt", "parents_did"):
            await album.changed(panel.locator(f'[data-custom*="{check}"]'))
    await album.snap(f"case-s{step}", f"Zaak, stap S{step}", panel)
    if step == PARENTS:
        await _letters(album)
    await album.changed(panel.locator('[data-custom^="kw:done:"]'))
    if await album.screen.page.locator("dialog[open]").count():
        await album.snap_form(f"form-done-s{step}", f"Stap S{step} afronden")
        await _fill_step(album)


async def _fill_step(album: Album) -> None:
    dialog = await album.screen.form()
    fields = {"note": "Rustig gesproken. De leerling wil dat het stopt en dat niemand weet wie het vertelde."}
    if await dialog.locator('[data-field="date"]').count():
        fields["date"] = "15-12-2026"
    await album.send_form(**fields)


async def _letters(album: Album) -> None:
    for option, name, caption in (
        ("Brief voor wie het overkwam (PDF)", "letter-hurt", "Brief aan de ouders van de leerling die het overkwam"),
        ("Brief voor wie het deed (PDF)", "letter-did", "Brief aan de ouders van de leerling die het deed"),
    ):
        picker = album.screen.page.locator('#log .picker:has([data-custom^="kw:letter:"])').last
        before = await album.screen.page.locator(".file").count()
        await album.screen.choose(option, picker)
        await expect(album.screen.page.locator(".file")).to_have_count(before + 1)
        album.letter(name, caption, await album.files(".pdf"))
        if name == "letter-hurt":
            await album.snap("letter-card", "De brief als bestand bij de leraar")


async def review(album: Album) -> None:
    """Show the moderator's queue."""
    await album.screen.be("Lotte van Dijk", CLASS_2C)
    await album.screen.write("@Sem de Wit jij bent echt een sukkel")
    await album.screen.be("Ilse Mulder", STAFF)
    card = await album.screen.message("Klas 2c")
    await album.snap("staff-card", "Hetzelfde seintje in het teamkanaal", card)
    await _command(album, "tebekijken")
    await album.snap("queue", "/tebekijken: wat er open staat")
    await album.changed(card.locator('[data-custom^="kw:take:"]'))
    await _form_of(album, "timeout", "form-timeout", "Een time-out, door een mens, met een reden")


async def photo(album: Album) -> None:
    """Ask for consent for a photo."""
    await album.screen.be("Sem de Wit", CLASS_2C)
    sent = await album.screen.write("haha kijk @Lotte van Dijk in de kleedkamer", [MEDIA / "klas.png"])
    await sent.locator("img.picture").wait_for()
    await album.screen.be("Mevrouw De Boer", BOT)
    await album.snap("photo-card", "Seintje over een foto", await album.screen.message("oto"))


async def crisis(album: Album) -> None:
    """Show what a pupil in despair gets, and what the coordinator gets."""
    await album.screen.be("Emily Clark", CLASS_2C)
    await album.screen.write("ik wil niet meer leven, ik maak er vanavond een einde aan")
    await album.screen.open(BOT)
    await album.snap("crisis-pupil", "Hulp voor de leerling zelf", await album.screen.message("113"))
    await album.screen.be("Marleen Visser", BOT)
    await album.snap(
        "crisis-card", "Een zorg gaat alleen naar de aangewezen volwassene", await album.screen.message("wanhoop")
    )


async def setup(album: Album) -> None:
    """Show the set-up."""
    await album.screen.be("Marleen Visser", STAFF)
    await _command(album, "instellen")
    await album.snap("setup", "/instellen: wat er nog ontbreekt en waar je klikt")


async def room(album: Album) -> None:
    """Show the practice room itself, wide and on a phone."""
    page = album.screen.page
    await album.screen.be("Juf Sanne", BOT)
    await page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    await page.locator('[data-exercise="insult"]').click()
    await album.snap("practice-room", "Het oefenlokaal", page.locator("body"))
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await album.snap("practice-room-phone", "Het oefenlokaal op een telefoon", page.locator("body"))
    await page.set_viewport_size(TALL)  # type: ignore[arg-type]


async def _command(album: Album, name: str) -> None:
    before = await album.screen.page.locator(".message").count()
    await album.screen.command(name)
    await expect(album.screen.page.locator(".message")).to_have_count(before + 1)
    await expect(album.screen.page.locator(".thinking")).to_have_count(0)


async def _form_of(album: Album, action: str, name: str, caption: str) -> None:
    """Open a form, take its picture and close it again."""
    await album.press(action)
    await album.snap_form(name, caption)
    await album.screen.page.keyboard.press("Escape")
    await expect(album.screen.page.locator("dialog[open]")).to_have_count(0)


SCENES: Mapping[str, Callable[[Album], Awaitable[None]]] = {
    "welcome": welcome,
    "report": report,
    "alert": alert,
    "case": case,
    "review": review,
    "photo": photo,
    "crisis": crisis,
    "setup": setup,
    "room": room,
}
