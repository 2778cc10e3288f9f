"""Pictures for the README, taken from the running bot: ``python -m cogs.practice.pictures FOLDER [SCENE ...]``.

Opens a practice room with the real bot, plays what is needed through the page and writes a PNG of each card, form and
letter, cropped to it, and ``pictures.json`` with a caption for each. Needs the ``dev`` extra and a Chromium. A scene
that fails is told and the others go on; the exit code is then 1.
"""

import asyncio
import io
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

import pypdfium2
from PIL import Image
from playwright.async_api import Browser, Error, Locator

from cogs.practice.errors import BotStartError
from cogs.practice.phrases import Phrases
from cogs.practice.places import DEFAULT_SCHOOL
from cogs.practice.play import PlayRoom
from cogs.practice.school.loading import load_school
from cogs.practice.screen import Screen, open_browser
from cogs.practice.stage.stage import Stage, make_stage, open_stage
from cogs.practice.world.clock import DEFAULT_START

TALL = {"width": 1280, "height": 2000}
SCALE = 1.5
COLOURS = 128
LETTER_SCALE = 1.3
SHOWN = """() => {
    const form = document.querySelector("dialog .form-part");
    return document.getElementById("log").textContent + (form ? form.textContent : "");
}"""
CHANGED = f"(before) => ({SHOWN})() !== before"
QUIET = """() => new Promise((done) => {
    const calm = () => !document.querySelector(".thinking, [aria-busy=true]") && done();
    let timer = setTimeout(calm, 400);
    const later = () => { clearTimeout(timer); timer = setTimeout(calm, 400); };
    new MutationObserver(later).observe(document.body, { childList: true, subtree: true, attributes: true });
})"""


@dataclass(slots=True)
class Album:
    """Takes pictures of what stands on the screen."""

    stage: Stage
    screen: Screen
    folder: Path
    captions: dict[str, str] = field(default_factory=dict)

    @property
    def newest(self) -> Locator:
        """The newest message in the log."""
        return self.screen.page.locator(".message").last

    async def snap(self, name: str, caption: str, what: Locator | None = None) -> None:
        """Write a picture of an element (the newest message, when not said), with as few colours as it needs."""
        await self.screen.page.mouse.move(0, 0)
        await self.screen.page.evaluate("document.activeElement.closest('.message') && document.activeElement.blur()")
        element = what or self.newest
        if await element.evaluate("(node) => node.matches('.message.follows')"):
            element = element.locator(".body")
        taken = await element.screenshot(animations="disabled", caret="hide")
        self._save(name, caption, Image.open(io.BytesIO(taken)))

    async def snap_form(self, name: str, caption: str) -> None:
        """Write a picture of the open form."""
        await self.snap(name, caption, await self.screen.form())

    def letter(self, name: str, caption: str, content: bytes) -> None:
        """Write a picture of the first page of a PDF."""
        with pypdfium2.PdfDocument(content) as document:
            self._save(name, caption, document[0].render(scale=LETTER_SCALE).to_pil())

    def _save(self, name: str, caption: str, picture: Image.Image) -> None:
        small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(self.folder / f"{name}.png", optimize=True)
        self.captions[f"{name}.png"] = caption

    async def press(self, action: str) -> None:
        """Press the newest button of an action, and wait until the bot answered with a message, an edit or a form."""
        await self.changed(self.screen.page.locator(f'#log [data-custom^="kw:{action}:"]').last)

    async def changed(self, button: Locator) -> None:
        """Press a button and wait until something on the screen changed."""
        before = await self.screen.page.evaluate(SHOWN)
        await button.click()
        await self._answered(before)

    async def send_form(self, **fields: str) -> None:
        """Fill in the open form, send it, and wait until the bot answered."""
        before = await self.screen.page.evaluate(SHOWN)
        await self.screen.fill_in(fields)
        await self._answered(before)

    async def _answered(self, before: str) -> None:
        """Wait until the screen shows something else than before, and then stays as it is."""
        await self.screen.page.wait_for_function(CHANGED, arg=before)
        await self.screen.page.evaluate(QUIET)

    async def files(self, text: str) -> bytes:
        """Return the newest file whose name holds a text."""
        link = self.screen.page.locator(".file", has_text=text).last.locator("a").first
        await link.wait_for()
        answer = await self.screen.page.request.get(
            urljoin(self.stage.server.base, str(await link.get_attribute("href")))
        )
        return await answer.body()


async def take(folder: Path, wanted: Sequence[str]) -> list[str]:
    """Take the pictures of the wanted scenes (all, when none is named); return a sentence for each that failed."""
    with tempfile.TemporaryDirectory(prefix="klaswacht-") as made:
        stage = make_stage(load_school(DEFAULT_SCHOOL), DEFAULT_START, Path(made) / "state")
        try:
            await open_stage(stage, PlayRoom(stage, Path(made) / "uploads").routes())
            await stage.start_bot()
            async with open_browser() as browser:
                return await _play(stage, browser, folder, wanted)
        finally:
            await stage.close()


async def _play(stage: Stage, browser: Browser, folder: Path, wanted: Sequence[str]) -> list[str]:
    from cogs.practice.scenes import SCENES  # noqa: PLC0415 - the scenes use the album

    context = await browser.new_context(viewport=TALL, device_scale_factor=SCALE, locale="nl-NL")  # type: ignore[arg-type]
    failed = []
    album = Album(stage, Screen(await context.new_page()), folder)
    await album.screen.come_in(f"{stage.server.base}/?key={stage.server.key}")
    for name, scene in SCENES.items():
        if wanted and name not in wanted:
            continue
        try:
            await scene(album)
        except (Error, AssertionError) as error:
            await album.screen.page.screenshot(path=folder / f"failed-{name}.png")
            failed.append(f"{name}: {str(error).splitlines()[0]}")
    _write_captions(album)
    return failed


def _write_captions(album: Album) -> None:
    path = album.folder / "pictures.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.write_text(json.dumps(known | album.captions, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    """Run the command: the folder, then the names of scenes."""
    if not arguments:
        sys.stderr.write("usage: python -m cogs.practice.pictures FOLDER [SCENE ...]\n")
        return 2
    Path(arguments[0]).mkdir(parents=True, exist_ok=True)
    try:
        failed = asyncio.run(take(Path(arguments[0]), arguments[1:]))
    except BotStartError as error:
        sys.stderr.write(Phrases().explain("nl", error) + "\n")
        return 1
    except Error as error:  # no browser: playwright says what to install
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stderr.writelines(f"no picture of {line}\n" for line in failed)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
